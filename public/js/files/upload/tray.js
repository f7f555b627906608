// The corner of the page: what is being uploaded, how far it is, and what can be done about it. However many files there
// are, a few rows are drawn.
import { icon, make, setIcon } from '../../dom.js';
import { fill } from '../../text.js';
import { cancel, clearEnded, isOpen, items, onChange, pause, resume } from './queue.js';
import { bytes, duration, rate, words } from './words.js';

const ROWS = 30;
const DRAW_MS = 250;
/** Weight of the newest second in the speed that is shown. */
const FRESH = 0.3;
/** What needs a person first, what is over last. */
const ORDER = ['failed', 'found', 'asking', 'running', 'waiting', 'paused', 'queued', 'done', 'skipped'];
const ICONS = { failed: 'alert', done: 'check' };
/** States of the tray's own styles (css/floating.css). */
const SHOWN_AS = { failed: 'failed', found: 'paused', paused: 'paused', waiting: 'paused', done: 'done', skipped: 'done' };

const rows = new Map();
let tray = null;
let parts = null;
let choose = () => {};
let timer = null;
let measured = { at: 0 };

/** `choose(item)` asks for the file of an upload that a reload interrupted. */
export function startTray(options) {
  choose = options.choose;
  onChange(soon);
}

function soon() {
  timer ??= setTimeout(() => {
    timer = null;
    draw();
    if (items.some(isOpen)) soon();
  }, DRAW_MS);
}

function build() {
  const t = words.tray;
  const button = (act, label, name) => make('button', { class: 'btn ghost sm', type: 'button', 'data-all': act }, icon(name), label);
  parts = {
    title: make('span', { class: 'grow clip', role: 'status' }), left: make('small', { class: 'muted nowrap' }),
    pause: button('pause', t.pauseAll, 'pause'), resume: button('resume', t.resumeAll, 'play'), cancel: button('cancel', t.cancelAll, 'x'), close: button('close', t.close, 'x'),
    total: make('progress', { max: 1, value: 0, 'aria-label': t.all }), list: make('ul'), more: make('p', { class: 'tray-more small muted' }),
  };
  const fold = icon('chevron-down');
  fold.classList.add('tray-fold');
  tray = make(
    'details',
    { class: 'tray', id: 'upload-tray', open: innerWidth >= 640 },
    make('summary', {}, parts.title, parts.left, fold, parts.total),
    parts.list,
    parts.more,
    make('div', { class: 'btns tight tray-all' }, parts.pause, parts.resume, parts.cancel, parts.close),
  );
  tray.addEventListener('click', act);
  document.querySelector('.corner').append(tray);
}

function draw() {
  if (!items.length) {
    tray?.remove();
    tray = null;
    rows.clear();
    return;
  }
  if (!tray) build();
  measure();
  const groups = Map.groupBy(items, (item) => item.state);
  drawHead(groups);
  const shown = [];
  for (const state of ORDER) {
    for (const item of groups.get(state) ?? []) if (shown.length < ROWS) shown.push(item);
  }
  const wanted = new Set(shown.map((item) => item.id));
  for (const [id, row] of rows) {
    if (wanted.has(id)) continue;
    row.element.remove();
    rows.delete(id);
  }
  let before = null;
  for (const item of shown) {
    const { element } = drawRow(item);
    const next = before ? before.nextSibling : parts.list.firstChild;
    if (next !== element) parts.list.insertBefore(element, next);
    before = element;
  }
  parts.more.hidden = items.length <= ROWS;
  parts.more.textContent = fill(words.tray.more, { n: items.length - ROWS });
}

const counted = (groups, ...states) => states.reduce((sum, state) => sum + (groups.get(state)?.length ?? 0), 0);

function drawHead(groups) {
  const t = words.tray;
  const open = counted(groups, 'asking', 'queued', 'running');
  const [waits, stands, done, failed] = [counted(groups, 'waiting'), counted(groups, 'paused', 'found'), counted(groups, 'done', 'skipped'), counted(groups, 'failed')];
  const total = items.length;
  const text =
    open ? fill(t.running, { n: Math.min(done + failed + 1, total), total })
    : waits ? fill(t.waiting, { n: waits })
    : stands ? fill(t.paused, { n: stands })
    : failed ? fill(t.failed, { n: failed })
    : fill(t.done, { n: done });
  if (parts.title.textContent !== text) parts.title.textContent = text;
  const all = items.reduce((sum, item) => sum + item.size, 0);
  const sent = items.reduce((sum, item) => sum + Math.min(item.sent, item.size), 0);
  parts.total.value = all ? sent / all : done / total;
  parts.left.textContent = open && measured.rate > 0 ? fill(t.left, { time: duration((all - sent) / measured.rate) }) : '';
  tray.dataset.state = open ? 'running' : waits || stands ? 'paused' : failed ? 'failed' : 'done';
  parts.pause.hidden = !open && !waits;
  parts.resume.hidden = !counted(groups, 'paused');
  parts.cancel.hidden = !open && !waits && !counted(groups, 'paused');
  parts.close.hidden = Boolean(open || waits);
}

function measure() {
  const now = performance.now();
  const seconds = (now - measured.at) / 1000;
  if (seconds < 0.5) return;
  const weight = 1 - (1 - FRESH) ** Math.min(seconds, 3);
  let sum = 0;
  for (const item of items) {
    if (item.state !== 'running') continue;
    const step = Math.max(0, item.sent - (item.seen ?? item.sent)) / seconds;
    item.rate = item.rate ? item.rate + (step - item.rate) * weight : step;
    item.seen = item.sent;
    sum += item.rate;
  }
  measured = { at: now, rate: sum };
}

function drawRow(item) {
  let row = rows.get(item.id);
  if (!row) {
    const title = make('span', { class: 'clip', title: item.way }, item.way);
    row = { progress: make('progress', { max: 1, 'aria-label': item.way }), note: make('small'), acts: make('div', { class: 'acts' }), icon: icon('file') };
    row.element = make('li', { 'data-id': item.id }, row.icon, title, row.progress, row.note, row.acts);
    rows.set(item.id, row);
  }
  const note = noteOf(item);
  if (row.note.textContent !== note) row.note.textContent = note;
  row.progress.hidden = ['done', 'skipped', 'failed'].includes(item.state);
  row.progress.value = item.size ? Math.min(1, item.sent / item.size) : 0;
  if (row.state === item.state) return row;
  row.state = item.state;
  row.element.dataset.state = SHOWN_AS[item.state] ?? 'running';
  row.element.dataset.upload = item.state;
  setIcon(row.icon, ICONS[item.state] ?? 'file');
  row.acts.replaceChildren(...actsOf(item).map(([act, label, name]) => (name
    ? make('button', { class: 'btn ghost only sm', type: 'button', 'data-act': act, 'aria-label': `${label}: ${item.way}`, title: label }, icon(name))
    : make('button', { class: 'btn ghost sm', type: 'button', 'data-act': act }, label))));
  return row;
}

function actsOf({ state, handle }) {
  const t = words.tray;
  const stop = ['cancel', t.cancel, 'x'];
  if (state === 'running' || state === 'queued' || state === 'waiting' || state === 'asking') return [['pause', t.pause, 'pause'], stop];
  if (state === 'paused') return [['resume', t.resume, 'play'], stop];
  if (state === 'failed') return [['resume', t.retry], stop];
  if (state === 'found') return [['choose', handle ? t.goOn : t.choose], stop];
  return [['cancel', t.dismiss, 'x']];
}

function noteOf(item) {
  const t = words.note;
  const size = bytes(item.size);
  const facts = { size, done: bytes(item.sent) };
  if (item.state === 'running' && item.rate > 0) return fill(t.running, { ...facts, rate: rate(item.rate), time: duration((item.size - item.sent) / item.rate) });
  if (item.state === 'running') return fill(t.started, facts);
  if (item.state === 'paused') return fill(t.paused, facts);
  if (item.state === 'waiting') return fill(t.offline, facts);
  if (item.state === 'failed') return item.note;
  if (item.state === 'found') return fill(item.handle ? t.handle : t.found, facts);
  if (item.state === 'skipped') return t.skipped;
  if (item.state === 'done') return item.name && item.name !== item.way.split('/').at(-1) ? fill(t.doneAs, { size, name: item.name }) : fill(t.done, facts);
  return fill(t.queued, facts);
}

function act(event) {
  const button = event.target.closest('button');
  if (!button) return;
  event.preventDefault();
  const { all, act: one } = button.dataset;
  if (all === 'pause') for (const item of items) pause(item);
  if (all === 'resume') for (const item of items) item.state === 'paused' && resume(item);
  if (all === 'cancel') for (const item of items.filter((one) => isOpen(one) || one.state === 'paused')) cancel(item);
  if (all === 'close') {
    clearEnded();
    // What failed or waits for its file stays on record; only the tray goes.
    if (!items.some(isOpen)) for (const item of [...items]) if (item.state === 'failed' && !item.url) cancel(item);
  }
  const item = items.find(({ id }) => String(id) === button.closest('li')?.dataset.id);
  if (item && one === 'pause') pause(item);
  if (item && one === 'resume') resume(item);
  if (item && one === 'cancel') cancel(item);
  if (item && one === 'choose') choose(item);
  draw();
}
