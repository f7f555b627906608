// The box above a list narrows it while somebody types: the list asks for itself again, as when something has changed.
import { on } from '../dom.js';

const WAIT_MS = 250;
let timer;

on('input', 'form[data-narrow] [data-filter]', (event, { form }) => {
  clearTimeout(timer);
  timer = setTimeout(() => narrow(form), WAIT_MS);
});

function narrow(form) {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== '')).toString();
  const path = form.getAttribute('action');
  history.replaceState(history.state, '', query ? `${path}?${query}` : path);
  document.body.dispatchEvent(new CustomEvent('containers-changed'));
}

// Whoever asks, asks for what the address says by then: an answer to what was typed before does not bring it back.
document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches('[hx-get]:has(form[data-narrow])')) ctx.request.action = location.pathname + location.search;
});
