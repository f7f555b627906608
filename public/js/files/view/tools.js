// Searching and jumping in a window on a file: the forms above it are the same for text and bytes.
import { words } from './words.js';

/**
 * `find(query, back, from, signal)` asks the server; `show(found)` brings it on the page and returns the place where the
 * next search goes on, `{ next, previous }`.
 */
export function connectTools(window, { params, show }) {
  const form = document.getElementById('find');
  const stop = form.querySelector('[data-find=stop]');
  let running = null;
  let found = null;
  let asked = '';

  async function search(back) {
    const text = form.elements.q.value;
    if (text === '') return form.elements.q.focus();
    running?.abort();
    running = new AbortController();
    const mine = running;
    const query = new URLSearchParams({ q: text, ...params() });
    for (const name of ['regex', 'case']) if (form.elements[name]?.checked) query.set(name, 'on');
    if (back) query.set('back', 'on');
    // Another question begins where one looks; the same one goes on.
    const key = `${query.get('q')} ${query.get('regex')} ${query.get('case')}`;
    if (key !== asked) found = null;
    asked = key;
    query.set('from', String(found ? (back ? found.previous : found.next) : window.at()));
    window.say(words.searching);
    stop.hidden = false;
    try {
      const answer = await fetch(`/files/view/find?${query}`, { signal: mine.signal, headers: { accept: 'application/json' } });
      const body = await answer.json();
      if (mine !== running) return;
      if (body.error) return window.say(body.error);
      if (!answer.ok) return window.say(words.failed);
      if (body.stopped) {
        found = body.stopped === 'time' ? { next: body.at, previous: body.at } : found;
        return window.say(body.stopped === 'time' ? words.time : words.none);
      }
      window.say('');
      await show(body);
      found = { next: body.to > body.at ? body.to : body.at + 1, previous: body.at };
    } catch (error) {
      if (mine === running) window.say(error.name === 'AbortError' ? '' : words.failed);
    } finally {
      if (mine === running) stop.hidden = true;
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void search(false);
  });
  form.querySelector('[data-find=back]').addEventListener('click', () => void search(true));
  stop.addEventListener('click', () => {
    running?.abort();
    window.say('');
  });
  form.elements.q.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !event.shiftKey) return;
    event.preventDefault();
    void search(true);
  });

  const jump = document.getElementById('go-to');
  jump.addEventListener('submit', (event) => {
    event.preventDefault();
    const at = placeOf(jump.elements.place.value, window.size());
    jump.elements.place.setAttribute('aria-invalid', String(at === null));
    if (at !== null) void window.go(at);
  });
  for (const button of document.querySelectorAll('[data-go]')) {
    button.addEventListener('click', () => void window.go(button.dataset.go === 'end' ? window.size() : 0));
  }
  const wrap = document.getElementById('wrap');
  wrap?.addEventListener('change', () => document.getElementById('window').classList.toggle('wrap', wrap.checked));
  return { search };
}

/** "1234", "0x1f00", "50 %", "end" → a byte; null for anything else. */
export function placeOf(text, size) {
  const trimmed = text.trim().toLowerCase().replace(/[,_\s]/g, '');
  if (trimmed === 'end') return size;
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(trimmed);
  if (percent) return Math.floor(size * Math.min(1, Number(percent[1]) / 100));
  if (!/^(0x[0-9a-f]+|\d+)$/.test(trimmed)) return null;
  return Math.min(size, Number(trimmed));
}
