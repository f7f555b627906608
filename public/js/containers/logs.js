// The log of a container goes on after the last line that the page has, so that neither a lost connection nor a start shows
// a line twice. It holds so many lines and no more, however much comes.
import { make } from '../dom.js';
import { subscribe } from '../sse.js';
import { fill } from '../text.js';
import { createFind } from './find.js';

const MOST = 5000;

const log = document.getElementById('container-log');
const list = log?.querySelector('ol');
const follow = document.getElementById('follow');
const end = document.getElementById('log-end');
const number = new Intl.NumberFormat(document.documentElement.lang);
const find = log ? createFind(log) : null;
let after = log?.dataset.after ?? '';
let stream = null;
/** What has come and is not drawn yet. */
let waiting = [];
let left = 0;
let least = false;
let asked = false;

const toEnd = () => {
  if (follow.checked) log.scrollTop = log.scrollHeight;
};

// The same as LogRow of src/views/containers/log-line.tsx.
function row({ time, stderr, cut, segments, from }) {
  const text = segments.map(([piece, look]) => (look ? make('i', { class: look }, piece) : piece));
  return make(
    'li',
    { class: stderr ? 'err' : null },
    time && make('time', { datetime: time[1], title: time[1] }, time[0]),
    from && make('b', { 'data-color': String(from[1]) }, from[0]),
    make('span', { title: cut ? log.dataset.cut : null }, ...text, cut ? '…' : null),
  );
}

/** Drawn with the next picture: a page that is slow, or that nobody sees, holds no more than it shows. */
function add({ lines, left: n, least: more = false }) {
  after = lines.findLast(({ time }) => time)?.time[1] ?? after;
  left += n;
  least ||= more;
  waiting.push(...lines);
  if (waiting.length > MOST) left += waiting.splice(0, waiting.length - MOST).length;
  if (!asked) requestAnimationFrame(draw);
  asked = true;
}

function draw() {
  asked = false;
  document.getElementById('log-empty')?.remove();
  const fresh = document.createDocumentFragment();
  if (left) fresh.append(make('li', { class: 'note' }, make('span', {}, fill(least ? log.dataset.least : log.dataset.left, { n: number.format(left) }))));
  const rows = waiting.map(row);
  fresh.append(...rows);
  waiting = [];
  left = 0;
  least = false;
  list.append(fresh);
  const over = list.childElementCount - MOST;
  if (over > 0) {
    const range = document.createRange();
    range.setStartBefore(list.firstElementChild);
    range.setEndAfter(list.children[over - 1]);
    range.deleteContents();
    find.removed();
  }
  find.added(rows);
  toEnd();
}

function connect() {
  end.hidden = true;
  stream = subscribe(() => log.dataset.stream + (after ? `&after=${encodeURIComponent(after)}` : ''), {
    lines: add,
    ended() {
      stream?.close();
      stream = null;
      end.hidden = false;
    },
  });
}

if (log) {
  toEnd();
  if (log.dataset.stream) {
    follow.closest('[hidden]').hidden = false;
    follow.addEventListener('change', toEnd);
    // Scrolling up to read stops the following; back at the end it goes on.
    log.addEventListener('scroll', () => {
      follow.checked = log.scrollHeight - log.scrollTop - log.clientHeight < 8;
    });
    connect();
    // It was started again: its log goes on.
    document.addEventListener('htmx:after:swap', () => {
      if (!stream && document.getElementById('container')?.dataset.running !== undefined) connect();
    });
  }
}
