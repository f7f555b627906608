// tail -f: what is appended, filtered while one types. Lines are kept as texts; only the last of them are on the page.
import { make, setIcon } from '../../dom.js';
import { subscribe } from '../../sse.js';
import { fill } from '../../text.js';
import { pieces, plain } from './ansi.js';
import { bytes, number, words } from './words.js';

/** Lines that are kept for another filter, and those of them that are on the page. */
const KEPT = 20_000;
const SHOWN = 2000;
/** Letters of one line. */
const LINE = 20_000;

const box = document.getElementById('tail');
const status = document.getElementById('tail-status');
const said = document.getElementById('tail-said');
const include = document.getElementById('tail-include');
const exclude = document.getElementById('tail-exclude');
const pause = document.getElementById('tail-pause');

let lines = [];
/** The last line has no end yet. */
let open = false;
let at = null;
let id = '';
let paused = false;
let missed = 0;

const fits = (text) => {
  const flat = plain(text).toLowerCase();
  return flat.includes(include.value.toLowerCase()) && (exclude.value === '' || !flat.includes(exclude.value.toLowerCase()));
};

function rowOf(line) {
  if (line.note) return make('div', { class: 'note' }, line.note);
  const row = make('div', { class: 'ln' });
  for (const { text, color, bold } of pieces(line.text)) {
    const kind = [color !== undefined && `ansi-${color}`, bold && 'ansi-bold'].filter(Boolean).join(' ');
    row.append(kind ? make('span', { class: kind }, text) : text);
  }
  return row;
}

const atEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < 24;

function draw() {
  const shown = [];
  for (let i = lines.length - 1; i >= 0 && shown.length < SHOWN; i--) if (lines[i].note || fits(lines[i].text)) shown.push(rowOf(lines[i]));
  box.replaceChildren(...shown.reverse());
  box.scrollTop = box.scrollHeight;
  count();
}

function count() {
  const text = paused && missed > 0 ? fill(words.waitingLines, { n: number(missed) }) : lines.length === 0 ? words.waiting : fill(words.lines, { n: number(lines.length) });
  status.textContent = text;
}

function add(text) {
  const follow = atEnd();
  const parts = text.split('\n');
  const fresh = [];
  parts.forEach((piece, i) => {
    const ended = i < parts.length - 1;
    const clean = piece.replace(/\r$/, '');
    if (i === 0 && open && lines.length > 0) {
      const last = lines.at(-1);
      last.text = (last.text + clean).slice(0, LINE);
      last.grown = true;
      open = !ended;
    } else if (piece !== '' || ended) {
      const line = { text: clean.slice(0, LINE) };
      lines.push(line);
      fresh.push(line);
      open = !ended;
    }
  });
  if (lines.length > KEPT) lines = lines.slice(-KEPT);
  if (paused) {
    missed += fresh.length;
    return count();
  }
  // The line that went on is drawn again, if it is there.
  const before = lines[lines.length - fresh.length - 1];
  if (before?.grown) {
    delete before.grown;
    if (fits(before.text)) {
      if (before.row?.isConnected) before.row.remove();
      fresh.unshift(before);
    }
  }
  for (const line of fresh.slice(-SHOWN)) {
    if (!fits(line.text)) continue;
    line.row = rowOf(line);
    box.append(line.row);
  }
  while (box.children.length > SHOWN) box.firstChild.remove();
  if (follow) box.scrollTop = box.scrollHeight;
  count();
}

function note(text) {
  said.textContent = text;
  lines.push({ note: text, text: '' });
  open = false;
  if (!paused) box.append(rowOf(lines.at(-1)));
}

const stream = subscribe(() => `${box.dataset.stream}${at === null ? '' : `&from=${at}&id=${encodeURIComponent(id)}`}`, {
  piece(piece) {
    // The connection was lost for long: what lies between is not here.
    if (at !== null && piece.id === id && !piece.began && piece.from > at) note(fill(words.skipped, { size: bytes(piece.from - at) }));
    else if (piece.skipped) note(fill(words.skipped, { size: bytes(piece.skipped) }));
    if (piece.began) note(words[piece.began]);
    else if (at !== null && piece.id !== id) note(words.rotated);
    at = piece.to;
    id = piece.id;
    if (piece.text) add(piece.text);
    box.dataset.live = '';
  },
  gone() {
    stream.close();
    note(words.gone);
  },
});

for (const input of [include, exclude]) input.addEventListener('input', draw);
pause.addEventListener('click', () => {
  paused = !paused;
  missed = 0;
  pause.setAttribute('aria-pressed', String(paused));
  pause.querySelector('span').textContent = paused ? words.go : words.pause;
  setIcon(pause, paused ? 'play' : 'pause');
  if (!paused) draw();
});
document.getElementById('tail-clear').addEventListener('click', () => {
  lines = [];
  open = false;
  draw();
});
const wrap = document.getElementById('wrap');
wrap.addEventListener('change', () => box.classList.toggle('wrap', wrap.checked));
