// Own settings of a service: the field becomes an editor, which marks what systemd found wrong until it is changed.
import { EditorView } from '@codemirror/view';
import { forceLinting, linter, lintGutter } from '@codemirror/lint';
import { shadowIn } from '../files/editor/host.js';
import { named } from '../files/editor/languages.js';
import { slots, stateOf } from '../files/editor/setup.js';
import { look, onTheme } from '../files/editor/theme.js';

const form = document.getElementById('override');
const area = document.getElementById('text');
const label = form.querySelector('label[for=text]');
const { host, root, box } = shadowIn(area.parentElement);
area.after(host);
area.hidden = true;
form.querySelector('[data-keys]').hidden = false;

const first = area.value;
let sent = false;
let fault = area.dataset.line ? { line: Number(area.dataset.line), message: area.dataset.fault ?? '' } : null;

const view = new EditorView({
  parent: box,
  root,
  state: stateOf({
    text: first, label: label.textContent, mixed: false, locked: false, indent: 2, onSave: () => form.requestSubmit(form.querySelector('button[value=review]')),
    onUpdate(update) {
      if (!update.docChanged) return;
      fault = null;
      area.value = update.state.doc.toString();
    },
    more: fault ? [linter(lint, { delay: 300 }), lintGutter()] : [],
  }),
});

function lint({ state: { doc } }) {
  if (!fault || fault.line > doc.lines) return [];
  const line = doc.line(fault.line);
  return [{ from: line.from, to: line.to, severity: 'error', message: fault.message }];
}

label.addEventListener('click', () => view.focus());
onTheme(() => view.dispatch({ effects: slots.look.reconfigure(look()) }));
void named('Properties files')?.load().then((support) => view.dispatch({ effects: slots.language.reconfigure(support) }));
if (fault) {
  forceLinting(view);
  view.dispatch({ selection: { anchor: view.state.doc.line(Math.min(fault.line, view.state.doc.lines)).from }, scrollIntoView: true });
  view.focus();
}
form.addEventListener('submit', () => (sent = true));
addEventListener('pageshow', () => (sent = false));
addEventListener('beforeunload', (event) => {
  if (!sent && area.value !== first) event.preventDefault();
});
form.dataset.ready = '';
