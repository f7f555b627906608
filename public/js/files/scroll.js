// 100,000 rows with a few hundred elements: only what is near the window stands in the document, and rows of empty
// height stand for the rest, so that the scrollbar has its right length and every place is reached in one jump.
import { make } from '../dom.js';
import { announce, words } from './text.js';
import { isHere, list, need, rowAt, total } from './rows.js';

/** Screens above and below that are kept ready. */
const AHEAD = 1;
const GUESS_PX = 36;
const STEP = 8;

let height = GUESS_PX;
let columns = 1;
let pinned = -1;
let prepare = () => {};
let scheduled = 0;
let retryAt = 0;

/** `onRow` is called for each row before it is shown. */
export function startScrolling(onRow) {
  prepare = onRow;
  document.addEventListener('scroll', schedule, { capture: true, passive: true });
  addEventListener('resize', () => measured() && draw());
}

function schedule() {
  scheduled ||= requestAnimationFrame(() => {
    scheduled = 0;
    draw();
  });
}

/** What scrolls: the sheet, or on phones the page. */
export function scroller() {
  const sheet = document.getElementById('main');
  return getComputedStyle(sheet).overflowY === 'visible' ? document.scrollingElement : sheet;
}

/** The part of the window in which rows can be seen: below what is stuck at its top. */
function view() {
  const box = scroller();
  const top = box === document.scrollingElement ? 0 : box.getBoundingClientRect().top;
  const stuck = [...document.querySelectorAll('#files-head, #bars, #files thead th')].filter((one) => getComputedStyle(one).position === 'sticky');
  const cover = Math.max(top, ...stuck.map((one) => parseFloat(getComputedStyle(one).insetBlockStart) + top + one.getBoundingClientRect().height));
  const status = document.getElementById('statusbar')?.getBoundingClientRect();
  const bottom = box === document.scrollingElement ? innerHeight : box.getBoundingClientRect().bottom;
  return { top: cover, bottom: status && status.bottom >= bottom - 1 ? status.top : bottom };
}

/** How large a row or a tile is, and how many stand side by side. False while there is nothing to measure. */
export function measured() {
  const body = list()?.tBodies[0];
  const row = body?.querySelector('tr[data-i]');
  if (!row) return false;
  height = row.getBoundingClientRect().height || GUESS_PX;
  columns = list().matches('.as-grid') ? getComputedStyle(body).gridTemplateColumns.split(' ').length : 1;
  return true;
}

export const columnCount = () => columns;

/** Rows that fit between the bars: what PageDown moves by. */
export function pageSize() {
  const { top, bottom } = view();
  return Math.max(1, Math.floor((bottom - top) / height) - 1) * columns;
}

/** The row that has the focus stays in the document, wherever the window is. */
export function pin(index) {
  pinned = index;
}

/** Draws what the window shows and fetches what is not here. */
export function draw() {
  const table = list();
  if (!table) return;
  const [from, to] = range(AHEAD);
  need(from, Math.min(total(), to + 50), draw, failed);
  place(table.tBodies[0], from, to);
}

function range(ahead) {
  const body = list().tBodies[0].getBoundingClientRect();
  const { top, bottom } = view();
  const screen = (bottom - top) * ahead;
  const line = (y) => Math.floor((y - body.top) / height);
  const lines = Math.ceil(total() / columns);
  // In steps, so that a turn of the wheel seldom changes what stands in the document.
  const step = ahead ? STEP : 1;
  const first = Math.max(0, Math.floor(Math.min(lines - 1, line(top - screen)) / step) * step);
  const last = Math.max(first, Math.min(lines, Math.ceil((line(bottom + screen) + 1) / step) * step));
  return [first * columns, Math.min(total(), last * columns)];
}

function failed() {
  // Said once in a while, not with every step of the wheel.
  if (performance.now() < retryAt) return;
  retryAt = performance.now() + 5000;
  announce(words.rowsFailed);
}

/** Puts the rows from…to (and the one with the focus) into the body, with empty rows for all others; what stays is not touched. */
function place(body, from, to) {
  const wanted = [];
  let at = 0;
  const span = (start, end) => {
    if (start > at) wanted.push(gap(start - at));
    for (let i = start; i < end; i++) wanted.push(isHere(i) ? ready(i) : ghost(i));
    at = Math.max(at, end);
  };
  const line = pinned >= 0 && pinned < total() ? Math.floor(pinned / columns) * columns : -1;
  const lineEnd = Math.min(total(), line + columns);
  if (line >= 0 && lineEnd <= from && isHere(pinned)) span(line, lineEnd);
  span(from, to);
  if (line >= to && isHere(pinned)) span(line, lineEnd);
  if (total() > at) wanted.push(gap(total() - at));
  reconcile(body, wanted);
}

function ready(index) {
  const row = rowAt(index);
  prepare(row);
  return row;
}

/** Rows that are kept are never moved: whoever has the focus keeps it. */
function reconcile(body, wanted) {
  const keep = new Set(wanted);
  for (const child of [...body.children]) if (!keep.has(child)) child.remove();
  let cursor = body.firstElementChild;
  for (const node of wanted) {
    if (node === cursor) cursor = cursor.nextElementSibling;
    else body.insertBefore(node, cursor);
  }
}

function gap(count) {
  const row = make('tr', { class: 'gap', 'aria-hidden': 'true' });
  row.append(make('td', { colspan: '7' }));
  row.style.setProperty('--gap', `${Math.ceil(count / columns) * height}px`);
  return row;
}

/** A row that is on its way; it has the height of one and shows itself only when the way is long. */
function ghost(index) {
  const row = make('tr', { class: 'ghost', 'aria-hidden': 'true', 'data-ghost': index });
  row.append(make('td', { colspan: '7' }, make('span', { class: `skel w${(index % 3) + 1}` })));
  return row;
}

/** Brings a row into view by the shortest way; `centre` puts it in the middle instead. */
export function reveal(index, centre = false) {
  const table = list();
  if (!table) return;
  const box = scroller();
  const { top, bottom } = view();
  const start = table.tBodies[0].getBoundingClientRect().top + Math.floor(index / columns) * height;
  if (centre) box.scrollTop += start - (top + bottom - height) / 2;
  else if (start < top) box.scrollTop += start - top;
  else if (start + height > bottom) box.scrollTop += start + height - bottom;
  draw();
}

/** The first row that is in view. */
export function firstInView() {
  return range(0)[0];
}

export const windowOf = () => range(AHEAD);
