// Cut and copied things, across folders and tabs: kept in this browser tab until they are pasted or forgotten.
import { icon, make, on } from '../dom.js';
import { toast } from '../toast.js';
import { fill } from '../text.js';
import { keepFields, sendAction } from './action.js';
import { currentRows, folderOf } from './rows.js';
import { count, fields } from './selection.js';
import { number, words } from './text.js';

const KEY = 'mantou-files-clipboard';
/** More names are kept by the panel, under an id. */
const NAMES_MOST = 200;

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
};

export const hasClipboard = () => read() !== null;
export const copy = () => keep('copy');
export const cut = () => keep('move');

async function keep(op) {
  if (count() === 0) return;
  let what = fields();
  // Everything, or very many: the list may be gone when they are pasted.
  if (what.length > NAMES_MOST || what.some(([name]) => name === 'all')) {
    const id = await keepFields(what);
    if (!id) return;
    what = [['selection', id]];
  }
  sessionStorage.setItem(KEY, JSON.stringify({ op, folder: folderOf(), fields: what, count: count() }));
  toast({ title: fill(op === 'copy' ? words.copied : words.cut, { n: number(count()) }) });
  show();
}

export function forget() {
  sessionStorage.removeItem(KEY);
  show();
}

export async function paste(to = folderOf()) {
  const kept = read();
  if (!kept) return;
  if (kept.op === 'move' && kept.folder === to) return void toast({ tone: 'warn', title: words.sameFolder });
  const done = await sendAction(kept.op === 'copy' ? '/files/copy' : '/files/move', [...kept.fields, ['to', to]]);
  // What was moved is not where it was; copies may be pasted again.
  if (done && kept.op === 'move') forget();
}

/** The button in the toolbar, and what was cut in paler ink. */
export function show() {
  const kept = read();
  const place = document.getElementById('paste');
  if (place) {
    place.hidden = kept === null;
    place.replaceChildren(
      ...(kept
        ? [
            make('button', { class: 'btn sm', type: 'button', 'data-paste': true }, icon('clipboard'), fill(words.paste[kept.op], { n: number(kept.count) })),
            make('button', { class: 'btn ghost only sm', type: 'button', 'data-forget': true, 'aria-label': words.forget, title: words.forget }, icon('x')),
          ]
        : []),
    );
  }
  for (const row of currentRows()) markCut(row, kept);
}

export function markCut(row, kept = read()) {
  const on = kept?.op === 'move' && kept.folder === folderOf() && kept.fields.some(([field, name]) => field === 'name' && name === row.dataset.name);
  row.classList.toggle('is-cut', on);
}

on('click', '[data-paste]', () => void paste());
on('click', '[data-forget]', () => forget());
