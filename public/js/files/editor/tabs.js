// The open files, as tabs. Which ones is remembered in this browser; their texts are not, unless they are unsaved (drafts.js).
import { icon, make } from '../../dom.js';
import { fill } from '../../text.js';
import { shown, words } from './words.js';

const bar = document.getElementById('ed-tabs');
const KEY = `mantou-editor-tabs ${words.person}`;
const MOST = 30;

/** Paths of the last time. */
export function remembered() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(found) ? found.filter((path) => typeof path === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function remember(paths) {
  try {
    localStorage.setItem(KEY, JSON.stringify(paths.slice(0, MOST)));
  } catch {
    // Storage is full or forbidden: next time there is one file.
  }
}

/** Files of one name get the folder beside it. */
function labelOf(file, files) {
  const twin = files.some((other) => other !== file && other.name === file.name);
  return shown(twin ? `${file.name} – ${file.folder}` : file.name);
}

export function drawTabs(files, active, { pick, close }) {
  bar.replaceChildren(
    ...files.map((file) => {
      const open = make('button', { type: 'button', class: 'ed-tab-name', title: shown(file.path) }, icon('file-text'), labelOf(file, files));
      if (file.dirty) open.append(make('span', { class: 'dot', 'data-state': 'warn' }), make('span', { class: 'vh' }, words.unsaved));
      const shut = make('button', { type: 'button', class: 'ed-tab-close', 'aria-label': fill(words.closeTab, { name: shown(file.name) }) }, icon('x'));
      open.addEventListener('click', () => pick(file));
      shut.addEventListener('click', () => close(file));
      // The middle button, as in every browser.
      open.addEventListener('auxclick', (event) => event.button === 1 && close(file));
      return make('span', { class: 'ed-tab', 'aria-current': file === active ? 'page' : null }, open, shut);
    }),
  );
  bar.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
