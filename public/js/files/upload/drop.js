// Files and folders dragged in from outside the browser: anywhere on the page for the folder that is shown, on the row of
// a folder for that one.
import { icon, make } from '../../dom.js';
import { ofDrop } from './gather.js';
import { words } from './words.js';

let zone = null;
/** dragleave comes without an end when the window loses the pointer; dragover comes several times a second while it lasts. */
let fading = null;
const FADE_MS = 400;

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');

function show() {
  zone ??= make('div', { class: 'drop-zone', 'aria-hidden': 'true' }, make('p', {}, icon('upload'), words.drop));
  if (!zone.isConnected) document.body.append(zone);
  clearTimeout(fading);
  fading = setTimeout(hide, FADE_MS);
}

function hide() {
  clearTimeout(fading);
  zone?.remove();
  for (const row of document.querySelectorAll('[data-drop-here]')) delete row.dataset.dropHere;
}

const folderRow = (event) => (event.target instanceof Element ? event.target.closest('#files [data-type=folder][data-name]') : null);

/** `take(found, name)` gets what was dropped; `name` is that of the folder's row, or null. */
export function startDrop(take) {
  document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    const row = folderRow(event);
    for (const old of document.querySelectorAll('[data-drop-here]')) if (old !== row) delete old.dataset.dropHere;
    if (row) row.dataset.dropHere = '';
    show();
  });
  document.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const name = folderRow(event)?.dataset.name ?? null;
    hide();
    void ofDrop(event.dataTransfer).then((found) => take(found, name));
  });
}
