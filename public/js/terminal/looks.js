// Name and colour of a terminal: kept by the panel, so every browser shows them.
import { openDialog } from '../dialog.js';
import { send } from './server.js';

const dialog = document.getElementById('tt-looks');
const form = document.getElementById('tt-looks-form');
let about = null;

/** @param done is told the pane when it looks different */
export function wireLooks(done) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const pane = about;
    const { name, colour } = Object.fromEntries(new FormData(form));
    const saved = await send(`/terminal/${pane.id}/looks`, { name, colour: colour ?? '' });
    if (!saved) return;
    Object.assign(pane, saved);
    dialog.close();
    done(pane);
  });
}

export function askLooks(pane) {
  about = pane;
  form.elements.name.value = pane.name;
  form.elements.name.placeholder = pane.title;
  for (const choice of form.querySelectorAll('[name=colour]')) choice.checked = choice.value === pane.colour;
  openDialog('tt-looks');
}
