// The log of a container goes on after the last line that the page has, so that neither a lost connection nor a start shows
// a line twice.
import { make } from '../dom.js';
import { createLogList } from '../log-list.js';
import { subscribe } from '../sse.js';
import { createFind } from './find.js';

const log = document.getElementById('container-log');
const follow = document.getElementById('follow');
const end = document.getElementById('log-end');
let after = log?.dataset.after ?? '';
let stream = null;

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

function connect(list) {
  end.hidden = true;
  stream = subscribe(() => log.dataset.stream + (after ? `&after=${encodeURIComponent(after)}` : ''), {
    lines(portion) {
      after = portion.lines.findLast(({ time }) => time)?.time[1] ?? after;
      list.add(portion);
    },
    ended() {
      stream?.close();
      stream = null;
      end.hidden = false;
    },
  });
}

if (log) {
  const list = createLogList({ log, follow, row, find: createFind(log) });
  list.toEnd();
  if (log.dataset.stream) {
    list.watch();
    connect(list);
    // It was started again: its log goes on.
    document.addEventListener('htmx:after:swap', () => {
      if (!stream && document.getElementById('container')?.dataset.running !== undefined) connect(list);
    });
  }
}
