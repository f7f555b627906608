// daemon.json: the text becomes an editor, and form and text follow each other. The panel works out both (it keeps order and
// unknown keys); this script only asks.
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { shadowIn } from '../files/editor/host.js';
import { named } from '../files/editor/languages.js';
import { look, onTheme } from '../files/editor/theme.js';

const form = document.getElementById('daemon');
const area = document.getElementById('text');
const label = form.querySelector('label[for=text]');
const shown = form.elements.shown;
const found = document.getElementById('daemon-found');
const lineWord = found.dataset.line;
const WAIT_MS = 350;

// --- the editor in place of the field, which goes on carrying the text
const { host, root, box } = shadowIn(area.parentElement);
area.after(host);
area.hidden = true;
form.querySelector('[data-keys]').hidden = false;
const looks = new Compartment();
const language = new Compartment();
let filling = false;

const view = new EditorView({
  parent: box,
  root,
  state: EditorState.create({
    doc: area.value,
    extensions: [
      lineNumbers(), highlightSpecialChars(), drawSelection(), highlightActiveLine(), history(), bracketMatching(), indentOnInput(), indentUnit.of('  '),
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]), EditorView.contentAttributes.of({ 'aria-label': label.textContent, tabindex: '0', spellcheck: 'false', autocapitalize: 'off' }),
      looks.of(look()), language.of([]),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        area.value = update.state.doc.toString();
        if (!filling) soon('text');
      }),
    ],
  }),
});
label.addEventListener('click', () => view.focus());
onTheme(() => view.dispatch({ effects: looks.reconfigure(look()) }));
void named('JSON')?.load().then((support) => view.dispatch({ effects: language.reconfigure(support) }));

function setText(text) {
  if (text === view.state.doc.toString()) return;
  filling = true;
  // Only what differs: the cursor and what can be undone stay where they are.
  const now = view.state.doc.toString();
  let from = 0;
  while (from < Math.min(now.length, text.length) && now[from] === text[from]) from++;
  let end = 0;
  while (end < Math.min(now.length, text.length) - from && now[now.length - 1 - end] === text[text.length - 1 - end]) end++;
  view.dispatch({ changes: { from, to: now.length - end, insert: text.slice(from, text.length - end) } });
  filling = false;
}

// --- form and text
const fields = () => Object.keys(JSON.parse(shown.value || '{}'));
let timer;
let asked = 0;
/** Does the form say something that the text does not yet? */
let ahead = false;

function soon(which) {
  if (which === 'form') ahead = true;
  // What is on its way answers what was there before.
  asked++;
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
}

/** What the form says otherwise than it did when it was filled in. */
function changed() {
  const before = JSON.parse(shown.value || '{}');
  return Object.fromEntries(fields().map((name) => [name, form.elements[name].value]).filter(([name, value]) => value !== before[name]));
}

/** In place of what the page found before: each fault leads to its line. */
function tell({ faults, unknown }) {
  found.replaceChildren();
  if (faults.length === 0 && !unknown) return;
  const list = document.createElement('ul');
  for (const { line, text } of faults) {
    const item = document.createElement('li');
    if (line) {
      const to = document.createElement('button');
      to.type = 'button';
      to.className = 'link';
      to.textContent = lineWord.replace('{line}', line);
      to.addEventListener('click', () => goTo(line));
      item.append(to, ' ');
    }
    item.append(text);
    list.append(item);
  }
  if (unknown) list.append(Object.assign(document.createElement('li'), { textContent: unknown }));
  const banner = Object.assign(document.createElement('div'), { className: 'banner daemon-faults' });
  banner.dataset.tone = faults.length ? 'danger' : 'warn';
  banner.append(list);
  found.append(banner);
}

function goTo(line) {
  const { from } = view.state.doc.line(Math.min(line, view.state.doc.lines));
  view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
  view.focus();
}

async function ask() {
  const mine = ++asked;
  const fromForm = ahead;
  const answer = await fetch('/docker/settings/sync', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: area.value, fields: fromForm ? changed() : {} }),
  }).catch(() => null);
  // Somebody typed on: a newer question is on its way.
  if (mine !== asked || !answer?.ok) return;
  const said = await answer.json();
  if (mine !== asked) return;
  ahead = false;
  if (fromForm) setText(said.text);
  if (said.form) {
    for (const [name, value] of Object.entries(said.form)) {
      const control = form.elements[name];
      if (!control || control === document.activeElement || control.value === value) continue;
      if (control.tagName === 'SELECT' && ![...control.options].some((option) => option.value === value)) control.add(new Option(value, value));
      control.value = value;
    }
    shown.value = JSON.stringify(said.form);
  }
  tell(said);
}

document.getElementById('daemon-fields').addEventListener('input', () => soon('form'));
