// Two texts beside each other; on a narrow screen one text with what was taken away in it.
import { getChunks, goToNextChunk, goToPreviousChunk, MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { defaultKeymap } from '@codemirror/commands';
import { searchKeymap } from '@codemirror/search';
import { shadowIn } from './host.js';
import { languageOf } from './languages.js';
import { prefs } from './prefs.js';
import { lock, reading } from './setup.js';
import { look } from './theme.js';

const NARROW = 760;
/** Lines that are equal are folded away but for these around a change. */
const fold = { margin: 3, minSize: 6 };
/** Finding the smallest difference of two large texts takes for ever: then a larger one does. */
const diffConfig = { scanLimit: 2000, timeout: 3000 };

/** Shows `a` → `b` in `parent`. @returns `{ changes(), next(), previous(), focus(), close() }` */
export async function showDiff(parent, { a, b, labels, path, name }) {
  const language = languageOf(path, name, b.slice(0, 200).split(/\r\n?|\n/)[0]);
  const support = language ? await language.load().catch(() => []) : [];
  const { host, root, box } = shadowIn(parent);
  const extensions = (label) => [
    reading(label), lock(true), support, prefs.wrap || parent.clientWidth < NARROW ? EditorView.lineWrapping : [], look(), keymap.of([...defaultKeymap, ...searchKeymap]),
  ];
  const shown = parent.clientWidth < NARROW ? unified() : beside();

  function beside() {
    const merge = new MergeView({
      a: { doc: a, extensions: extensions(labels[0]) }, b: { doc: b, extensions: extensions(labels[1]) },
      parent: box, root, collapseUnchanged: fold, diffConfig, gutter: true, highlightChanges: true,
    });
    return { view: merge.b, chunks: () => merge.chunks, destroy: () => merge.destroy() };
  }

  function unified() {
    const view = new EditorView({
      state: EditorState.create({ doc: b, extensions: [extensions(labels[1]), unifiedMergeView({ original: a, mergeControls: false, collapseUnchanged: fold, diffConfig })] }),
      parent: box, root,
    });
    return { view, chunks: () => getChunks(view.state)?.chunks ?? [], destroy: () => view.destroy() };
  }

  return {
    changes: () => shown.chunks().length,
    next: () => goToNextChunk(shown.view),
    previous: () => goToPreviousChunk(shown.view),
    focus: () => shown.view.focus(),
    close: () => (shown.destroy(), host.remove()),
  };
}
