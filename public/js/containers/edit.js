// A text of a container in the editor: the form stays, and is sent with what is in the editor.
import { EditorView } from '@codemirror/view';
import { shadowIn } from '../files/editor/host.js';
import { languageOf } from '../files/editor/languages.js';
import { indentOf, slots, stateOf } from '../files/editor/setup.js';
import { look, onTheme } from '../files/editor/theme.js';

const area = document.getElementById('text');
const form = document.getElementById('text-form');
let changed = false;

if (area) {
  const pane = document.createElement('div');
  pane.className = 'text-pane';
  area.before(pane);
  area.hidden = true;
  const text = area.value;
  const { root, box } = shadowIn(pane);
  const view = new EditorView({
    root, parent: box,
    state: stateOf({
      text, label: area.getAttribute('aria-label'), mixed: false, locked: area.readOnly, indent: indentOf(text),
      onUpdate: (update) => update.docChanged && (changed = true),
      onSave: () => area.readOnly || form.requestSubmit(),
    }),
  });
  onTheme(() => view.dispatch({ effects: slots.look.reconfigure(look()) }));
  void languageOf(form.elements.path.value, area.dataset.name, text.split('\n', 1)[0])?.load().then((language) => view.dispatch({ effects: slots.language.reconfigure(language) }));
  form.addEventListener('submit', () => {
    area.value = view.state.doc.toString();
    changed = false;
  });
  addEventListener('beforeunload', (event) => changed && event.preventDefault());
  view.focus();
}
