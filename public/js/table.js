// Rows by keyboard: j k or the arrows move, Enter opens, space selects. A click on a row with `data-href` opens it.
import { isWriting, on } from './dom.js';

const ROWS = 'main .table tbody tr:not(.group), main .rows[data-rows] > li';
const visible = () => [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());

function move(step) {
  const rows = visible();
  if (rows.length === 0) return false;
  const at = rows.indexOf(document.activeElement?.closest(ROWS));
  const to = at === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step));
  if (!rows[to].hasAttribute('tabindex')) rows[to].tabIndex = -1;
  rows[to].focus();
  rows[to].scrollIntoView({ block: 'nearest' });
  return true;
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  if (document.querySelector('dialog:modal, .menu:popover-open')) return;
  const row = event.target instanceof Element ? event.target.closest(ROWS) : null;
  const onRow = row !== null && event.target === row;
  const step = { j: 1, k: -1 }[event.key] ?? (row ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined);
  if (step && move(step)) return event.preventDefault();
  if (!onRow) return;
  if (event.key === 'Enter') open(row);
  else if (event.key === ' ') row.querySelector('.pick input')?.click();
  else return;
  event.preventDefault();
});

function open(row) {
  if (row.dataset.href) location.href = row.dataset.href;
  else row.querySelector('.name a, a[href], button')?.click();
}

on('click', 'tr[data-href]', (event, row) => {
  if (event.defaultPrevented || event.target.closest('a, button, input, label, summary') || getSelection()?.toString())
    return;
  open(row);
});

// The box in the head stands for all below it.
on('change', '.pick-all', (_event, all) => {
  for (const box of boxes(all)) box.checked = all.checked;
});
on('change', '.pick input:not(.pick-all)', (_event, box) => {
  const all = box.closest('table').querySelector('.pick-all');
  if (!all) return;
  const picked = boxes(all).filter((one) => one.checked).length;
  all.checked = picked > 0 && picked === boxes(all).length;
  all.indeterminate = picked > 0 && !all.checked;
});
const boxes = (all) => [...all.closest('table').querySelectorAll('tbody .pick input')];
