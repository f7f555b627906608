const CORE = [
  'state', 'view', 'language', 'language-data', 'commands', 'search', 'autocomplete', 'style-mod', 'w3c-keyname', 'crelt',
  'marijn-find-cluster-break', 'lezer-common', 'lezer-highlight', 'streamparser',
];

const OWN = [
  'commands', 'conflict', 'drafts', 'file', 'found', 'host', 'languages', 'notices', 'prefs', 'save', 'server', 'setup', 'status', 'tabs', 'theme',
  'tree', 'words',
];

/** What every page with a text in it imports, fetched at once instead of one level after the other. */
export const CORE_MODULES: readonly string[] = CORE.map((name) => `vendor/codemirror/${name}.js`);

/** Those that the editor imports, beside what every page does; a test holds the list against the files. */
export const EDITOR_MODULES: readonly string[] = [...CORE_MODULES, 'js/prefs.js', 'js/question.js', ...OWN.map((name) => `js/files/editor/${name}.js`)];
