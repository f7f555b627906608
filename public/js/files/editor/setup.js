// A text and all that belongs to editing it, as extensions of CodeMirror.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { crosshairCursor, drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, rectangularSelection } from '@codemirror/view';
import { prefs } from './prefs.js';
import { look } from './theme.js';
import { words } from './words.js';

/** What changes while a text is open. */
export const slots = { look: new Compartment(), language: new Compartment(), wrap: new Compartment(), vim: new Compartment(), indent: new Compartment(), locked: new Compartment() };

/** Also for texts that are only looked at. */
export const reading = (label) => [
  lineNumbers(), highlightSpecialChars(), drawSelection(), bracketMatching(), highlightSelectionMatches(), search({ top: true }),
  EditorState.phrases.of(words.phrases), EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', spellcheck: 'false', autocorrect: 'off', autocapitalize: 'off' }),
];

/** Spaces of one level, or "tab". */
export const indentBy = (by) => (by === 'tab' ? [indentUnit.of('\t'), EditorState.tabSize.of(4)] : [indentUnit.of(' '.repeat(by)), EditorState.tabSize.of(by)]);

export const lock = (locked) => (locked ? [EditorState.readOnly.of(true)] : []);

/** `complete`: how words are offered; `more`: further extensions. `lineSeparator` is set for mixed line ends only: then a CR stays in its line, is seen, and is saved where it was. */
export function stateOf({ text, label, mixed, locked, indent, onUpdate, onSave, complete = { activateOnTyping: false }, more = [] }) {
  return EditorState.create({
    doc: mixed ? EditorState.create({ doc: text, extensions: EditorState.lineSeparator.of('\n') }).doc : text,
    extensions: [
      // Before everything else, so that it also saves while vim keys are on.
      Prec.highest(keymap.of([{ key: 'Mod-s', preventDefault: true, run: () => (onSave(), true) }])),
      slots.vim.of([]),
      mixed ? EditorState.lineSeparator.of('\n') : [],
      reading(label), highlightActiveLineGutter(), highlightActiveLine(), foldGutter(), history(), dropCursor(), EditorState.allowMultipleSelections.of(true),
      indentOnInput(), closeBrackets(), autocompletion(complete), rectangularSelection(), crosshairCursor(),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ 'aria-describedby': 'ed-hint-inside' }),
      slots.indent.of(indentBy(indent)), slots.language.of([]), slots.wrap.of(prefs.wrap ? EditorView.lineWrapping : []), slots.locked.of(lock(locked)), slots.look.of(look()),
      EditorView.updateListener.of(onUpdate), more,
    ],
  });
}

/** How the text is indented: "tab", or the step that occurs most; two where nothing is indented. */
export function indentOf(text) {
  const steps = { 2: 0, 4: 0, 8: 0, tab: 0 };
  let before = 0;
  for (const line of text.slice(0, 200_000).split(/\r\n?|\n/)) {
    if (line.trim() === '') continue;
    if (line.startsWith('\t')) {
      steps.tab++;
      continue;
    }
    const width = /^ */.exec(line)[0].length;
    if (/^ *\*/.test(line)) continue;
    const step = Math.abs(width - before);
    if (step in steps) steps[step]++;
    before = width;
  }
  const best = Object.entries(steps).sort((a, b) => b[1] - a[1])[0];
  return best[1] === 0 ? 2 : best[0] === 'tab' ? 'tab' : Number(best[0]);
}
