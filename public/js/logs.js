// A log of the machine: it goes on after the last entry that the page has, older pages are put before it, and a click on an entry
// shows all that is known of it.
import { createFind } from './containers/find.js';
import { openDialog } from './dialog.js';
import { make } from './dom.js';
import { createLogList } from './log-list.js';
import { subscribe } from './sse.js';

const log = document.getElementById('host-log');
const choices = document.getElementById('log-choices');
const follow = document.getElementById('follow');
const drawer = document.getElementById('log-drawer');

/** Words of the levels that are told. */
const levels = log ? JSON.parse(log.dataset.levels) : {};

// The same as EntryRow of src/views/logs/row.tsx.
function row({ cursor, time, level, from, segments, cut }) {
  const text = segments.map(([piece, look]) => (look ? make('i', { class: look }, piece) : piece));
  return make(
    'li',
    { 'data-level': level, 'data-cursor': cursor },
    make('a', { href: log.dataset.entry + encodeURIComponent(cursor), title: time ? time[1] : log.dataset.open }, time ? make('time', { datetime: time[1] }, time[0]) : '·'),
    make('em', {}, levels[level] ?? ''),
    make('b', { title: from }, from),
    make('span', { title: cut ? log.dataset.cut : null }, ...text, cut ? '…' : null),
  );
}

// Another log has other fields: the form is drawn anew for it.
choices.querySelector('[name=source]').addEventListener('change', (event) => {
  for (const field of choices.elements) {
    // What was looked for in the one means little in the other, but for text and time.
    if (field !== event.target && !['q', 'since', 'until', 'regex'].includes(field.name)) field.disabled = true;
  }
  choices.requestSubmit();
});
// A browser that comes back to the page finds the form as it was.
addEventListener('pageshow', () => {
  for (const field of choices.elements) field.disabled = false;
});
// What was left empty makes no address longer.
choices.addEventListener('submit', () => {
  for (const field of choices.elements) if (field.name && (field.value === '' || (field.name === 'priority' && field.value === 'debug'))) field.disabled = true;
});

/** Opens what a link leads to beside the log. */
async function openEntry(href) {
  const body = drawer.querySelector('.body');
  body.replaceChildren();
  openDialog('log-drawer');
  try {
    const answer = await fetch(href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const entry = page.getElementById('log-entry');
    if (entry) body.replaceChildren(document.adoptNode(entry));
    else body.replaceChildren(make('p', { class: 'gutter' }, page.querySelector('main p')?.textContent ?? log.dataset.failed));
  } catch {
    body.replaceChildren(make('p', { class: 'gutter' }, log.dataset.failed));
  }
}

function start() {
  const shown = new Set([...log.querySelectorAll('li')].map((each) => each.dataset.cursor));
  const older = document.getElementById('log-older');
  const list = createLogList({ log, follow, row, find: createFind(log), removed: fromFirst });

  /** What is older begins before the first entry that is left. */
  function fromFirst() {
    const first = log.querySelector('li[data-cursor]');
    if (!first) return;
    const url = new URL(older.href);
    url.searchParams.set('cursor', first.dataset.cursor);
    url.searchParams.set('to', 'older');
    older.href = url.pathname + url.search;
    older.hidden = false;
  }

  /** Puts the page that a link leads to before or after this one; where there is no room, the link is followed. */
  async function more(link, before) {
    link.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(link.href);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const rows = [...page.querySelectorAll('#host-log li')].map((each) => document.adoptNode(each));
      if (!answer.ok || !list.put(rows, before)) return void (location.href = link.href);
      const next = page.getElementById(link.id);
      if (next && !next.hidden) link.setAttribute('href', next.getAttribute('href'));
      else link.hidden = true;
    } catch {
      location.href = link.href;
    } finally {
      link.removeAttribute('aria-busy');
    }
  }

  for (const [id, before] of [['log-older', true], ['log-newer', false]]) {
    document.getElementById(id)?.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void more(event.currentTarget, before);
    });
  }

  log.addEventListener('click', (event) => {
    const item = event.target instanceof Element ? event.target.closest('li[data-cursor]') : null;
    const link = item?.querySelector('a');
    // Whoever marks text to copy it wants no drawer.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !getSelection().isCollapsed) return;
    event.preventDefault();
    void openEntry(link.href);
  });

  list.toEnd();
  if (!log.dataset.stream) return;
  list.watch();
  let after = log.dataset.after;
  const stream = subscribe(() => log.dataset.stream + (after ? `&after=${encodeURIComponent(after)}` : ''), {
    lines(portion) {
      // Written while the page was made, it may be told by both.
      const lines = shown.size ? portion.lines.filter(({ cursor }) => !shown.has(cursor)) : portion.lines;
      after = portion.lines.at(-1)?.cursor ?? after;
      if (lines.length || portion.left) list.add({ ...portion, lines });
      log.dataset.live = '';
    },
    open() {
      log.dataset.live = '';
    },
    ended({ error }) {
      stream.close();
      const end = document.getElementById('log-end');
      if (error) end.textContent = error;
      end.hidden = false;
    },
  });
}

if (log) start();
