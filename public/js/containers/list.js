// The list of containers: asks for itself again when one has changed, and keeps what they use true once a second.
import { createFormat } from '../dashboard/format.js';
import { asksIn, swapped } from '../asked.js';
import { on } from '../dom.js';
import { subscribe } from '../sse.js';
import { fill } from '../text.js';
import { clear, count } from './selection.js';

const fmt = createFormat(document.documentElement.lang);
const ask = () => document.body.dispatchEvent(new CustomEvent('containers-changed'));
/** Last of each, so that a list that was drawn anew shows it at once. */
const uses = new Map();

subscribe('/containers/stream', {
  // What happened while nobody listened: since the page was drawn, or since the stream broke.
  open: ask,
  changed({ up }) {
    if (!up) uses.clear();
    ask();
  },
  used({ uses: fresh }) {
    for (const use of fresh) uses.set(use.id, use);
    show();
    reorder();
  },
});

// Sorted by what changes every second: the list asks for its order again, but not under somebody's pointer.
const ORDER_MS = 5000;
let orderedAt = -Infinity;
function reorder() {
  const table = document.querySelector('table.containers');
  const live = /^-?(cpu|memory)$/.test(table?.dataset.sort ?? '');
  if (!live || performance.now() - orderedAt < ORDER_MS || table.querySelector('tbody:hover, tbody :focus')) return;
  orderedAt = performance.now();
  ask();
}

function show() {
  let cpu = 0;
  let memory = 0;
  for (const { id, ...use } of uses.values()) {
    const row = document.querySelector(`tr[data-id="${CSS.escape(id)}"]`);
    cpu += use.cpu;
    memory += use.memory;
    set(row?.querySelector('[data-use=cpu]'), fmt.percent(use.cpu), use.cpu);
    set(row?.querySelector('[data-use=memory]'), fmt.memory(use.memory), use.memoryLimit ? (100 * use.memory) / use.memoryLimit : 0);
  }
  if (uses.size === 0) return;
  sum('[data-cpu-all]', { used: (cpu / 100).toFixed(1) });
  sum('[data-memory-all]', { used: fmt.memory(memory) });
}

function set(cell, text, value) {
  if (!cell) return;
  cell.firstElementChild.textContent = text;
  cell.lastElementChild.value = Math.min(100, value);
}

function sum(selector, values) {
  const place = document.querySelector(selector);
  if (place) place.textContent = fill(place.dataset.text, values);
}

document.addEventListener('htmx:after:swap', (event) => {
  if (swapped(event)?.id === 'container-dialog') return;
  show();
  count();
});

document.addEventListener('containers-done', clear);
asksIn('container-dialog', 'containers-done');
