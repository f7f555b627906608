// Rows dragged onto folders, steps of the path, favourites and tabs: moved, with Ctrl copied. Files from outside the
// browser are not its business: they are uploads.
import { make, on } from '../dom.js';
import { fill } from '../text.js';
import { sendAction } from './action.js';
import { pathOf } from './commands.js';
import { folderOf } from './rows.js';
import { count, fields, isSelected, selectOnly } from './selection.js';
import { number, words } from './text.js';

const TYPE = 'application/x-mantou-files';
let dragged = null;
let over = null;

document.addEventListener('dragstart', (event) => {
  const row = event.target instanceof Element ? event.target.closest('#files tr[data-name]') : null;
  if (!row || getSelection()?.toString()) return;
  if (!isSelected(row.dataset.name)) selectOnly(row);
  dragged = { folder: folderOf(), fields: fields(), names: new Set(fields().filter(([field]) => field === 'name').map(([, name]) => name)) };
  // The list stands still meanwhile (navigate.js).
  document.body.dataset.dragging = '';
  event.dataTransfer.effectAllowed = 'copyMove';
  event.dataTransfer.setData(TYPE, dragged.folder);
  const badge = make('span', { class: 'drag-badge' }, count() === 1 ? row.querySelector('bdi').textContent : fill(words.dragged, { n: number(count()) }));
  document.body.append(badge);
  event.dataTransfer.setDragImage(badge, -8, -8);
  setTimeout(() => badge.remove());
});

/** The folder that would take it, and the element that shows so; null where nothing does. */
function targetOf(element) {
  const place = element.closest('[data-drop]');
  if (place) return place.dataset.drop === dragged.folder ? null : { path: place.dataset.drop, element: place };
  const row = element.closest('#files tr[data-name]');
  const isFolder = row && (row.dataset.type === 'folder' || row.dataset.leads === 'folder');
  // Into itself goes nothing.
  return isFolder && !dragged.names.has(row.dataset.name) ? { path: pathOf(row.dataset.name), element: row } : null;
}

function light(element) {
  if (over === element) return;
  over?.classList.remove('drop-on');
  over = element;
  over?.classList.add('drop-on');
}

document.addEventListener('dragover', (event) => {
  if (!dragged || !(event.target instanceof Element)) return;
  const target = targetOf(event.target);
  light(target?.element ?? null);
  if (!target) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = event.ctrlKey || event.altKey ? 'copy' : 'move';
});

document.addEventListener('drop', (event) => {
  if (!dragged || !(event.target instanceof Element)) return;
  const target = targetOf(event.target);
  if (!target) return;
  event.preventDefault();
  void sendAction(event.ctrlKey || event.altKey ? '/files/copy' : '/files/move', [...dragged.fields, ['to', target.path]]);
  rest();
});

function rest() {
  dragged = null;
  delete document.body.dataset.dragging;
  light(null);
}

// A row that was scrolled away meanwhile ends without a word: then the next press tells.
for (const type of ['dragend', 'pointerdown']) document.addEventListener(type, rest);

// A link is dragged by itself; inside a row the row is meant.
on('mousedown', '#files tr[data-name] a', (_event, link) => void (link.draggable = false));
