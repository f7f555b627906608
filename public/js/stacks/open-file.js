// A file of the folder as one more field of the form.
import { make } from '../dom.js';
import { toast } from '../toast.js';
import { stackWords as words } from './words.js';

/** @returns its box, or null when it could not be opened, which is said */
export async function openFile(form, path) {
  let answer = null;
  try {
    // As htmx asks: then a refusal is a sentence in a header.
    answer = await fetch(`${form.dataset.stack}/files/text?path=${encodeURIComponent(path)}`, { redirect: 'manual', cache: 'no-store', headers: { 'hx-request': 'true' } });
    if (answer.ok) return boxFor(form, path, await answer.json());
  } catch {
    // Said below, like every refusal without a reason.
  }
  toast({ tone: 'danger', title: saidIn(answer) ?? words.lost });
  return null;
}

function saidIn(answer) {
  try {
    return JSON.parse(answer.headers.get('hx-trigger')).toast.text;
  } catch {
    return null;
  }
}

function boxFor(form, path, { text, hash }) {
  const n = Math.max(...[...form.querySelectorAll('.stack-text textarea')].map(({ name }) => Number(name.slice(4)))) + 1;
  const area = make('textarea', { class: 'input mono', id: `text${n}`, name: `text${n}`, wrap: 'off' });
  area.value = text;
  const box = make(
    'div', { class: 'field stack-text', 'data-label': path, 'data-beside': path },
    make('input', { type: 'hidden', name: `file${n}`, value: path }), make('label', { for: `text${n}` }, path), make('input', { type: 'hidden', name: `base-text${n}`, value: hash }), area,
  );
  document.getElementById('stack-texts').append(box);
  return box;
}
