// Copies what browsers load from node_modules into public/vendor, byte for byte: `bun run vendor`.
// The versions are those of package.json; test/rules/vendor.test.ts fails when a copy is not the installed one.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listFiles } from '../src/http/asset-files.ts';
import { XTERM_ADDONS } from '../src/views/terminal/imports.ts';
import { EDITOR } from './codemirror.ts';

/** public/vendor/<name> ← node_modules/<path>. The import map in src/views/shell/imports.ts gives them their names. */
export const VENDORED: Readonly<Record<string, string>> = {
  'htmx.esm.min.js': 'htmx.org/dist/htmx.esm.min.js',
  // Minified there is only this one, which makes a global; as an ES module it would be twice the size on the wire.
  'uplot.iife.min.js': 'uplot/dist/uPlot.iife.min.js',
  // The package has no ESM bundle; this one sets globalThis.SimpleWebAuthnBrowser, also when imported as a module.
  'simplewebauthn.umd.min.js': '@simplewebauthn/browser/dist/bundle/index.umd.min.js',
  'marked.esm.js': 'marked/lib/marked.esm.js',
  'pdfjs/pdf.min.mjs': 'pdfjs-dist/build/pdf.min.mjs',
  'pdfjs/pdf.worker.min.mjs': 'pdfjs-dist/build/pdf.worker.min.mjs',
  // A UMD bundle: it sets globalThis.tus, also when imported as a module.
  'tus.min.js': 'tus-js-client/dist/tus.min.js',
  'xterm/xterm.mjs': '@xterm/xterm/lib/xterm.mjs',
  'xterm/xterm.css': '@xterm/xterm/css/xterm.css',
  ...Object.fromEntries(XTERM_ADDONS.map((name) => [`xterm/addon-${name}.mjs`, `@xterm/addon-${name}/lib/addon-${name}.mjs`])),
  ...EDITOR,
};

export const root = join(import.meta.dir, '..');

function copyAll() {
  const target = join(root, 'public/vendor');
  mkdirSync(target, { recursive: true });
  for (const name of listFiles(target)) if (!(name in VENDORED)) rmSync(join(target, name));
  for (const [name, path] of Object.entries(VENDORED)) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    copyFileSync(join(root, 'node_modules', path), join(target, name));
  }
}

if (import.meta.main) copyAll();
