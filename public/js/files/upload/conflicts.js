// What to do when a name is taken: asked before a byte is sent, one after the other, or once for all.
import { make } from '../../dom.js';
import { fill } from '../../text.js';
import { post } from './transfer.js';
import { bytes, moment, words } from './words.js';

/** The panel looks at this many names at once. */
const BATCH = 200;

/** Which of these ways below a folder are taken: way → { folder, size, modified }. @throws Answer */
export async function takenOf(folder, ways) {
  // Of a folder that is not there yet nothing is; mostly that is the one question to ask.
  const tops = [...new Set(ways.map((way) => way.split('/')[0]))];
  const there = await look(folder, tops);
  return look(folder, ways.filter((way) => there.has(way.split('/')[0])));
}

async function look(folder, ways) {
  const found = new Map();
  for (let at = 0; at < ways.length; at += BATCH) {
    const { items } = await (await post('/files/uploads/there', { folder, paths: ways.slice(at, at + BATCH) })).json();
    for (const item of items) found.set(item.path, item);
  }
  return found;
}

let asking = Promise.resolve();

/**
 * Asks what to do with one of them; questions wait for each other.
 * @returns {Promise<{ conflict: 'replace' | 'keep-both' | 'skip', all: boolean }>} closing the question skips
 */
export function askConflict(item, there, others) {
  const answer = asking.then(() => show(item, there, others));
  asking = answer.catch(() => {});
  return answer;
}

function show(item, there, others) {
  const t = words.conflict;
  const { promise, resolve } = Promise.withResolvers();
  const facts = (size, time) => fill(t.file, { size: bytes(size), time: moment(time) });
  const text = there ? fill(t.text, { there: there.folder ? t.folder : facts(there.size, there.modified), here: facts(item.size, item.lastModified) }) : null;
  const all = make('input', { type: 'checkbox', class: 'check', id: 'upload-for-all' });
  const button = (value, label, primary) => make('button', { class: primary ? 'btn primary' : 'btn', value }, label);
  const dialog = make(
    'dialog',
    { class: 'dialog', id: 'upload-conflict', 'aria-labelledby': 'upload-conflict-title' },
    make(
      'form',
      { method: 'dialog' },
      make('h2', { id: 'upload-conflict-title', class: 'wrap' }, fill(t.title, { name: item.way })),
      text ? make('p', {}, text) : null,
      others > 0 ? make('label', { class: 'option' }, all, make('span', {}, fill(t.forAll, { n: others }))) : null,
      make('div', { class: 'btns' }, button('skip', t.skip), there?.folder ? null : button('replace', t.replace), button('keep-both', t.keepBoth, true)),
    ),
  );
  // dialog.js empties forms when they close.
  let forAll = false;
  dialog.addEventListener('submit', () => (forAll = all.checked));
  dialog.addEventListener('close', () => {
    dialog.remove();
    resolve({ conflict: dialog.returnValue || 'skip', all: forAll });
  });
  document.body.append(dialog);
  dialog.showModal();
  return promise;
}
