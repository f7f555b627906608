import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { needs } from '../support/needs.ts';
import { root, sources } from './tree.ts';

const sh = sources('src/platform/sh', /\.sh$/);
const ps1 = sources('src/platform/ps1', /\.ps1$/);
const it = needs('shellcheck');

it('shellcheck finds nothing in the embedded scripts', () => {
  const argv = ['shellcheck', '--shell=sh', '--severity=style', '--format=gcc', ...sh.map(({ path }) => join(root, path))];
  const result = Bun.spawnSync(argv, { stdin: 'ignore', stderr: 'pipe' });
  expect(result.stdout.toString() + result.stderr.toString()).toBe('');
});

it('shellcheck finds nothing in what starts the tests', () => {
  const result = Bun.spawnSync(['shellcheck', '--format=gcc', join(root, '.ci', 'run')], { stdin: 'ignore' });
  expect(result.stdout.toString()).toBe('');
});

test('every embedded script stops at the first error and at an unset name', () => {
  expect(sh.filter(({ text }) => !/^set -eu$/m.test(text)).map(({ path }) => path)).toEqual([]);
  expect(ps1.filter(({ text }) => !/^\$ErrorActionPreference = 'Stop'$/m.test(text)).map(({ path }) => path)).toEqual([]);
});

test('S1 no embedded script makes commands of its arguments', () => {
  const evaluates = /(^|[;&|\s])eval\s|\bsh -c\b|\bbash -c\b|Invoke-Expression|\biex\b|\bcmd(\.exe)? \/c\b/i;
  expect([...sh, ...ps1].filter(({ text }) => evaluates.test(text.replace(/^\s*#.*$/gm, ''))).map(({ path }) => path)).toEqual([]);
});

test('the list of embedded scripts and the folders are the same', async () => {
  const { scripts } = await import('../../src/platform/scripts.ts');
  const files = [...sh, ...ps1].map(({ path }) => path.split('/').at(-1) ?? '');
  expect(Object.keys(scripts).sort()).toEqual(files.sort());
  for (const { path, text } of [...sh, ...ps1]) expect(scripts[path.split('/').at(-1) ?? '']).toBe(text);
});
