// Bytes: sixteen in a row, as offset, hexadecimal and text. They are read from /files/raw by ranges.
import { make } from '../../dom.js';
import { connectTools } from './tools.js';
import { createWindow } from './window.js';

const ROW = 16;
/** Of one request: 256 rows. */
const PIECE = 4096;
const box = document.getElementById('window');
const { path, src } = box.dataset;
let size = Number(box.dataset.size);
let marked = null;
/** Files that the kernel makes have no ranges: they come whole, once. */
let whole = null;

async function read(from, to) {
  if (from >= to) return new Uint8Array();
  if (whole) return whole.subarray(from, to);
  const answer = await fetch(src, { headers: { range: `bytes=${from}-${to - 1}` } });
  if (answer.status === 416) return new Uint8Array();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const total = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '');
  if (total) size = Number(total[1]);
  const found = new Uint8Array(await answer.arrayBuffer());
  if (answer.status === 206) return found;
  whole = found;
  return found.subarray(from, to);
}

const two = (byte) => byte.toString(16).padStart(2, '0');
const letter = (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·');

function rowOf(at, bytes) {
  const digits = make('span', { class: 'hex-bytes' });
  const letters = make('span', { class: 'hex-text' });
  // One text where nothing is marked: 256 rows of 16 elements each would be slow.
  const on = (i) => marked && at + i >= marked.at && at + i < marked.to;
  for (let i = 0; i < bytes.length; ) {
    const mark = Boolean(on(i));
    let end = i;
    while (end < bytes.length && Boolean(on(end)) === mark) end++;
    const piece = [...bytes.subarray(i, end)];
    // A wider gap in the middle.
    const hex = piece.map((byte, k) => `${i + k === 8 ? ' ' : ''}${two(byte)} `).join('');
    const text = piece.map(letter).join('');
    digits.append(mark ? make('mark', {}, hex.trimEnd()) : hex, mark ? ' ' : '');
    letters.append(mark ? make('mark', {}, text) : text);
    i = end;
  }
  return make('div', { class: 'ln', 'data-at': at }, make('b', {}, at.toString(16).padStart(8, '0')), digits, letters);
}

const feed = {
  async load(at, toward) {
    const start = toward === 'back' ? Math.max(0, at - PIECE) : toward === 'near' ? Math.max(0, (at >= size ? size - PIECE / 4 : at) - 256) : at;
    const from = start - (start % ROW);
    const bytes = await read(from, toward === 'back' ? at : Math.min(size, from + PIECE));
    const rows = [];
    for (let i = 0; i < bytes.length; i += ROW) rows.push(rowOf(from + i, bytes.subarray(i, i + ROW)));
    return { from, to: from + bytes.length, size, rows };
  },
};

const window = createWindow(box, feed);
connectTools(window, {
  params: () => ({ path, as: 'hex' }),
  async show(found) {
    marked = found;
    await window.go(found.at);
    const mark = box.querySelector('mark');
    if (mark) window.reveal(mark);
  },
});
void window.go(Number(box.dataset.at));
