// Forms that htmx brings into a dialog of the page: they open there, and close with “Cancel” and when what was asked for is done.
import { openDialog } from './dialog.js';
import { on } from './dom.js';

/** @param id of the dialog @param done event that the answer fires */
export function asksIn(id, done) {
  document.addEventListener('htmx:after:swap', (event) => {
    if (swapped(event)?.id === id) openDialog(id);
  });
  document.addEventListener(done, () => document.getElementById(id)?.close());
  on('click', `#${id} a[data-close]`, (event) => event.preventDefault());
}

/** What htmx has put something into. */
export const swapped = (event) => event.detail.ctx?.target ?? event.target;
