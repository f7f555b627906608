// One file of the form as a CodeMirror view in place of its field; the field is what is sent.
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { forceLinting, linter, lintGutter } from '@codemirror/lint';
import { shadowIn } from '../files/editor/host.js';
import { languageOf } from '../files/editor/languages.js';
import { indentOf, slots, stateOf } from '../files/editor/setup.js';
import { look, onTheme } from '../files/editor/theme.js';
import { make } from '../dom.js';
import { complete } from './complete.js';
import { loadSchema } from './compose-schema.js';
import { diagnose } from './diagnose.js';
import { stackWords as words } from './words.js';

const LINT_MS = 400;

/** @returns `{ label, beside, box, area, view, dirty(), focus(), put(text) }` */
export function textOf(box, { onChange, onSave }) {
  const area = box.querySelector('textarea');
  const { label, beside } = box.dataset;
  const holder = make('div', { class: 'stack-code' });
  area.before(holder);
  // Where there are tabs they say which file it is.
  const parts = box.closest('.stack-texts') ? 'label, textarea, [data-keys]' : 'textarea, [data-keys]';
  for (const part of box.querySelectorAll(parts)) part.hidden = true;
  box.querySelector('label')?.addEventListener('click', () => view.focus());
  const { root, box: inner } = shadowIn(holder);
  const first = area.value;
  const compose = 'compose' in box.dataset;
  // What Compose said of the text as it was sent holds until it is changed.
  let fault = area.dataset.line ? { line: Number(area.dataset.line), message: area.dataset.fault ?? '' } : null;
  const state = stateOf({
    text: first, label, mixed: false, locked: false, indent: compose ? 2 : indentOf(first), onSave,
    onUpdate(update) {
      if (!update.docChanged) return;
      fault = null;
      area.value = update.state.doc.toString();
      onChange();
    },
    complete: compose ? { activateOnTyping: true, icons: false } : undefined,
    more: compose ? [EditorState.languageData.of(() => [{ autocomplete: complete }]), linter(lint, { delay: LINT_MS }), lintGutter()] : fault ? [linter(lint, { delay: LINT_MS }), lintGutter()] : [],
  });
  const view = new EditorView({ state, parent: inner, root });

  async function lint({ state: { doc } }) {
    const found = [];
    if (compose) {
      const schema = await loadSchema();
      if (schema) found.push(...diagnose(schema, doc.toString().split('\n'), words).map((one) => mark(doc, one.line + 1, one, 'warning')));
    }
    if (fault && fault.line <= doc.lines) found.unshift(mark(doc, fault.line, { message: fault.message }, 'error'));
    return found;
  }

  const language = languageOf(`/${label}`, label.split('/').at(-1), first.slice(0, 200).split('\n')[0]);
  if (language) void language.load().then((support) => view.dispatch({ effects: slots.language.reconfigure(support) })).catch(() => {});
  onTheme(() => view.dispatch({ effects: slots.look.reconfigure(look()) }));
  if (fault) {
    forceLinting(view);
    const line = view.state.doc.line(Math.min(fault.line, view.state.doc.lines));
    view.dispatch({ selection: { anchor: line.from } });
    // The text alone is scrolled: above it stands what is wrong.
    view.scrollDOM.scrollTop = Math.max(0, (fault.line - 6) * view.defaultLineHeight);
  }
  return {
    label, beside, box, area, view,
    faulty: fault !== null,
    dirty: () => area.value !== first,
    focus: () => view.contentDOM.focus({ preventScroll: true }),
    put: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
  };
}

/** Columns of a line, or what is written in it. */
function mark(doc, number, { from, to, message }, severity) {
  const line = doc.line(number);
  const start = from === undefined ? line.from + /^\s*/.exec(line.text)[0].length : line.from + from;
  const end = Math.min(line.to, to === undefined ? line.to : line.from + to);
  return { from: Math.min(start, line.to), to: Math.max(end, Math.min(start, line.to)), severity, message };
}
