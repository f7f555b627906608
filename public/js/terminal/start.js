// What a new tab shows: a shell to open, and what runs already.
import { on } from '../dom.js';
import { endTerminal } from './end.js';
import { send } from './server.js';

/** `opened(made)` a new terminal, `attach(id)` one that runs. `room()` is how large it will be. */
export function wireStart({ opened, attach, room }) {
  on('submit', '#tt-open-form', async (event, form) => {
    event.preventDefault();
    const made = await open({ ...Object.fromEntries(new FormData(form)), ...room() }, form.querySelector('[type=submit]'));
    if (made) opened(made);
  });
  on('click', '[data-attach]', (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    attach(link.dataset.attach);
  });
  on('click', '[data-end]', (_event, { dataset: { end: id, name } }) => void endTerminal(id, name));
  on('click', '[data-dismiss-lost]', async () => {
    await Promise.all([...document.querySelectorAll('form[data-tt-form]')].map((form) => send(form.getAttribute('action'))));
    document.dispatchEvent(new CustomEvent('terminals-changed'));
  });
  on('submit', 'form[data-tt-form]', async (event, form) => {
    event.preventDefault();
    if (await send(form.getAttribute('action'))) document.dispatchEvent(new CustomEvent('terminals-changed'));
  });
}

async function open(fields, button) {
  button?.setAttribute('aria-busy', 'true');
  const made = await send('/terminal', fields);
  button?.removeAttribute('aria-busy');
  return made;
}
