import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { listFiles } from '../../src/http/asset-files.ts';
import { EDITOR_IMPORTS } from '../../src/views/files/editor/imports.ts';
import { EDITOR_MODULES } from '../../src/views/files/editor/modules.ts';
import { STACK_EDITOR_MODULES } from '../../src/views/stacks/editor.ts';
import { APP_MODULES, IMPORTS } from '../../src/views/shell/imports.ts';
import { root } from './tree.ts';

const publicDir = join(root, 'public');
const scanner = new Bun.Transpiler({ loader: 'js' });
const names: Record<string, string> = { ...IMPORTS, ...EDITOR_IMPORTS };

/** What a module imports: paths under public/, and whether only when it is asked for. */
function importsOf(path: string): { path: string; name: string; late: boolean }[] {
  return scanner.scanImports(readFileSync(join(publicDir, path), 'utf8')).map(({ path: name, kind }) => ({
    name, late: kind === 'dynamic-import', path: name.startsWith('.') ? posix.join(posix.dirname(path), name) : (names[name] ?? ''),
  }));
}

const modules = [...listFiles(join(publicDir, 'vendor/codemirror'), 'vendor/codemirror/'), ...listFiles(join(publicDir, 'js/files/editor'), 'js/files/editor/'), ...listFiles(join(publicDir, 'js/stacks'), 'js/stacks/')];

test.each(modules)('%s imports only what is there', (path) => {
  const missing = importsOf(path).filter((one) => !one.path || !existsSync(join(publicDir, one.path)));
  expect(missing.map((one) => one.name)).toEqual([]);
});

test('every vendored module is imported by something', () => {
  const used = new Set(modules.flatMap((path) => importsOf(path).map((one) => one.path)));
  expect(modules.filter((path) => path.startsWith('vendor/') && !used.has(path))).toEqual([]);
});

test.each([['js/files/editor/main.js', EDITOR_MODULES], ['js/stacks/edit.js', STACK_EDITOR_MODULES]])('what is fetched ahead is what %s imports at once, and no language', (entry, listed) => {
  const seen = new Set<string>();
  const walk = (path: string) => importsOf(path).forEach((one) => !one.late && !seen.has(one.path) && (seen.add(one.path), walk(one.path)));
  walk(entry);
  expect([...seen].filter((path) => !APP_MODULES.includes(path)).sort()).toEqual([...listed].sort());
  expect([...seen].filter((path) => /codemirror\/(lang-|mode\/|replit)/.test(path))).toEqual([]);
});
