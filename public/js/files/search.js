// Searching below a folder: results come while the server looks; leaving or stopping ends it there at once.
import { make } from '../dom.js';
import { signIn } from '../connection.js';
import { fill } from '../text.js';

const words = JSON.parse(document.getElementById('search-words').textContent);
const form = document.getElementById('search');
const list = document.getElementById('found');
const status = document.getElementById('search-status');
const stop = document.getElementById('search-stop');
/** Files up to here open in the editor at the line; larger ones in the viewer. */
const EDITS = 5 << 20;
const numbers = new Intl.NumberFormat(words.lang);
let source = null;
let count = 0;
let groups = new Map();
let folder = '';

const encode = (path) => encodeURIComponent(path).replaceAll('%2F', '/');

/** What bytes and invisible characters become for people; src/lib/file-name.ts and views/files/label.ts say the same. */
const shown = (path) =>
  [...path].map((char) => {
    const code = char.codePointAt(0);
    if (code >= 0x10ff80) return `\\x${(code - 0x10ff00).toString(16)}`;
    return /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/.test(char) ? `\\u${code.toString(16).padStart(4, '0')}` : char;
  }).join('');

/** Below the folder that is searched, its own path says nothing. */
const below = (path) => shown(path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path);

function add(hit) {
  count += 1;
  if (hit.line === undefined) {
    list.append(make('li', {}, make('a', { class: 'found-name', href: `/files/open?path=${encode(hit.path)}` }, below(hit.path))));
    return;
  }
  let group = groups.get(hit.path);
  if (!group) {
    group = make('ol', {});
    groups.set(hit.path, group);
    list.append(make('li', {}, make('a', { class: 'found-name', href: `/files/open?path=${encode(hit.path)}` }, below(hit.path)), group));
  }
  const href = hit.size > EDITS ? `/files/view?path=${encode(hit.path)}&as=text&at=${hit.at}` : `/files/edit?path=${encode(hit.path)}&line=${hit.line}`;
  const line = numbers.format(hit.line);
  group.append(
    make('li', {}, make('a', { href, title: `${shown(hit.path)}:${hit.line}` },
      make('b', { 'aria-label': fill(words.line, { n: line }) }, line),
      make('code', {}, hit.text.slice(0, hit.from), make('mark', {}, hit.text.slice(hit.from, hit.to)), hit.text.slice(hit.to)))),
  );
}

const bytes = (n) => (n >= 1e9 ? `${numbers.format(Math.round(n / 1e8) / 10)} GB` : `${numbers.format(Math.round(n / 1e5) / 10)} MB`);
const progressOf = ({ files, folders, bytes: n }) => fill(words.progress, { files: numbers.format(files), folders: numbers.format(folders), size: bytes(n) });

function end(text) {
  source?.close();
  source = null;
  stop.hidden = true;
  list.removeAttribute('aria-busy');
  if (text) status.textContent = text;
}

function over(ended) {
  const said = [count ? fill(words.found, { n: numbers.format(count) }) : words.nothing, progressOf(ended)];
  if (ended.end !== 'all') said.push(words.ends[ended.end]);
  if (ended.refused) said.push(fill(words.refused, { n: numbers.format(ended.refused) }));
  if (ended.partly) said.push(fill(words.partly, { n: numbers.format(ended.partly) }));
  end(said.join(' · '));
}

function params() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== '') query.set(name, value);
  // Left empty on purpose is not left out.
  if (form.elements.exclude.value === '') query.set('exclude', ' ');
  return query;
}

function start() {
  end('');
  if (form.elements.text.value === '' && form.elements.name.value === '') {
    status.textContent = words.needed;
    return form.elements.text.focus();
  }
  list.replaceChildren();
  groups = new Map();
  folder = form.elements.path.value.replace(/\/+$/, '');
  count = 0;
  status.textContent = words.running;
  stop.hidden = false;
  list.setAttribute('aria-busy', 'true');
  const query = params();
  history.replaceState(null, '', `/files/search?${query}`);
  source = new EventSource(`/files/search/stream?${query}`);
  const mine = source;
  const listen = (name, run) => mine.addEventListener(name, (event) => mine === source && run(JSON.parse(event.data || '{}')));
  listen('hits', (hits) => hits.forEach(add));
  listen('progress', (done) => {
    status.textContent = `${fill(words.found, { n: numbers.format(count) })} · ${progressOf(done)}`;
  });
  listen('over', over);
  listen('fault', ({ text }) => end(text));
  listen('bye', () => end(words.stopped));
  listen('signed-out', signIn);
  // It would begin anew by itself.
  mine.onerror = () => mine === source && end(words.failed);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  start();
});
stop.addEventListener('click', () => end(`${fill(words.found, { n: numbers.format(count) })} · ${words.stopped}`));
addEventListener('pagehide', () => end(''));

if (form.elements.text.value !== '' || form.elements.name.value !== '') start();
