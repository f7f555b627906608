// The live list of processes: told all of them once and what moves every second, it filters, sorts and folds by itself.
// Of thousands of rows only those near the window stand in the document.
import htmx from 'htmx.org';
import { asksIn } from '../asked.js';
import { createFormat } from '../dashboard/format.js';
import { icon, on } from '../dom.js';
import { keptPrefs } from '../prefs.js';
import { subscribe } from '../sse.js';
import { fill } from '../text.js';
import { asTree, comparison, withParents } from './order.js';
import { createRow, fillRow } from './rows.js';
import { matches, patch, processes, setBelongings } from './store.js';

const { words } = JSON.parse(document.getElementById('process-words').textContent);
const fmt = createFormat(document.documentElement.lang);
const count = document.getElementById('process-count');
const place = document.getElementById('process-list');
const table = document.getElementById('processes');
const filter = document.querySelector('.process-filter [data-filter]');
const { prefs, setPref } = keptPrefs('mantou.processes', { columns: null });

/** Rows above and below the window that are kept ready. */
const AHEAD = 15;
const elements = new Map();
const folded = new Set();
let sort = table?.dataset.sort ?? '-cpu';
const tree = table?.dataset.view === 'tree';
let shown = [];
let height = 0;
let live = false;
let held = false;
let asked = 0;

if (table) start();

function start() {
  for (const part of document.querySelectorAll('[data-scripted]')) part.hidden = false;
  const onColumns = columns();
  const stream = subscribe(source, {
    // What was known is not true any more: all of them come again.
    open: () => processes.clear(),
    patch(next) {
      patch(next);
      if (!live) take();
      order();
    },
    belongings(next) {
      setBelongings(next);
      order();
    },
  });
  onColumns(() => stream.url(source()));
  document.addEventListener('scroll', schedule, { capture: true, passive: true });
  addEventListener('resize', schedule);
  // Under the pointer nothing changes places: what is aimed at stays where it is.
  const body = table.tBodies[0];
  body.addEventListener('pointerenter', () => (held = true));
  body.addEventListener('pointerleave', () => {
    held = false;
    order();
  });
  filter.addEventListener('input', () => {
    address({ q: filter.value.trim() || null, cursor: null });
    held = false;
    order();
  });
  filter.form.addEventListener('submit', (event) => event.preventDefault());
}

/** What goes over the network costs more to know: it is told to who looks at it. */
function source() {
  return table.matches('.no-received.no-sent') ? '/processes/stream' : '/processes/stream?traffic=on';
}

/** The rows that the server drew give way to live ones. */
function take() {
  live = true;
  table.dataset.live = '';
  place.querySelector('.pager')?.remove();
  height = table.tBodies[0].rows[0]?.getBoundingClientRect().height || parseFloat(getComputedStyle(table).getPropertyValue('--row')) * 16 || 36;
  table.tBodies[0].replaceChildren();
}

function order() {
  if (!live) return;
  const q = filter.value.trim().toLowerCase();
  const compare = comparison(sort);
  if (held && !tree) {
    // Those that are shown keep their places; who has ended goes, who is new comes with the next order.
    shown = shown.filter(({ row }) => processes.get(row.pid) === row);
  } else if (tree) {
    shown = asTree(q ? withParents(processes, (row) => matches(row, q)) : [...processes.values()], compare, folded);
  } else {
    shown = [...processes.values()].filter((row) => matches(row, q)).sort(compare).map((row) => ({ row, depth: 0, parent: false }));
  }
  const [n, all] = [fmt.number(shown.length), fmt.number(processes.size)];
  count.textContent = q && !tree ? fill(words.shownOf, { shown: n, n: all }) : processes.size === 1 ? words.one : fill(words.count, { n: all });
  nothing(q);
  draw();
}

function nothing(q) {
  const none = shown.length === 0 && q !== '';
  table.hidden = none;
  if (none) table.tBodies[0].replaceChildren();
  place.querySelector('.empty')?.remove();
  if (!none) return;
  const note = document.getElementById('process-nothing').content.cloneNode(true);
  for (const text of note.querySelectorAll('*')) if (text.childElementCount === 0) text.textContent = fill(text.textContent, { text: filter.value.trim() });
  place.append(note);
}

function schedule() {
  asked ||= requestAnimationFrame(() => {
    asked = 0;
    draw();
  });
}

function draw() {
  if (!live || table.hidden) return;
  const body = table.tBodies[0];
  const sheet = document.getElementById('main');
  const box = getComputedStyle(sheet).overflowY === 'visible' ? { top: 0, bottom: innerHeight } : sheet.getBoundingClientRect();
  const top = body.getBoundingClientRect().top;
  const from = Math.max(0, Math.min(shown.length, Math.floor((box.top - top) / height)) - AHEAD);
  const to = Math.min(shown.length, Math.ceil((box.bottom - top) / height) + AHEAD);
  const focused = shown.findIndex(({ row }) => row.pid === Number(document.activeElement?.closest('#processes tr')?.dataset.pid));
  const wanted = [];
  let at = 0;
  const add = (start, end) => {
    if (start > at) wanted.push(gap(start - at));
    for (let i = Math.max(at, start); i < end; i++) wanted.push(ready(shown[i]));
    at = Math.max(at, end);
  };
  // Whoever has the focus stays, wherever the window is.
  if (focused >= 0 && focused < from) add(focused, focused + 1);
  add(from, to);
  if (focused >= to) add(focused, focused + 1);
  if (shown.length > at) wanted.push(gap(shown.length - at));
  replace(body, wanted);
}

/** One that began under the number of another gets a row of its own. */
function ready({ row, depth, parent }) {
  let element = elements.get(row.pid);
  if (!element || element.row !== row) {
    element = { row, node: createRow(row) };
    elements.set(row.pid, element);
  }
  fillRow(element.node, row, { depth, parent, folded: folded.has(row.pid) });
  return element.node;
}

function gap(rows) {
  const row = document.createElement('tr');
  row.className = 'gap';
  row.setAttribute('aria-hidden', 'true');
  row.style.blockSize = `${rows * height}px`;
  return row;
}

/** Only what is not in its place is moved. Never the row with the focus, which it would lose: those in its way go instead. */
function replace(body, wanted) {
  const keep = new Set(wanted);
  for (const row of [...body.rows]) if (!keep.has(row)) row.remove();
  const focused = document.activeElement?.closest('#processes tbody tr');
  wanted.forEach((row, i) => {
    if (row === focused) while (body.rows[i] && body.rows[i] !== row) body.append(body.rows[i]);
    else if (body.rows[i] !== row) body.insertBefore(row, body.rows[i] ?? null);
  });
  for (const [pid, { node }] of elements) if (!node.isConnected) elements.delete(pid);
}

on('click', '#processes [data-sort-by]', (event, link) => {
  if (!live || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const by = link.dataset.sortBy;
  const first = link.dataset.first === 'descending' ? `-${by}` : by;
  sort = sort === first ? (first === by ? `-${by}` : by) : first;
  for (const head of table.tHead.querySelectorAll('th')) {
    head.removeAttribute('aria-sort');
    head.querySelector('a .icon')?.remove();
  }
  link.closest('th').setAttribute('aria-sort', sort.startsWith('-') ? 'descending' : 'ascending');
  link.append(icon(sort.startsWith('-') ? 'arrow-down' : 'arrow-up'));
  filter.form.elements.sort.value = sort;
  address({ sort, cursor: null });
  held = false;
  order();
});

on('click', '#processes .fold', (_event, button) => {
  const pid = Number(button.closest('tr').dataset.pid);
  if (!folded.delete(pid)) folded.add(pid);
  order();
});

on('click', '#processes .c-acts a', (event, link) => {
  event.preventDefault();
  void htmx.ajax('GET', link.getAttribute('href'), { source: '#form-dialog', target: '#form-dialog', swap: 'innerHTML', select: '#dialog-form' });
});

asksIn('form-dialog', 'form-done');

function address(fields) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(history.state, '', url);
}

/** Which columns are shown, as this browser was told. @returns takes what is called when those of the network come or go */
function columns() {
  const boxes = [...document.querySelectorAll('#process-columns input')];
  if (prefs.columns) for (const box of boxes) box.checked = prefs.columns.includes(box.value);
  const apply = () => {
    for (const box of boxes) table.classList.toggle(`no-${box.value}`, !box.checked);
  };
  apply();
  return (networkChanged) =>
    on('change', '#process-columns input', (_event, box) => {
      setPref('columns', boxes.filter((each) => each.checked).map(({ value }) => value));
      apply();
      if (box.value === 'received' || box.value === 'sent') networkChanged();
    });
}
