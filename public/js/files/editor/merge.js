// Three-way merge: what both sides changed from the same text. What does not touch is merged; what does is shown, and the
// person chooses place by place. Nothing is saved before every place is decided.
import { diff3Merge } from 'node-diff3';
import { EditorState, RangeSet, StateEffect, StateField, Transaction } from '@codemirror/state';
import { Decoration, EditorView, keymap, WidgetType } from '@codemirror/view';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { make } from '../../dom.js';
import { fill } from '../../text.js';
import { shadowIn } from './host.js';
import { reading } from './setup.js';
import { look } from './theme.js';
import { count, words } from './words.js';

// Where line ends are mixed, they belong to the lines.
const lines = (text, mixed) => text.split(mixed ? '\n' : /\r\n?|\n/);

/** Text with a line left free for each conflict, and the conflicts: `{ from, mine, base, disk }`. */
export function mergeTexts(mine, base, disk, mixed = false) {
  let text = '';
  const conflicts = [];
  const regions = diff3Merge(lines(mine, mixed), lines(base, mixed), lines(disk, mixed), { excludeFalseConflicts: true });
  for (const [i, region] of regions.entries()) {
    if (i > 0) text += '\n';
    if (region.ok) text += region.ok.join('\n');
    else conflicts.push({ from: text.length, mine: region.conflict.a, base: region.conflict.o, disk: region.conflict.b });
  }
  return { text, conflicts };
}

const decide = StateEffect.define();

class Place extends WidgetType {
  constructor(conflict, at, of) {
    super();
    Object.assign(this, { conflict, at, of });
  }
  eq(other) {
    return other.conflict === this.conflict && other.of === this.of;
  }
  toDOM(view) {
    const { conflict } = this;
    const button = (text, chosen) => {
      const made = make('button', { type: 'button', class: 'cm-button' }, text);
      made.addEventListener('click', () => choose(view, conflict, chosen));
      return made;
    };
    const side = (name, content) => make('code', { class: 'ed-conflict-side', 'data-side': name }, make('small', {}, words.merge[name]), content.join('\n') || ' ');
    return make('div', { class: 'ed-conflict', role: 'group', 'aria-label': fill(words.merge.conflict, { at: this.at, of: this.of }) },
      make('div', { class: 'ed-conflict-head' }, make('b', {}, fill(words.merge.conflict, { at: this.at, of: this.of })),
        button(words.merge.takeMine, conflict.mine), button(words.merge.takeDisk, conflict.disk), button(words.merge.takeBoth, [...conflict.mine, ...conflict.disk])),
      side('mine', conflict.mine), side('base', conflict.base), side('disk', conflict.disk));
  }
  ignoreEvent() {
    return true;
  }
}

/** The line that is left free for a conflict gets the chosen lines, or goes away when there are none. Undo does not bring an undecided place back. */
function choose(view, conflict, chosen) {
  const from = positionOf(view.state, conflict);
  const line = view.state.doc.lineAt(from);
  const insert = chosen.join('\n');
  const gone = chosen.length === 0;
  const to = gone && line.to < view.state.doc.length ? line.to + 1 : line.to;
  const start = gone && line.to === view.state.doc.length && line.from > 0 ? line.from - 1 : line.from;
  view.dispatch({ changes: { from: start, to, insert }, effects: decide.of(conflict), selection: { anchor: Math.min(start, view.state.doc.length) }, userEvent: 'input', annotations: Transaction.addToHistory.of(false) });
  view.focus();
}

const positionOf = (state, conflict) => state.field(places).find((one) => one.conflict === conflict).from;

const places = StateField.define({
  create: () => [],
  update(value, transaction) {
    const decided = transaction.effects.filter((effect) => effect.is(decide)).map((effect) => effect.value);
    const kept = value.filter((one) => !decided.includes(one.conflict));
    return transaction.docChanged ? kept.map((one) => ({ ...one, from: transaction.changes.mapPos(one.from, -1) })) : kept.length === value.length ? value : kept;
  },
  provide: (field) =>
    EditorView.decorations.from(field, (value) =>
      RangeSet.of(value.map((one, i) => Decoration.widget({ widget: new Place(one.conflict, i + 1, value.length), block: true, side: -1 }).range(one.from)), true)),
});

/** @returns `{ left(), text(), next(), close() }`; `onChange` runs after every decision and change. */
export function showMerge(parent, { mine, base, disk, mixed, label, support, onChange }) {
  const { text, conflicts } = mergeTexts(mine, base, disk, mixed);
  const { host, root, box } = shadowIn(parent);
  const view = new EditorView({
    state: EditorState.create({
      doc: mixed ? EditorState.create({ doc: text, extensions: EditorState.lineSeparator.of('\n') }).doc : text,
      extensions: [
        mixed ? EditorState.lineSeparator.of('\n') : [],
        reading(label), history(), keymap.of([...defaultKeymap, ...historyKeymap]), support, EditorView.lineWrapping, look(),
        places.init((state) => conflicts.map((conflict) => ({ conflict, from: state.doc.lineAt(conflict.from).from }))),
        EditorView.updateListener.of((update) => update.docChanged && onChange()),
      ],
    }),
    parent: box, root,
  });
  const left = () => view.state.field(places).length;
  return {
    left,
    summary: () => count(words.merge.text, left()),
    text: () => view.state.sliceDoc(),
    next() {
      const head = view.state.selection.main.head;
      const all = view.state.field(places);
      const found = all.find((one) => one.from > head) ?? all[0];
      if (!found) return;
      view.dispatch({ selection: { anchor: found.from }, effects: EditorView.scrollIntoView(found.from, { y: 'start', yMargin: 40 }) });
      view.focus();
    },
    close: () => (view.destroy(), host.remove()),
  };
}
