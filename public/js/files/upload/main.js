// Uploads on the page of folders: buttons, files dragged in, and what an earlier page left unfinished.
import { make, on } from '../../dom.js';
import { toast } from '../../toast.js';
import { pathOf } from '../commands.js';
import { folderOf } from '../rows.js';
import { startDrop } from './drop.js';
import { ofInput } from './gather.js';
import { forget, handleOf, left } from './kept.js';
import { add, addFound, goOnWith, isOpen, items } from './queue.js';
import { askOffset } from './transfer.js';
import { startTray } from './tray.js';
import { words } from './words.js';

/** Unfinished ones that are shown after a reload. */
const FOUND_MOST = 100;

/** An input that nobody sees; `use` gets it when something was chosen. */
function chooser(attributes, use) {
  const input = make('input', { type: 'file', hidden: true, ...attributes });
  input.addEventListener('change', () => {
    use(input);
    input.value = '';
  });
  document.body.append(input);
  return input;
}

async function choose(item) {
  const file = await fromHandle(item.handle, true);
  if (file) return take(item, file);
  wanted = item;
  again.click();
}

let wanted = null;
function take(item, file) {
  if (file.size === item.size && file.name === item.way.split('/').at(-1) && file.lastModified === item.lastModified) return goOnWith(item, file);
  toast({ tone: 'danger', title: words.wrongFile });
}

/** The file behind a handle, if the browser lets us; `ask` needs a click. */
async function fromHandle(handle, ask) {
  try {
    const right = await handle?.[ask ? 'requestPermission' : 'queryPermission']({ mode: 'read' });
    return right === 'granted' ? await handle.getFile() : null;
  } catch {
    return null;
  }
}

async function findLeft() {
  for (const { url, ...rest } of (await left()).slice(0, FOUND_MOST)) {
    const { known, sent } = await askOffset(url);
    if (!known) {
      forget(url);
      continue;
    }
    const handle = await handleOf(url);
    const item = addFound({ ...rest, url, sent, handle });
    const file = await fromHandle(handle, false);
    if (file && file.size === item.size && file.lastModified === item.lastModified) goOnWith(item, file);
  }
}

let again = null;
if (words.tray) {
  const files = chooser({ id: 'upload-files', multiple: true }, (input) => void add(folderOf(), ofInput(input)));
  const folder = chooser({ id: 'upload-folder', webkitdirectory: true }, (input) => void add(folderOf(), ofInput(input)));
  again = chooser({ id: 'upload-again' }, (input) => wanted && input.files[0] && take(wanted, input.files[0]));
  for (const [id, input] of [['upload-files', files], ['upload-folder', folder]]) {
    on('click', `[data-id="${id}"]`, (event) => {
      event.preventDefault();
      input.click();
    });
  }
  startTray({ choose: (item) => void choose(item) });
  startDrop((found, name) => void add(name === null ? folderOf() : pathOf(name), found));
  addEventListener('beforeunload', (event) => {
    if (items.some(isOpen)) event.preventDefault();
  });
  void findLeft();
}
