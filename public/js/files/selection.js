// What is selected: names, or everything but some names. Rows that are not here can be selected too.
import { announce, bytes, number, words } from './text.js';
import { currentRows, folderOf, indexOf, isHere, list, namesIn, present, rowAt, total } from './rows.js';
import { fill } from '../text.js';

let everything = false;
/** name → { type, size, archive } */
let chosen = new Map();
let except = new Map();
let anchor = 0;
let allBytes = null;

export const count = () => (everything ? total() - except.size : chosen.size);
export const isSelected = (name) => (everything ? !except.has(name) : chosen.has(name));
export const setAnchor = (index) => void (anchor = index);

const factsOf = (row) => ({
  type: row.dataset.type,
  leads: row.dataset.leads,
  size: row.dataset.size === undefined ? 0 : Number(row.dataset.size),
  archive: 'archive' in row.dataset,
});

/** The one entry that is selected: { name, type, … }; null when it is none or several. */
export function only() {
  if (count() !== 1) return null;
  if (!everything) {
    const [[name, facts]] = chosen;
    return { name, ...facts };
  }
  for (const row of currentRows()) if (isSelected(row.dataset.name)) return { name: row.dataset.name, ...factsOf(row) };
  return null;
}

/** As `src/http/selection.ts` reads it. */
export function fields() {
  if (everything) return [['folder', folderOf()], ['listing', list().dataset.listing], ['all', 'on'], ...[...except.keys()].map((name) => ['except', name])];
  return [['folder', folderOf()], ...[...chosen.keys()].map((name) => ['name', name])];
}

function put(name, on, facts) {
  const [map, inMap] = everything ? [except, !on] : [chosen, on];
  if (inMap) map.set(name, facts);
  else map.delete(name);
}

export function toggle(row, on = !isSelected(row.dataset.name)) {
  put(row.dataset.name, on, factsOf(row));
  anchor = indexOf(row);
  show();
}

export function selectOnly(row) {
  empty();
  put(row.dataset.name, true, factsOf(row));
  anchor = indexOf(row);
  show();
}

/** From the last one that was touched to this one, also over rows that are not here. */
export async function selectTo(index) {
  const [from, to] = [Math.min(anchor, index), Math.max(anchor, index)];
  const wanted = [];
  let here = true;
  for (let i = from; i <= to && here; i++) {
    if (isHere(i)) wanted.push([rowAt(i).dataset.name, factsOf(rowAt(i))]);
    else here = false;
  }
  const found = here ? wanted : (await namesIn(from, to - from + 1)).map(([name, type]) => [name, { type, size: 0 }]);
  empty();
  for (const [name, facts] of found) put(name, true, facts);
  show();
}

export function selectAll() {
  empty();
  everything = total() > 0;
  show();
}

export function clear() {
  if (count() === 0 && !everything) return false;
  empty();
  show();
  return true;
}

function empty() {
  everything = false;
  chosen = new Map();
  except = new Map();
}

/** The folder has changed: what is not in it any more is not selected. */
export async function prune() {
  if (everything) {
    if (count() <= 0) empty();
    return show();
  }
  if (chosen.size === 0) return show();
  const names = [...chosen.keys()];
  const left = new Set(await present(names));
  for (const name of names) if (!left.has(name)) chosen.delete(name);
  show();
}

/** Another folder, or another filter of it. */
export function reset() {
  empty();
  anchor = 0;
  show();
}

// Moved, renamed or deleted: what was selected is not there under its name.
document.addEventListener('files-changed', (event) => event.detail.cleared && clear());

/** All bytes of the list, once they are known. */
export function knowTotal(value) {
  allBytes = value;
  if (everything) show();
}

function size() {
  const sum = (map) => [...map.values()].reduce((all, facts) => all + (facts.size || 0), 0);
  if (!everything) return sum(chosen);
  return allBytes === null ? null : allBytes - sum(except);
}

/** A row as the selection has it. */
export function mark(row) {
  const on = isSelected(row.dataset.name);
  row.setAttribute('aria-selected', String(on));
  const box = row.querySelector('.pick input');
  if (box) box.checked = on;
}

/** Everything on the page that speaks of the selection. */
export function show() {
  for (const row of currentRows()) mark(row);
  const n = count();
  const page = document.getElementById('main');
  page.toggleAttribute('data-selected', n > 0);
  const text = fill(words.selected, { n: number(n) });
  const label = document.getElementById('selected-count');
  if (label) label.textContent = text;
  const bytesNow = n ? size() : null;
  const figure = document.getElementById('selected-size');
  if (figure) figure.textContent = bytesNow ? bytes(bytesNow) : '';
  const all = document.querySelector('[data-pick-all]');
  if (all) {
    all.checked = n > 0 && n === total();
    all.indeterminate = n > 0 && n < total();
  }
  if (n) announce(text);
  document.dispatchEvent(new CustomEvent('selection-changed'));
}
