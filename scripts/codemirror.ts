import { EDITOR_IMPORTS } from '../src/views/files/editor/imports.ts';

/** Where a package keeps its ES module when that is not dist/index.js. */
const MODULE: Readonly<Record<string, string>> = {
  'style-mod': 'src/style-mod.js',
  'w3c-keyname': 'index.js',
  crelt: 'index.js',
  '@marijn/find-cluster-break': 'src/index.js',
  '@replit/codemirror-vim-core': 'vim.js',
  'node-diff3': 'dist/diff3.mjs',
};

const sourceOf = (name: string) => (name.startsWith('@codemirror/legacy-modes/') ? `${name}.js` : `${name}/${MODULE[name] ?? 'dist/index.js'}`);

/** The text editor: public/vendor/<file> ← node_modules/<path>. */
export const EDITOR: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(EDITOR_IMPORTS).map(([name, path]) => [path.replace(/^vendor\//, ''), sourceOf(name)]),
);
