// Copies what browsers load from node_modules into public/vendor, byte for byte: `bun run vendor`.
// The versions are those of package.json; test/rules/vendor.test.ts fails when a copy is not the installed one.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** public/vendor/<name> ← node_modules/<path>. The import map in src/views/shell/imports.ts gives them their names. */
export const VENDORED: Readonly<Record<string, string>> = {
  'htmx.esm.min.js': 'htmx.org/dist/htmx.esm.min.js',
  // Minified there is only this one, which makes a global; as an ES module it would be twice the size on the wire.
  'uplot.iife.min.js': 'uplot/dist/uPlot.iife.min.js',
  // The package has no ESM bundle; this one sets globalThis.SimpleWebAuthnBrowser, also when imported as a module.
  'simplewebauthn.umd.min.js': '@simplewebauthn/browser/dist/bundle/index.umd.min.js',
};

export const root = join(import.meta.dir, '..');

function copyAll() {
  const target = join(root, 'public/vendor');
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(target)) if (!(name in VENDORED)) rmSync(join(target, name));
  for (const [name, path] of Object.entries(VENDORED))
    copyFileSync(join(root, 'node_modules', path), join(target, name));
}

if (import.meta.main) copyAll();
