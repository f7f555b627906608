// ⌘K: pages and commands in one list. A combobox with a listbox (WAI-ARIA 1.2): the focus stays in the input.
import { icon, make, on, post } from './dom.js';
import { openDialog } from './dialog.js';
import { currentTheme, setTheme } from './theme.js';
import { fill, text } from './text.js';
import { match } from './match.js';

const palette = document.getElementById('palette');
const input = palette?.querySelector('input');
const list = document.getElementById('palette-list');
const status = document.getElementById('palette-count');
// Read each time: a page that goes from folder to folder brings others with it.
const items = () => JSON.parse(document.getElementById('palette-items')?.textContent ?? '[]');
let shown = [];
let at = 0;

function find(query) {
  const offered = items().filter((item) => item.theme === undefined || item.theme !== currentTheme());
  if (!query.trim()) return offered.map((item) => ({ item, marks: [] }));
  return offered
    .map((item) => ({ item, found: match(query, item.label, item.words) }))
    .filter(({ found }) => found)
    .sort((a, b) => b.found.score - a.found.score)
    .map(({ item, found }) => ({ item, marks: found.marks }));
}

function show() {
  const query = input.value;
  const groups = Map.groupBy ? Map.groupBy(find(query), ({ item }) => item.group) : groupBy(find(query));
  shown = [...groups.values()].flat();
  at = 0;
  list.replaceChildren(
    ...[...groups].map(([name, entries], g) =>
      make(
        'div',
        { role: 'group', 'aria-labelledby': `palette-group-${g}` },
        make('h3', { id: `palette-group-${g}`, role: 'presentation' }, name),
        ...entries.map((entry) => option(entry, shown.indexOf(entry))),
      ),
    ),
  );
  if (shown.length === 0)
    list.append(make('p', { class: 'nothing' }, fill(text.palette.nothing, { text: query.trim() })));
  status.textContent = query.trim() ? fill(text.palette.count, { n: shown.length }) : '';
  mark();
}

function groupBy(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry.item.group, [...(groups.get(entry.item.group) ?? []), entry]);
  return groups;
}

function option({ item, marks }, index) {
  return make(
    'div',
    { role: 'option', id: `palette-${index}`, 'aria-selected': 'false' },
    icon(item.icon),
    make('span', { class: 'clip' }, ...pieces(item.label, marks)),
    item.note ? make('small', {}, item.note) : null,
    item.keys ? make('small', { class: 'end' }, ...item.keys.split(' ').map((key) => make('kbd', {}, key))) : null,
  );
}

/** The label with the letters that matched in `<mark>`. */
function pieces(label, marks) {
  const out = [];
  let last = 0;
  for (const [start, end] of marks) {
    out.push(label.slice(last, start), make('mark', {}, label.slice(start, end)));
    last = end;
  }
  out.push(label.slice(last));
  return out;
}

function mark() {
  const options = list.querySelectorAll('[role=option]');
  options.forEach((one, i) => one.setAttribute('aria-selected', String(i === at)));
  options[at]?.scrollIntoView({ block: 'nearest' });
  if (at === 0) list.scrollTop = 0;
  if (options[at]) input.setAttribute('aria-activedescendant', options[at].id);
  else input.removeAttribute('aria-activedescendant');
}

function run(index) {
  const item = shown[index]?.item;
  if (!item) return;
  palette.close();
  if (item.theme) setTheme(item.theme);
  else if (item.open) openDialog(item.open);
  else if (item.post) post(item.post, item.fields);
  else if (item.href) location.href = item.href;
}

function onKey(event) {
  if (event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
  if (event.key === 'Enter') run(at);
  else if (steps && shown.length) {
    at =
      Math.abs(steps) === 1
        ? (at + steps + shown.length) % shown.length
        : Math.max(0, Math.min(shown.length - 1, at + steps));
    mark();
  } else return;
  event.preventDefault();
}

if (palette && input && list) {
  input.addEventListener('input', show);
  input.addEventListener('keydown', onKey);
  // Emptied and filled when it opens, whoever opened it: the browser tells of its end with the next picture, when it may be open again.
  new MutationObserver(() => {
    if (!palette.open) return;
    input.value = '';
    show();
  }).observe(palette, { attributeFilter: ['open'] });
  on('pointermove', '#palette-list [role=option]', (_event, one) => {
    const index = [...list.querySelectorAll('[role=option]')].indexOf(one);
    if (index !== at) {
      at = index;
      mark();
    }
  });
  on('click', '#palette-list [role=option]', (_event, one) => run(Number(one.id.slice('palette-'.length))));
}
