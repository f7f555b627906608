// The menu of a row: on right click, long press, the menu key and the “…” button. It shows what fits what is selected.
import { on } from '../dom.js';
import { fits, run } from './commands.js';
import { clear, isSelected, selectOnly } from './selection.js';

const LONG_MS = 500;
const MOVED_PX = 10;
const menu = () => document.getElementById('files-menu');

/** Opens at a point of the window, or below a button. */
function openAt(x, y) {
  const box = menu();
  arrange(box);
  if (![...box.querySelectorAll('button')].some((button) => !button.hidden)) return;
  box.style.setProperty('--x', `${x}px`);
  box.style.setProperty('--y', `${y}px`);
  box.hidePopover();
  box.showPopover();
  const { width, height } = box.getBoundingClientRect();
  box.style.setProperty('--x', `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`);
  box.style.setProperty('--y', `${Math.max(4, Math.min(y, innerHeight - height - 12))}px`);
}

/** What fits, with a line where the group changes. */
function arrange(box) {
  for (const line of box.querySelectorAll('hr')) line.remove();
  let group = null;
  for (const button of box.querySelectorAll('button')) {
    button.hidden = !fits(button);
    if (button.hidden) continue;
    if (group !== null && group !== button.dataset.group) button.before(document.createElement('hr'));
    group = button.dataset.group;
  }
}

/** The row is meant, or all that is selected where it is one of them. */
function aim(row) {
  if (row && !isSelected(row.dataset.name)) selectOnly(row);
  if (!row) clear();
}

document.addEventListener('contextmenu', (event) => {
  const place = event.target instanceof Element ? event.target.closest('#contents') : null;
  if (!place || !menu() || event.target.closest('.empty, a[target]') || getSelection()?.toString()) return;
  const row = event.target.closest('tr[data-name]');
  // The head keeps the browser's own menu.
  if (event.target.closest('thead, .statusbar, .pager')) return;
  event.preventDefault();
  aim(row);
  const byKey = event.button !== 2 && event.clientX === 0 && event.clientY === 0;
  const box = row?.getBoundingClientRect();
  openAt(byKey && box ? box.left + 48 : event.clientX, byKey && box ? box.top + 24 : event.clientY);
});

on('click', '[data-more]', (event, button) => {
  event.preventDefault();
  aim(button.closest('tr'));
  const box = button.getBoundingClientRect();
  openAt(box.right - 200, box.bottom + 4);
});

on('click', '#files-menu button', (_event, button) => void run(button));

// iOS has no contextmenu event for a long press; where there is one it comes first and this finds the menu open.
let timer;
let start = null;
document.addEventListener('pointerdown', (event) => {
  clearTimeout(timer);
  const row = event.pointerType === 'touch' && event.target instanceof Element ? event.target.closest('#files tr[data-name]') : null;
  if (!row) return;
  start = [event.clientX, event.clientY];
  timer = setTimeout(() => {
    if (menu().matches(':popover-open')) return;
    aim(row);
    openAt(...start);
  }, LONG_MS);
});
for (const type of ['pointerup', 'pointercancel']) document.addEventListener(type, () => clearTimeout(timer));
document.addEventListener('pointermove', (event) => {
  if (start && Math.hypot(event.clientX - start[0], event.clientY - start[1]) > MOVED_PX) clearTimeout(timer);
});
