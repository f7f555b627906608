// Snippets in the terminal: a list to choose from, a form for what it asks, and then it is typed.
import { openDialog } from '../../dialog.js';
import { make } from '../../dom.js';
import { match } from '../../match.js';
import { toast } from '../../toast.js';
import { text as texts } from '../../text.js';
import { words } from '../words.js';
import { filled, placesOf } from './placeholders.js';

const part = (id) => document.getElementById(`tt-snip-${id}`);
const dialog = document.getElementById('tt-snippets');
const [pickPart, filter, list, none, form, fields, quoteRow, quote, preview] = ['pick', 'filter', 'list', 'none', 'form', 'fields', 'quote-row', 'quote', 'preview'].map(part);

let all = [];
let shown = [];
let at = 0;
let chosen = null;
let pane = null;

/** @param active gives the pane that has the focus. @returns what opens the list */
export function wireSnippets(active) {
  if (!dialog) return () => {};
  filter.addEventListener('input', draw);
  filter.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && shown.length) mark((at + by + shown.length) % shown.length);
    else if (event.key === 'Enter' && shown[at]) choose(shown[at]);
    else if (!by && event.key !== 'Enter') return;
    event.preventDefault();
  });
  list.addEventListener('click', ({ target }) => {
    const option = target.closest('[role=option]');
    if (option) choose(shown[Number(option.dataset.n)]);
  });
  form.addEventListener('input', look);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    give(false);
  });
  part('run').addEventListener('click', () => give(true));
  part('back').addEventListener('click', pick);
  dialog.addEventListener('close', () => pane?.focus());
  return async function open() {
    pane = active();
    if (!pane?.screen) return;
    if (pane.readOnly || pane.ended) return void toast({ tone: 'warn', title: words.snippetsReadOnly });
    try {
      const answer = await fetch('/terminal/snippets/all', { headers: { accept: 'application/json' } });
      if (answer.redirected) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      all = await answer.json();
    } catch {
      return void toast({ tone: 'danger', title: texts.noAnswer });
    }
    filter.value = '';
    pick();
    openDialog('tt-snippets');
    filter.focus();
  };
}

/** The list. */
function pick() {
  chosen = null;
  pickPart.hidden = false;
  form.hidden = true;
  draw();
  filter.focus();
}

function draw() {
  const query = filter.value.trim();
  shown = query === '' ? all : all.map((one) => ({ one, found: match(query, one.name, one.text) })).filter(({ found }) => found).sort((a, b) => b.found.score - a.found.score).map(({ one }) => one);
  list.replaceChildren(...shown.map((one, n) => make(
    'div', { role: 'option', id: `tt-snip-${n}`, 'data-n': n, 'aria-selected': 'false' },
    make('b', {}, one.name), make('code', {}, one.text.replaceAll('\n', ' ⏎ ').slice(0, 200)), one.shared ? make('small', {}, words.snippetsShared) : null,
  )));
  list.hidden = shown.length === 0;
  none.hidden = shown.length > 0;
  none.textContent = all.length === 0 ? words.snippetsNoneYet : words.snippetsNone;
  mark(0);
}

function mark(n) {
  at = n;
  const options = list.querySelectorAll('[role=option]');
  options.forEach((one, i) => one.setAttribute('aria-selected', String(i === at)));
  options[at]?.scrollIntoView({ block: 'nearest' });
  if (options[at]) filter.setAttribute('aria-activedescendant', options[at].id);
  else filter.removeAttribute('aria-activedescendant');
}

/** What it asks, and what it will be. */
function choose(one) {
  chosen = one;
  const places = placesOf(one.text);
  fields.replaceChildren(...places.map(({ name, value }, n) => make(
    'div', { class: 'field' }, make('label', { for: `tt-snip-f${n}` }, name),
    make('input', { class: 'input mono', id: `tt-snip-f${n}`, 'data-place': name, value, maxlength: '4096', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' }),
  )));
  quoteRow.hidden = places.length === 0;
  pickPart.hidden = true;
  form.hidden = false;
  look();
  const first = fields.querySelector('input') ?? part('insert');
  first.focus();
  first.select?.();
}

const typed = () => filled(chosen.text, Object.fromEntries([...fields.querySelectorAll('[data-place]')].map((input) => [input.dataset.place, input.value])), quote.checked);

function look() {
  preview.textContent = typed();
}

function give(run) {
  const text = typed();
  const to = pane;
  dialog.close();
  void to.insert(text, run);
}
