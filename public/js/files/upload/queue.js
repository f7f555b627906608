// What is to be uploaded, three files at a time; and what becomes of each: paused, waiting for the line, asked about, done.
import { fill } from '../../text.js';
import { askConflict, takenOf } from './conflicts.js';
import { answerWith, forget, keep } from './kept.js';
import { place, post, terminate, transfer } from './transfer.js';
import { words } from './words.js';

const PARALLEL = 3;
const FOLDERS_AT_ONCE = 200;
/** The panel is asked again after so long, the last one over and over. */
const AGAIN_MS = [500, 1000, 2000, 4000, 8000];
/** A request that fails so often at the same byte while the panel answers: it is the file that cannot be read. */
const STRIKES = 4;

/**
 * state: asking (is the name taken?) · queued · running · waiting (for the line) · paused · failed · found (after a reload)
 * · done · skipped
 */
export const items = [];
let waiting = [];
let running = 0;
let serial = 0;
const listeners = [];
export const onChange = (run) => void listeners.push(run);
const changed = () => listeners.forEach((run) => run());

answerWith(() => items.filter((item) => item.url && !['found', 'done', 'skipped'].includes(item.state)).map((item) => item.url));

export const isOpen = (item) => ['asking', 'queued', 'running', 'waiting'].includes(item.state);

function create(fields) {
  const item = { id: ++serial, file: null, handle: null, url: null, conflict: 'ask', sent: 0, rate: 0, strikes: 0, note: '', name: null, ...fields };
  items.push(item);
  return item;
}

/** An upload that an earlier page began: the same file goes on with it. */
export function addFound(fields) {
  const item = create({ ...fields, state: 'found' });
  changed();
  return item;
}

export const isSame = (item, folder, way, file) =>
  item.folder === folder && item.way === way && item.size === file.size && item.lastModified === file.lastModified;

/** Puts what was chosen or dropped in the queue of a folder. */
export async function add(folder, { files, folders }) {
  const fresh = [];
  for (const { file, way, handle } of files) {
    const known = items.find((item) => item.state === 'found' && isSame(item, folder, way, file));
    if (known) goOnWith(known, file);
    else fresh.push(create({ folder, way, file, handle, size: file.size, lastModified: file.lastModified, state: 'asking' }));
  }
  changed();
  const empty = folders.filter((one) => !files.some(({ way }) => way.startsWith(`${one}/`)));
  for (let at = 0; at < empty.length; at += FOLDERS_AT_ONCE) {
    await post('/files/uploads/folders', { folder, paths: empty.slice(at, at + FOLDERS_AT_ONCE) }).catch((error) => fail(create({ folder, way: empty[at], size: 0, lastModified: 0 }), error));
  }
  if (!fresh.length) return changed();
  try {
    await sort(folder, fresh);
  } catch (error) {
    // It will be asked for each of them, if need be.
    for (const item of fresh.filter((one) => one.state === 'asking')) error.status === 0 ? queue(item) : fail(item, error);
  }
  changed();
}

/** Those whose name is free go at once; about the others the person is asked. */
async function sort(folder, fresh) {
  const taken = await takenOf(folder, fresh.map((item) => item.way));
  const clashes = fresh.filter((item) => taken.has(item.way));
  for (const item of fresh) if (!taken.has(item.way)) queue(item);
  let rule = null;
  for (const [i, item] of clashes.entries()) {
    const there = taken.get(item.way);
    const answer = rule ?? (await askConflict(item, there, clashes.length - i - 1));
    if (answer.all) rule = answer;
    if (item.state !== 'asking') continue;
    if (answer.conflict === 'skip' || (there.folder && answer.conflict === 'replace')) skip(item);
    else {
      item.conflict = answer.conflict;
      queue(item);
    }
  }
}

function queue(item) {
  item.state = 'queued';
  item.note = '';
  waiting.push(item);
  pump();
}

function pump() {
  while (running < PARALLEL) {
    const item = waiting.shift();
    if (!item) break;
    if (item.state === 'queued') void run(item);
  }
  changed();
}

async function run(item) {
  running++;
  item.state = 'running';
  item.abort = new AbortController();
  const { signal } = item.abort;
  try {
    const { name } = await transfer(item, signal, {
      progress(sent) {
        if (sent > item.sent) item.strikes = 0;
        item.sent = sent;
      },
      begun: () => keep(item),
    });
    finish(item, name);
  } catch (error) {
    // Whoever stopped it has said what it is now.
    if (!signal.aborted) await settle(item, error).catch((later) => fail(item, later));
  } finally {
    running--;
    pump();
  }
}

async function settle(item, error) {
  const { status } = error;
  if ([0, 502, 503, 504].includes(status)) {
    if (++item.strikes >= STRIKES && (await isThere())) return fail(item, { status: -1 });
    item.state = 'waiting';
    return void watchLine();
  }
  if (status !== 412) return fail(item, error);
  const { conflict } = await askConflict(item, null, 0);
  if (conflict === 'skip') {
    if (item.url) void terminate(item.url);
    return skip(item);
  }
  item.conflict = conflict;
  if (!item.url) return queue(item);
  finish(item, await place(item.url, conflict));
}

function finish(item, name) {
  forget(item.url);
  Object.assign(item, { state: 'done', sent: item.size, file: null, handle: null, name });
}

function skip(item) {
  forget(item.url);
  Object.assign(item, { state: 'skipped', file: null });
}

function fail(item, { status, detail }) {
  const t = words.note;
  item.state = 'failed';
  item.note = status === 401 ? t.ended : status === -1 ? t.unreadable : detail || fill(t.failed, { status: status ?? '?' });
}

const isThere = () => fetch('/healthz', { cache: 'no-store' }).then((answer) => answer.ok, () => false);

let watching = false;
let wake = () => {};
addEventListener('online', () => wake());

/** Until the panel answers again; then everything that waited goes on. */
async function watchLine() {
  if (watching) return;
  watching = true;
  for (let n = 0; ; n++) {
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, AGAIN_MS[Math.min(n, AGAIN_MS.length - 1)]);
    });
    if (!items.some((item) => item.state === 'waiting') || (await isThere())) break;
  }
  watching = false;
  for (const item of items) if (item.state === 'waiting') queue(item);
}

export function pause(item) {
  if (!isOpen(item)) return;
  item.state = 'paused';
  item.abort?.abort();
}

export function resume(item) {
  if (!['paused', 'failed'].includes(item.state)) return;
  if (!item.file) return;
  item.strikes = 0;
  queue(item);
}

export function goOnWith(item, file) {
  item.file = file;
  item.sent = 0;
  queue(item);
}

/** Takes it back, and out of the list; what is done stays done. */
export function cancel(item) {
  const begun = item.url && !['done', 'skipped'].includes(item.state);
  item.state = 'skipped';
  item.abort?.abort();
  if (begun) void terminate(item.url);
  forget(item.url);
  items.splice(items.indexOf(item), 1);
  changed();
}

export function clearEnded() {
  for (const item of [...items]) if (['done', 'skipped'].includes(item.state)) items.splice(items.indexOf(item), 1);
  changed();
}
