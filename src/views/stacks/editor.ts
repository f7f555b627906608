import { CORE_MODULES } from '../files/editor/modules.ts';
import type { Ui } from '../ui.ts';

/** What the editor of stacks imports beside what every page does; a test holds the list against the files. */
export const STACK_EDITOR_MODULES: readonly string[] = [
  ...CORE_MODULES, 'vendor/codemirror/lint.js', 'js/prefs.js', ...['host', 'languages', 'prefs', 'setup', 'theme', 'words'].map((name) => `js/files/editor/${name}.js`),
  ...['complete', 'compose-schema', 'diagnose', 'open-file', 'path', 'tabs', 'text', 'words'].map((name) => `js/stacks/${name}.js`),
];

/** What its scripts say, in the reader's language; `{key}` and the like are filled in by the page. */
export function stackWords({ t }: Ui) {
  const s = t.stackFiles;
  return {
    tabs: s.tabs, unsaved: s.unsaved, closeTab: s.closeTab, lost: s.lost, discard: s.discard({ name: '{name}' }), noYaml: s.noYaml, tab: s.tab, wantsMap: s.wantsMap, wantsList: s.wantsList, wantsText: s.wantsText,
    unknownKey: s.unknownKey({ key: '{key}' }), meant: s.meant({ key: '{key}' }), oneOf: s.oneOf({ values: '{values}' }), keys: t.stacks.keys,
  };
}
