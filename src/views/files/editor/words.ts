import { ENCODING_NAMES, ENCODINGS, hasBom } from '../../../core/files/text/encodings.ts';
import type { Ui } from '../../ui.ts';

/** What the editor's scripts say and need to know, in the reader's language; `{n}` and the like are filled in by the page. */
export function editorWords({ t, actor }: Ui) {
  const e = t.editor;
  const n = '{n}';
  const plural = (say: (p: { n: number }) => string) => ({ none: say({ n: 0 }), one: say({ n: 1 }), many: say({ n: 1111 }).replace('1111', '{n}') });
  return {
    /** Drafts belong to a person, also where several share a browser. */
    person: actor?.name ?? '',
    encodings: ENCODINGS.map((id) => ({ id, name: ENCODING_NAMES[id], bom: hasBom(id) })),
    area: e.area,
    unsaved: e.unsaved,
    save: e.save,
    saved: e.saved,
    savedLess: e.savedLess,
    close: e.close,
    closeTab: e.closeTab({ name: '{name}' }),
    closeAsk: e.closeAsk({ name: '{name}' }),
    treeMore: e.treeMore({ n }),
    status: {
      ...e.status,
      position: e.status.position({ line: '{line}', column: '{column}' }),
      selected: e.status.selected({ n }),
      spaces: e.status.spaces({ n }),
    },
    notice: { ...e.notice, draft: e.notice.draft({ when: '{when}' }) },
    merge: { ...e.merge, text: plural(e.merge.text), conflict: e.merge.conflict({ at: '{at}', of: '{of}' }), left: e.merge.left({ n }) },
    diff: { same: e.diff.same, changes: plural(e.diff.changes), bytesDiffer: e.diff.bytesDiffer, disk: e.diff.disk, mine: e.diff.mine, next: e.diff.next, previous: e.diff.previous, backToEditor: e.diff.backToEditor },
    errors: { noAnswer: e.errors.noAnswer, signedOut: e.errors.signedOut, failed: e.errors.failed({ status: '{status}' }), notOpened: e.errors.notOpened, notLoaded: e.errors.notLoaded },
    phrases: phrasesOf(e.finder),
  };
}

/** CodeMirror's own words (`EditorState.phrases`): theirs → ours. */
function phrasesOf(t: Ui['t']['editor']['finder']): Record<string, string> {
  return {
    Find: t.find, Replace: t.replace, next: t.next, previous: t.previous, all: t.all, 'match case': t.matchCase, regexp: t.regexp, 'by word': t.byWord,
    replace: t.replace, 'replace all': t.replaceAll, close: t.close, 'Go to line': t.goToLine, go: t.go, 'current match': t.currentMatch, 'on line': t.onLine,
    'replaced $ matches': t.replacedMatches, 'replaced match on line $': t.replacedMatch, 'folded code': t.folded, unfold: t.unfold,
    'Fold line': t.fold, 'Unfold line': t.unfoldLine, 'Folded lines': t.folded, 'Unfolded lines': t.unfold, '$ unchanged lines': t.unchanged,
    'Control character': t.control, Completions: t.completions,
  };
}
