import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, sources } from './tree.ts';

const rows = [...readFileSync(join(root, 'SECURITY.md'), 'utf8').matchAll(/^\| (S\d+) \| .* \| (.*) \|$/gm)].map(([, id, kept]) => ({ id: id!, kept: kept! }));

test('each promise of SECURITY.md has a test that begins with its id', () => {
  const tests = ['src', 'test'].flatMap((folder) => sources(folder, /\.test\.tsx?$/)).map(({ text }) => text).join('\n');
  const named = new Set([...tests.matchAll(/\b(?:test|it|describe)(?:\.\w+(?:\([^\n]*?\))?)?\(\s*['"`]((?:S\d+ )+)/g)].flatMap(([, ids]) => ids!.trim().split(' ')));
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.map(({ id }) => id).filter((id) => !named.has(id))).toEqual([]);
});

test('each promise of SECURITY.md names files that are there', () => {
  const paths = rows.flatMap(({ kept }) => [...kept.matchAll(/`([\w./-]+)`/g)].map(([, path]) => path!));
  expect(paths.filter((path) => !existsSync(join(root, 'src', path)) && !existsSync(join(root, path)))).toEqual([]);
});
