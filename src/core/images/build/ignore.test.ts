import { describe, expect, test } from 'bun:test';
import { cpuMs } from '../../../../test/support/cpu.ts';
import { AppError } from '../../../lib/errors.ts';
import { readIgnore } from './ignore.ts';

/** The same on the real engine, held against what docker(1) sends: test/real/image-build.test.ts. */
const stays = (rules: string, path: string, folder = false) => readIgnore(rules).judge(path, folder) === 'take';

const CASES: readonly [rules: string, out: readonly string[], goIn: readonly string[]][] = [
  ['*.log', ['a.log', '.log', 'b.log/inside'], ['sub/a.log', 'alog', 'a.log2']],
  ['**/*.log', ['a.log', 'sub/a.log', 'a/b/c/d.log'], ['a.logs']],
  ['node_modules', ['node_modules', 'node_modules/x', 'node_modules/x/y'], ['sub/node_modules', 'node_modules2']],
  ['**/node_modules', ['node_modules', 'a/node_modules', 'a/b/node_modules/c'], ['a/my_node_modules2']],
  ['/rooted/\n./dotted\na/../up\n  spaced  ', ['rooted', 'rooted/x', 'dotted', 'up', 'spaced'], ['a', 'x/rooted']],
  ['# no\n#also no\n\\#name', ['#name'], ['no', '# no']],
  ['a?c', ['abc', 'a.c', 'a☺c'], ['ac', 'a/c', 'abbc']],
  ['a[b-d]e\n[^x]y', ['ace', 'zy'], ['aee', 'xy']],
  ['a(b).+{c}|$d', ['a(b).+{c}|$d'], ['ab']],
  ['a\\*b', ['a*b'], ['aXb']],
  ['dir/**', ['dir/a', 'dir/a/b'], ['dir', 'dirt/a']],
  ['dir/*', ['dir/a', 'dir/a/b'], ['dir']],
  ['a/**/z', ['a/z', 'a/b/z', 'a/b/c/z'], ['z', 'a/zz', 'b/a/z']],
  ['**', ['a', 'a/b', '.x'], []],
  ['*\n!a', ['b', 'b/a'], ['a', 'a/b']],
  ['!a\n*', ['a'], []],
  ['*\n!*.md\nREADME.md', ['a', 'README.md'], ['b.md']],
  ['docs\n!docs/README.md', ['docs', 'docs/x'], ['docs/README.md']],
  ['docs\n!docs/*.md\ndocs/SECRET.md', ['docs/SECRET.md', 'docs/x'], ['docs/a.md']],
  ['\uFEFFfirst\r\nsecond\r\n', ['first', 'second'], []],
  ['名*', ['名字'], ['字']],
];

test.each(CASES)('%j', (rules, out, goIn) => {
  expect(out.filter((path) => stays(rules, path))).toEqual([]);
  expect(goIn.filter((path) => !stays(rules, path))).toEqual([]);
});

test('a folder that is left out is looked into only where an exception leads', () => {
  const rules = readIgnore('*\n!src/app\n!**/deep.txt');
  expect(rules.judge('src', true)).toBe('enter');
  expect(rules.judge('src/other', true)).toBe('leave');
  expect(rules.judge('src/app', true)).toBe('take');
  expect(rules.judge('src/app/x', false)).toBe('take');
  // As docker(1) has it: a pattern that begins with ** leads into no folder by itself.
  expect(rules.judge('lib', true)).toBe('leave');
  expect(readIgnore('node_modules').judge('node_modules', true)).toBe('leave');
});

test('what the engine asks for goes in whatever the rules say, and nothing else with it', () => {
  const rules = readIgnore('*', ['web/[x].Dockerfile', '.dockerignore']);
  expect([rules.judge('web/[x].Dockerfile', false), rules.judge('.dockerignore', false), rules.judge('web/x.Dockerfile', false), rules.judge('web', true)]).toEqual(['take', 'take', 'leave', 'enter']);
});

describe('refused', () => {
  test.each(['!', '[', 'a[', '[^', 'ok\n[z-a]'])('%j is no pattern', (rules) => {
    expect(() => readIgnore(rules)).toThrow(AppError);
  });

  test('S22 no pattern takes longer than its text, and no file is endless', () => {
    const begun = cpuMs();
    expect(stays(`${'**/a*'.repeat(40)}b`, `${'a/'.repeat(2000)}c`)).toBe(true);
    expect(cpuMs() - begun).toBeLessThan(2000);
    expect(() => readIgnore('a\n'.repeat(10_001))).toThrow(AppError);
    expect(readIgnore('a\n'.repeat(9_999)).judge('a', false)).toBe('leave');
    for (const long of ['a*b?c\n'.repeat(2001), `a${'*a'.repeat(400_000)}`]) expect(() => readIgnore(long)).toThrow(AppError);
    expect(cpuMs() - begun).toBeLessThan(4000);
  });
});
