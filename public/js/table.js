// Rows by keyboard: j k or the arrows move, Enter opens, space selects. A click on a row with `data-href` opens it.
import { isWriting, on } from './dom.js';

const ROWS = 'main .table tbody tr:not(.group, .gap), main .rows[data-rows] > li';
const visible = () => [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());

function move(step) {
  const rows = visible();
  if (rows.length === 0) return false;
  const at = rows.indexOf(document.activeElement?.closest(ROWS));
  const to = at === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step));
  focus(rows[to]);
  rows[to].scrollIntoView({ block: 'nearest' });
  return true;
}

function focus(row) {
  if (!row.hasAttribute('tabindex')) row.tabIndex = -1;
  row.focus({ preventScroll: true });
}

// A list that is drawn anew keeps the focus on what it was: a morph takes `tabindex` away, and may put something else into
// the same row. Rows that had it get it back in any case: a dialog that is open over the list leads back to one of them.
const subject = (row) => row.id || row.dataset.href;
let given = [];
let left = null;
document.addEventListener('htmx:before:swap', () => {
  given = [...document.querySelectorAll(ROWS)].filter((row) => row.getAttribute('tabindex') === '-1');
  const row = document.activeElement;
  left = row?.matches(ROWS) && subject(row) ? { row, was: subject(row) } : null;
});
document.addEventListener('htmx:after:swap', () => {
  for (const row of given) row.tabIndex = -1;
  // Unless somebody took it elsewhere.
  if (!left || ![left.row, document.body].includes(document.activeElement)) return;
  const { row, was } = left;
  const again = row.isConnected && subject(row) === was ? row : visible().find((one) => subject(one) === was);
  if (again) focus(again);
});

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
  if (all) follow(all);
});
// A row that came is not ticked, and one that was may have gone.
document.addEventListener('htmx:after:swap', () => document.querySelectorAll('.pick-all').forEach(follow));

function follow(all) {
  const picked = boxes(all).filter((one) => one.checked).length;
  all.checked = picked > 0 && picked === boxes(all).length;
  all.indeterminate = picked > 0 && !all.checked;
}
const boxes = (all) => [...all.closest('table').querySelectorAll('tbody .pick input:not(:disabled)')];
