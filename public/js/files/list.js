// The page of folders: one list in a window, its selection, keys, menus, tabs. Each behaviour has its file; here they meet.
import { on } from '../dom.js';
import { fill } from '../text.js';
import './action.js';
import './commands.js';
import './drag.js';
import './menu.js';
import './path.js';
import { markCut, show as showClipboard } from './clipboard.js';
import { focusRow, prepareRow, resetActive, startKeys } from './keys.js';
import { startLive } from './live.js';
import { onShown, placeOf, refresh, visit } from './navigate.js';
import { adopt, indexOf, list } from './rows.js';
import { draw, measured, startScrolling } from './scroll.js';
import { clear, knowTotal, mark, prune, reset, selectAll, selectOnly, selectTo, show, toggle } from './selection.js';
import { openTab, startTabs } from './tabs.js';
import { bytes, words } from './text.js';
import { open } from './commands.js';

const TYPING_MS = 120;

function prepare(row) {
  prepareRow(row);
  row.draggable = true;
  mark(row);
  markCut(row);
}

onShown(async (reason, { name, focus } = {}) => {
  if (reason === 'folder') reset();
  else if (reason === 'refresh') void prune();
  else show();
  showClipboard();
  draw();
  void size();
  if (!list()) return void (focus && document.querySelector('#files-head h1')?.focus({ preventScroll: true }));
  if (!name) {
    resetActive();
    if (focus && reason === 'folder') await focusRow(0);
    return;
  }
  const of = list();
  const index = await placeOf(name);
  // Gone on meanwhile: the focus belongs to what is shown now.
  if (list() !== of) return;
  if (index < 0) return resetActive();
  if (focus) await focusRow(index);
  else resetActive(index);
});

/** Bytes of all files: 100,000 take the panel a moment, so the page does not wait for it. */
let sizing = null;
async function size() {
  sizing?.abort();
  knowTotal(null);
  const place = document.getElementById('total-size');
  if (!list() || !place || place.hidden) return;
  sizing = new AbortController();
  const answer = await fetch(`/files/names/total?listing=${list().dataset.listing}`, { signal: sizing.signal }).catch(() => null);
  if (!answer?.ok) return;
  const total = (await answer.json()).bytes;
  place.textContent = fill(words.total, { size: bytes(total) });
  knowTotal(total);
}

// A click on the name opens; beside it the row is selected, with Ctrl one more, with Shift all between.
on('click', '#files tr[data-name]', (event, row) => {
  if (event.target.closest('button, input')) return;
  const link = event.target.closest('a');
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (getSelection()?.toString() && !link) return;
  event.preventDefault();
  if (plain && link) return open(row);
  row.focus({ preventScroll: true });
  if (event.shiftKey) return void selectTo(indexOf(row));
  if (event.ctrlKey || event.metaKey) return toggle(row);
  selectOnly(row);
});
on('dblclick', '#files tr[data-name]', (event, row) => {
  if (!event.target.closest('button, input, a')) open(row);
});
// Shift and a click would select text.
on('mousedown', '#files tr[data-name]', (event) => event.shiftKey && event.preventDefault());

let shiftHeld = false;
on('click', '#files .pick input', (event) => void (shiftHeld = event.shiftKey));
on('change', '#files .pick input[name]', (_event, box) => {
  const row = box.closest('tr');
  if (shiftHeld) void selectTo(indexOf(row));
  else toggle(row, box.checked);
  shiftHeld = false;
});
on('change', '[data-pick-all]', (_event, box) => (box.checked ? selectAll() : clear()));
on('click', '[data-clear]', () => {
  clear();
  document.querySelector('#files tr[tabindex="0"]')?.focus({ preventScroll: true });
});

// Links to folders and orders of this one stay on the page.
on('click', 'a[href^="/files?"], a[href="/files"]', (event, link) => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link.closest('#folder-tabs')) return;
  event.preventDefault();
  const sorts = link.closest('#files thead') !== null;
  void visit(link.href, sorts ? { only: 'list', replace: true, focus: false } : {}).then((shown) => shown && sorts && refocusHead(link));
});
const refocusHead = (link) => document.querySelectorAll('#files thead a')[[...link.closest('tr').querySelectorAll('a')].indexOf(link)]?.focus();

// The filter, as it is typed: over all entries, on the panel.
let typing;
on('input', '#files-filter', (_event, box) => {
  clearTimeout(typing);
  typing = setTimeout(() => void filter(box.value), TYPING_MS);
});
on('submit', '.toolbar form[role=search]', (event, form) => {
  event.preventDefault();
  clearTimeout(typing);
  void filter(form.elements.filter.value).then(() => focusRow(0));
});
on('click', '[data-clear-filter]', (event) => {
  event.preventDefault();
  const box = document.getElementById('files-filter');
  box.value = '';
  void filter('').then(() => box.focus());
});
function filter(text) {
  const url = new URL(location.href);
  if (text) url.searchParams.set('filter', text);
  else url.searchParams.delete('filter');
  url.searchParams.delete('from');
  if (list()) url.searchParams.set('of', list().dataset.listing);
  // What is not seen any more is not worked on.
  reset();
  return visit(url.href, { replace: true, only: 'list', focus: false });
}

// Hidden files, list or grid: kept in a cookie, seen at once.
on('submit', '[data-view-form]', (event, form) => {
  event.preventDefault();
  const button = event.submitter;
  void send(form, button).then(() => visit(location.href, { push: false, focus: false })).then(() => document.querySelector(`[data-view-form] [name="${button.name}"]`)?.focus());
});
on('submit', '[data-star]', (event, form) => {
  event.preventDefault();
  void send(form, event.submitter).then(() => visit(location.href, { push: false, focus: false })).then(() => document.querySelector('[data-star] button')?.focus());
});
const send = (form, submitter) => fetch(form.action, { method: 'POST', headers: { 'hx-request': 'true' }, body: new URLSearchParams(new FormData(form, submitter)) });

// Another density or width of the window: rows are measured anew.
new ResizeObserver(() => measured() && draw()).observe(document.getElementById('main'));

adopt();
startScrolling(prepare);
measured();
draw();
resetActive();
startKeys();
startTabs();
showClipboard();
show();
startLive();
void size();

export { openTab, refresh };
