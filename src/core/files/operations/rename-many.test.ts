import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { cpuMs } from '../../../../test/support/cpu.ts';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import { SYSTEM } from '../../app.ts';
import { numbered, splitName } from './names.ts';
import { planRenames, renameMany } from './rename-many.ts';
import { RenameRules, renamer, safePattern } from './rename-rules.ts';

let t: TestApp;
let root = '';
beforeAll(() => void (t = testApp()));
afterAll(() => t.close());
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'mantou-rename-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const rules = (input: Record<string, string> = {}) => RenameRules.parse(input);
const put = (...names: string[]) => names.forEach((name) => writeFileSync(join(root, name), name));
const holds = () => Object.fromEntries(readdirSync(root).map((name) => [name, readFileSync(join(root, name), 'utf8')]));
const plan = (names: string[], input: Record<string, string>) => planRenames(t.app, SYSTEM, { folder: root, names }, rules(input));
const go = (names: string[], input: Record<string, string>) => renameMany(t.app, SYSTEM, { folder: root, names }, rules(input));
const refusal = (work: Promise<unknown>) => work.then(() => 'nothing', (error: unknown) => (error instanceof AppError ? error.say(en) : Promise.reject(error)));

describe('refused', () => {
  test.each(['(.)\\1', '(?<x>.)\\k<x>', '(?=a)b', '(', '[', ')', 'a'.repeat(201), '(a{500}){500}'])(
    'S22 the expression %p', (source) => expect(() => safePattern(source, false)).toThrow(AppError),
  );

  test.each(['^IMG_(\\d+)', '(foo|bar)', '[+*(]+', '\\.txt$', '(?:a)?b', 'a+b*', '(\\d{4})-(\\d\\d)', '[\\]+]+x', '馒.*头', 'x{2,3}', '(?<year>\\d+)'])('but not %p', (source) => expect(safePattern(source, false).matcher('').find()).toBeBoolean());

  // Each of them takes a backtracking engine hours or years on one of these names.
  test.each(['a?'.repeat(60) + 'b', 'a{0,200}'.repeat(4) + 'b', '(a+)+$', '(a|a)*b', '(a|ab)+c', '([a-z]+)*$', '(a{1,30}){1,30}b', '(?:a+)+b', '((a)+)+b', 'a*a*a*a*b', '(a?|b)*c', '((a|b))+c'])('S22 the expression %p ends soon on the worst names', (source) => {
    const from = cpuMs();
    const make = renamer(rules({ find: source, regex: 'on', replace: 'x' }), () => performance.now());
    // Either all names are done or the bound on all of them ends it.
    try {
      for (let n = 0; n < 20; n++) make(`${'a'.repeat(254)}!`, false, n);
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
    }
    expect(cpuMs() - from).toBeLessThan(10_000);
  });

  test('two with one name, names that are taken, that are none, and what is gone: found before anything is done', async () => {
    put('a.txt', 'b.txt', 'c.md', 'taken.md');
    expect(await plan(['a.txt', 'b.txt'], { pattern: 'x' })).toMatchObject([{ to: 'x.txt', problem: 'twice' }, { to: 'x.txt', problem: 'twice' }]);
    expect(await plan(['c.md', 'a.txt'], { find: 'c', replace: 'taken' })).toMatchObject([{ problem: 'taken' }, { to: 'a.txt', problem: null }]);
    expect(await plan(['c.md'], { find: 'c', replace: '../c' })).toMatchObject([{ problem: 'invalid' }]);
    expect(await plan(['c.md'], { pattern: '馒'.repeat(90) })).toMatchObject([{ problem: 'invalid' }]);
    expect(await plan(['gone'], { pattern: 'x' })).toMatchObject([{ problem: 'gone' }]);
    const before = holds();
    expect(await refusal(go(['a.txt', 'c.md'], { find: 'c', replace: 'taken' }))).toBe(en.transfers.errors.plan);
    expect(await refusal(go([], {}))).toBe(en.transfers.errors.nothing);
    expect(holds()).toEqual(before);
  });

  test('a name that stays counts as taken', async () => {
    put('a1', 'a2');
    expect(await plan(['a1', 'a2'], { find: '1', replace: '2' })).toMatchObject([{ to: 'a2', problem: 'twice' }, { to: 'a2', problem: null }]);
  });
});

test('names are found and replaced, numbered, lettered and given an extension', () => {
  const one = (input: Record<string, string>, name: string, isFolder = false, index = 0) => renamer(rules(input), () => 0)(name, isFolder, index);
  expect(one({ find: 'a.b', replace: '$1' }, 'XA.B.txt')).toBe('X$1.txt');
  expect(one({ find: 'a.b', matchCase: 'on' }, 'XA.B.txt')).toBe('XA.B.txt');
  expect(one({ find: '^IMG_(\\d+)', replace: 'photo $1', regex: 'on' }, 'img_42.JPG')).toBe('photo 42.JPG');
  expect(one({ pattern: '{n} {name}', start: '8', digits: '3' }, 'x.tar.gz', false, 2)).toBe('010 x.tar.gz');
  expect(one({ pattern: '{name}' }, '{n}.txt')).toBe('{n}.txt');
  expect(one({ letters: 'lower' }, 'ABC.TXT')).toBe('abc.TXT');
  expect(one({ ending: 'md' }, 'a.txt')).toBe('a.md');
  expect(one({ ending: '.' }, 'a.txt')).toBe('a');
  expect(one({ ending: '.x' }, 'v1.2', true)).toBe('v1.2.x');
  expect(one({ pattern: '{name} {n}' }, '.bashrc')).toBe('.bashrc 1');
});

test('names that pass to one another are renamed, in a row and in a circle', async () => {
  put('1', '2', '3');
  expect(await go(['1', '2', '3'], { pattern: '{n}', start: '2' })).toBe(3);
  expect(holds()).toEqual({ 2: '1', 3: '2', 4: '3' });
  // [a, b] → [ba, …] would be no circle: these swap.
  put('ab', 'ba');
  expect(await go(['ab', 'ba'], { find: '^(.)(.)$', replace: '$2$1', regex: 'on' })).toBe(2);
  expect(holds()).toEqual({ 2: '1', 3: '2', 4: '3', ab: 'ba', ba: 'ab' });
});

test('one that fails takes the others back', async () => {
  put('a1', 'a2');
  mkdirSync(join(root, 'x'));
  const { files } = t.app.host;
  const folder = await files.pin(root);
  await folder.close();
  // The second name appears between plan and rename: by somebody else, here by a folder that vanishes.
  const race = { ...t.app, host: { ...t.app.host, files: { ...files, volumes: async () => (writeFileSync(join(root, 'b2'), 'theirs'), []) } } };
  expect(await refusal(renameMany(race, SYSTEM, { folder: root, names: ['a1', 'a2'] }, rules({ find: 'a', replace: 'b' })))).toBe(en.files.errors.exists);
  expect(readdirSync(root).sort()).toEqual(['a1', 'a2', 'b2', 'x']);
  expect(readFileSync(join(root, 'b2'), 'utf8')).toBe('theirs');
});

test('numbers go before the extension', () => {
  expect(['a.txt', 'a.tar.gz', '.bashrc', 'a (2).txt', 'noext'].map((name) => numbered(name, 3))).toEqual(['a (3).txt', 'a (3).tar.gz', '.bashrc (3)', 'a (3).txt', 'noext (3)']);
  expect(splitName('a.very long ending indeed.x')).toEqual(['a.very long ending indeed', '.x']);
  expect(Buffer.byteLength(numbered(`${'馒'.repeat(83)}.txt`, 2))).toBeLessThanOrEqual(255);
});
