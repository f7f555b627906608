// Folders beside the text. A folder is read when it is unfolded; the ones above the open file are unfolded at once.
import { icon, make } from '../../dom.js';
import { fill } from '../../text.js';
import { prefs, setPref } from './prefs.js';
import { listBranch } from './server.js';
import { shown, words } from './words.js';

const nav = document.getElementById('ed-tree');
const toggle = document.getElementById('ed-tree-toggle');
const WIDE = matchMedia('(width >= 56rem)');

export function drawTree(editor) {
  let root = null;
  const showTree = async (visible) => {
    nav.hidden = !visible;
    toggle.setAttribute('aria-expanded', String(visible));
    const folder = editor.active?.folder ?? document.getElementById('ed').dataset.path?.replace(/[\\/][^\\/]*$/, '') ?? '/';
    if (!visible || root) return;
    root = make('ul', {});
    // Where there is no room for all of it, its end is shown.
    nav.replaceChildren(make('p', { title: shown(folder || '/') }, make('bdi', {}, shown(folder || '/'))), root);
    await fillBranch(editor, root, folder || '/');
  };
  toggle.addEventListener('click', () => {
    const visible = nav.hidden;
    // On a phone it covers the text: it is not remembered there.
    if (WIDE.matches) setPref('tree', visible);
    void showTree(visible);
  });
  if (prefs.tree && WIDE.matches) queueMicrotask(() => void showTree(true));
}

async function fillBranch(editor, list, path) {
  list.setAttribute('aria-busy', 'true');
  const branch = await listBranch(path);
  list.removeAttribute('aria-busy');
  if (!branch) return;
  list.replaceChildren(...branch.entries.map((entry) => (entry.folder ? folderLine(editor, entry) : fileLine(editor, entry))));
  if (branch.more) list.append(make('li', { class: 'muted' }, make('a', { href: `/files?path=${encodeURIComponent(path)}` }, fill(words.treeMore, { n: String(branch.more) }))));
}

function folderLine(editor, { name, path }) {
  const inner = make('ul', {});
  const drawing = icon('folder');
  drawing.classList.add('is-folder');
  const details = make('details', {}, make('summary', {}, icon('chevron'), drawing, make('span', {}, shown(name))), inner);
  details.addEventListener('toggle', () => {
    if (details.open && !inner.childElementCount) void fillBranch(editor, inner, path);
  });
  return make('li', {}, details);
}

function fileLine(editor, { name, path }) {
  const button = make('button', { type: 'button', title: shown(name) }, icon('file-text'), make('span', {}, shown(name)));
  button.addEventListener('click', () => {
    void editor.open(path);
    if (!WIDE.matches) toggle.click();
  });
  return make('li', {}, button);
}
