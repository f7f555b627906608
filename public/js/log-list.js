// Lines that go on coming, in a list that holds so many and no more, however much comes.
import { make } from './dom.js';
import { fill } from './text.js';

const MOST = 5000;

/**
 * @param row makes the element of a line
 * @param find what marks matches (containers/find.js): told which rows came, and that some went
 * @param removed called after rows at the beginning went
 */
export function createLogList({ log, follow, row, find, removed = () => {} }) {
  const list = log.querySelector('ol');
  const number = new Intl.NumberFormat(document.documentElement.lang);
  /** What has come and is not drawn yet. */
  let waiting = [];
  let left = 0;
  let least = false;
  let asked = false;

  const toEnd = () => {
    if (follow.checked) log.scrollTop = log.scrollHeight;
  };

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
      removed();
    }
    find.added(rows);
    toEnd();
  }

  return {
    toEnd,
    /** Drawn with the next picture: a page that is slow, or that nobody sees, holds no more than it shows. */
    add({ lines, left: n, least: more = false }) {
      left += n;
      least ||= more;
      waiting.push(...lines);
      if (waiting.length > MOST) left += waiting.splice(0, waiting.length - MOST).length;
      if (!asked) requestAnimationFrame(draw);
      asked = true;
    },
    /** Rows before the first or after the last, where there is room. @returns whether there was */
    put(rows, before) {
      if (list.childElementCount + rows.length > MOST) return false;
      const height = log.scrollHeight - log.scrollTop;
      if (before) list.prepend(...rows);
      else list.append(...rows);
      // What was seen stays where it was.
      if (before) log.scrollTop = log.scrollHeight - height;
      find.added(rows);
      return true;
    },
    /** Scrolling up to read stops the following; back at the end it goes on. */
    watch() {
      follow.closest('[hidden]').hidden = false;
      follow.addEventListener('change', toEnd);
      // Rows are as high as they are only when they have been seen: a list that grows by itself is no reason to stop.
      new ResizeObserver(toEnd).observe(list);
      let top = log.scrollTop;
      log.addEventListener('scroll', () => {
        const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 8;
        if (atEnd || log.scrollTop < top) follow.checked = atEnd;
        top = log.scrollTop;
      });
    },
  };
}
