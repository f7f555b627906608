// Services as they are: the page asks for itself again when one is other than before, and what they use is kept true.
import { asksIn } from '../asked.js';
import { createFormat } from '../dashboard/format.js';
import { on } from '../dom.js';
import { subscribe } from '../sse.js';

const fmt = createFormat(document.documentElement.lang);
const ask = () => document.body.dispatchEvent(new CustomEvent('services-changed'));
/** Bytes of each, so that a list that was drawn anew shows them at once. */
const memory = new Map();

subscribe('/services/stream', {
  // What happened while nobody listened: since the page was drawn, or since the stream broke.
  open: ask,
  changed: ask,
  used({ used }) {
    for (const [name, bytes] of used) {
      memory.set(name, bytes);
      show(name, bytes);
    }
  },
});

function show(name, bytes) {
  const cell = document.querySelector(`tr[data-name="${CSS.escape(name)}"] [data-memory]`);
  // One that has ended uses nothing, whatever was told last.
  if (!cell || cell.textContent === '') return;
  const text = fmt.memory(bytes);
  if (cell.textContent !== text) cell.textContent = text;
}

document.addEventListener('htmx:after:swap', () => {
  for (const [name, bytes] of memory) show(name, bytes);
});
on('change', '[data-start-form] select', (_event, select) => select.form.requestSubmit());
asksIn('form-dialog', 'form-done');
