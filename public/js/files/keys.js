// The keyboard. Rows are a grid (WAI-ARIA APG): one of them takes the focus, the arrows move it, also over rows that
// are not here yet.
import { isWriting } from '../dom.js';
import { find, indexOf, isHere, list, rowAt, total } from './rows.js';
import { columnCount, draw, firstInView, pageSize, pin, reveal } from './scroll.js';
import { clear, selectAll, selectTo, setAnchor, toggle, count, selectOnly } from './selection.js';
import { open, run, fits } from './commands.js';
import { visit } from './navigate.js';
import { forget, hasClipboard } from './clipboard.js';

const TYPED_MS = 900;
let active = 0;
let typed = '';
let typedAt = 0;
let wanted = -1;

export const activeRow = () => rowAt(active);

/** A row as the keyboard needs it: one of them is in the order of the Tab key, and nothing inside of them. */
export function prepareRow(row) {
  row.tabIndex = indexOf(row) === active ? 0 : -1;
  if (row.dataset.ready) return;
  row.dataset.ready = '';
  for (const inner of row.querySelectorAll('a, button, input')) inner.tabIndex = -1;
}

/** Another list: its first row is where the Tab key goes. */
export function resetActive(index = 0) {
  active = Math.max(0, Math.min(index, total() - 1));
  for (const row of list()?.tBodies[0].rows ?? []) if (row.dataset.i) row.tabIndex = indexOf(row) === active ? 0 : -1;
}

/** Moves the focus to a row, wherever it is; it may have to come from the panel first. */
export async function focusRow(index, { centre = false, extend = false } = {}) {
  if (total() === 0) return;
  const to = Math.max(0, Math.min(index, total() - 1));
  const before = rowAt(active);
  active = to;
  wanted = to;
  if (before) before.tabIndex = -1;
  // The row that has the focus stays until the other one is here: keys that are pressed meanwhile must not be lost.
  reveal(to, centre);
  for (let tries = 0; tries < 200 && !isHere(to); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
  if (wanted !== to || !isHere(to)) return;
  pin(to);
  draw();
  const row = rowAt(to);
  row.tabIndex = 0;
  row.focus({ preventScroll: true });
  if (extend) await selectTo(to);
}

document.addEventListener('focusin', (event) => {
  const row = event.target.closest?.('#files tr[data-i]');
  if (!row || indexOf(row) === active) return;
  const before = rowAt(active);
  if (before) before.tabIndex = -1;
  active = wanted = indexOf(row);
  row.tabIndex = 0;
  pin(active);
});

const layer = () => document.querySelector('dialog:modal, .menu:popover-open');
const chord = (event) => `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.shiftKey ? 'Shift+' : ''}${event.key.length === 1 ? event.key.toUpperCase() : event.key}`;

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey || layer() || isWriting(event.target)) return;
  const row = event.target.closest?.('#files tr[data-i]') ?? null;
  // A button that has the focus keeps its keys.
  const loose = row === event.target || event.target === document.body || event.target.id === 'main' || event.target.matches?.('h1');
  const elsewhere = !row && !loose && event.target.closest?.('a, button, input, select, summary');
  if (elsewhere && !event.ctrlKey && !event.metaKey && event.key !== 'Escape') return;
  const inside = row !== null && row !== event.target && event.target.matches('a, button, input');
  const act = MOVES[event.key];
  if (act && !event.ctrlKey && !event.metaKey && list() && !(inside && (event.key === ' ' || event.key === 'Enter'))) {
    if (act(event, row) === false) return;
    return event.preventDefault();
  }
  if (chords(event)) return event.preventDefault();
  if (row && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !'/? '.includes(event.key)) {
    event.preventDefault();
    void typeAhead(event.key);
  }
}

const step = (by) => (event, row) => void focusRow(row ? active + by() : firstInView(), { extend: event.shiftKey });
const MOVES = {
  ArrowDown: step(() => columnCount()),
  ArrowUp: step(() => -columnCount()),
  ArrowRight: (event, row) => (columnCount() > 1 ? step(() => 1)(event, row) : false),
  ArrowLeft: (event, row) => (columnCount() > 1 ? step(() => -1)(event, row) : false),
  PageDown: step(() => pageSize()),
  PageUp: step(() => -pageSize()),
  Home: (event) => void focusRow(0, { extend: event.shiftKey }),
  End: (event) => void focusRow(total() - 1, { extend: event.shiftKey }),
  Enter: (_event, row) => (row ? open(row) : false),
  ' ': (event, row) => (row ? void (event.shiftKey ? selectTo(active) : toggle(row)) : false),
};

function chords(event) {
  const keys = chord(event);
  if (keys === 'Ctrl+A' && list()) return selectAll(), true;
  if (keys === 'Backspace') return up(), true;
  if (keys === 'Escape') return clear() || (hasClipboard() && (forget(), true));
  // Words that are marked somewhere on the page are what is copied.
  if (keys === 'Ctrl+C' && getSelection()?.toString()) return false;
  const button = [...document.querySelectorAll('#files-menu [data-keys]')].find((one) => one.dataset.keys === keys);
  if (!button) return false;
  // The row with the focus is meant when nothing is selected.
  if (count() === 0 && button.dataset.fits !== 'none' && document.activeElement?.closest('#files tr[data-i]')) selectOnly(rowAt(active));
  if (!fits(button)) return false;
  void run(button);
  return true;
}

/** The folder above, with the focus on the one that was left. */
export function up() {
  const crumbs = [...document.querySelectorAll('#path .crumbs a')];
  const [above, now] = crumbs.slice(-2);
  if (now) void visit(above.href, { from: document.getElementById('contents').dataset.path.replace(/[\\/]$/, '').split(/[\\/]/).at(-1) });
}

/** Letters that follow each other are the beginning of a name; the same one again goes to the next. */
async function typeAhead(letter) {
  const now = performance.now();
  const again = now - typedAt < TYPED_MS ? typed : '';
  typed = again === letter ? letter : again + letter;
  typedAt = now;
  const prefix = typed;
  const index = await find({ prefix, after: String(prefix.length === 1 ? active + 1 : active) });
  if (index >= 0 && prefix === typed) await focusRow(index);
}

export function startKeys() {
  // On the page first: the rows of other pages have keys of their own further up (table.js).
  document.getElementById('main').addEventListener('keydown', onKey);
  document.addEventListener('keydown', onKey);
  setAnchor(0);
}
