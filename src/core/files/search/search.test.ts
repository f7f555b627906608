import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { cpuMs } from '../../../../test/support/cpu.ts';
import { SYSTEM } from '../../app.ts';
import { literalIn } from './pattern.ts';
import { type Hit, search, SearchInput } from './search.ts';

let t: TestApp;
let root = '';
beforeAll(() => {
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-search-'));
});
afterAll(async () => {
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

type Given = Partial<z.input<typeof SearchInput>>;

async function find(given: Given, signal = new AbortController().signal, each: (hit: Hit) => void = () => {}) {
  const hits: Hit[] = [];
  const ended = await search(t.app, SYSTEM, SearchInput.parse({ path: root, ...given }), signal, {
    hit(hit) {
      hits.push(hit);
      each(hit);
    },
  });
  return { hits, ended, paths: hits.map((hit) => hit.path.replace(`${root}/`, '')).sort() };
}

/** A folder of its own, with these files. */
function tree(name: string, files: Record<string, string | Uint8Array>): string {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(join(root, name, path, '..'), { recursive: true });
    writeFileSync(join(root, name, path), bytes);
  }
  return join(root, name);
}

test('an expression that is none, one that is too long, and what RE2 leaves out are refused in words', async () => {
  for (const text of ['(', '[a', 'a{2,1}', '(a)\\1', '(?=a)b', 'x'.repeat(1001)]) {
    if (text.length > 1000) expect(() => SearchInput.parse({ path: root, text })).toThrow();
    else await expect(find({ text, regex: 'on' })).rejects.toThrow('invalid');
  }
  await expect(find({ path: join(root, 'none'), name: 'x' })).rejects.toThrow('not_found');
});

test('S22 pipes and devices are not opened, symlinks not followed, the panel’s own folder not read', async () => {
  const path = tree('odd', { 'plain.txt': 'needle' });
  Bun.spawnSync(['mkfifo', join(path, 'pipe')]);
  symlinkSync('/etc', join(path, 'away'));
  symlinkSync('plain.txt', join(path, 'link.txt'));
  symlinkSync('/dev/zero', join(path, 'zero'));
  symlinkSync(t.app.config.dataDir, join(path, 'data'));
  expect((await find({ path, text: 'needle' })).paths).toEqual(['odd/plain.txt']);
  expect((await find({ path, name: '*' })).hits.map(({ type }) => type).sort()).toEqual(['file', 'link', 'link', 'link', 'link', 'other']);
  const { hits } = await find({ path: t.app.config.dataDir.replace(/\/[^/]*$/, ''), name: 'mantou.db' });
  expect(hits.filter((hit) => hit.path.startsWith(t.app.config.dataDir))).toEqual([]);
});

test('S22 an expression that others backtrack over for ever takes no longer than its text', async () => {
  const path = tree('slow', { 'a.txt': `${'a'.repeat(50_000)}\n`.repeat(4) });
  const started = cpuMs();
  const plain = await find({ path, text: '(a|aa)+$x', regex: 'on' });
  const { hits } = await find({ path, text: '^(a+)+b$', regex: 'on' });
  expect([plain.hits.length, hits.length, cpuMs() - started < 20_000]).toEqual([0, 0, true]);
});

test('S22 results, lines of one file, time and patience are bounded', async () => {
  const path = tree('many', Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`d${i}/f.txt`, 'word\n'.repeat(500)])));
  const limited = await find({ path, text: 'word', limit: 250 });
  expect([limited.hits.length, limited.ended.end]).toEqual([250, 'results']);
  const whole = await find({ path, text: 'word', limit: 10_000 });
  expect([whole.hits.length, whole.ended.end]).toEqual([3000, 'all']);
  const over = new AbortController();
  const cancelled = await find({ path, text: 'word', limit: 10_000 }, over.signal, () => over.abort());
  expect(cancelled.ended.end).toBe('cancelled');
  expect(cancelled.hits.length).toBeLessThan(300);
  const { ended } = await search(t.app, SYSTEM, { ...SearchInput.parse({ path, text: 'word' }), seconds: -1 }, new AbortController().signal, { hit() {} }).then((done) => ({ ended: done }));
  expect([ended.end, ended.results]).toEqual(['time', 0]);
});

test('binary files are left out; a line of megabytes is cut around its match; broken bytes move no line', async () => {
  const long = `${'x'.repeat(3 << 20)}needle${'y'.repeat(3 << 20)}`;
  const path = tree('lines', {
    'binary.bin': Buffer.from('needle\0needle'), 'long.txt': `first\n${long}\nlast needle\n`,
    'broken.txt': Buffer.concat([Buffer.from('one\n'), Buffer.of(0xff, 0xfe, 0xc3, 0x0a), Buffer.from('é needle\n')]),
  });
  const { hits } = await find({ path, text: 'needle', case: 'on' });
  const shown = hits.map((hit) => ({ name: hit.path.slice(path.length + 1), line: hit.line, at: hit.at, match: hit.text!.slice(hit.from, hit.to), short: hit.text!.length < 600 }));
  expect(shown.sort((a, b) => (a.name + a.line < b.name + b.line ? -1 : 1))).toEqual([
    { name: 'broken.txt', line: 3, at: 8, match: 'needle', short: true },
    { name: 'long.txt', line: 2, at: 6, match: 'needle', short: true },
    { name: 'long.txt', line: 3, at: 7 + long.length, match: 'needle', short: true },
  ]);
  const folded = await find({ path, text: 'NEEDLE' });
  // Where case does not count, a line is looked at as far as 64 KiB: the long one has its match behind that.
  expect(folded.hits.map((hit) => [hit.path.slice(path.length + 1), hit.line, hit.at]).sort()).toEqual([['broken.txt', 3, 8], ['long.txt', 3, 7 + long.length]]);
});

test('a file of hundreds of megabytes is searched in pieces, with its lines counted through', async () => {
  mkdirSync(join(root, 'large'));
  const fd = openSync(join(root, 'large/big.log'), 'w');
  const piece = Buffer.from('steam\n'.repeat(200_000));
  for (let i = 0; i < 20; i++) writeSync(fd, piece);
  writeSync(fd, 'needle at the end\n');
  closeSync(fd);
  const { hits } = await find({ path: join(root, 'large'), text: 'needle', case: 'on' });
  expect(hits.map(({ line, at, text }) => [line, at, text])).toEqual([[4_000_001, piece.length * 20, 'needle at the end']]);
  const huge = openSync(join(root, 'large/huge'), 'w');
  writeSync(huge, 'text\n'.repeat(5000));
  ftruncateSync(huge, 300 << 20);
  closeSync(huge);
  expect((await find({ path: join(root, 'large'), name: 'huge', text: 'needle', case: 'on' })).ended.partly).toBe(1);
});

test('names by part, by pattern and by expression; hidden and excluded ones only when asked for', async () => {
  const path = tree('names', { 'App.conf': '', 'app.confx': '', 'sub/b.CONF': '', '.hidden.conf': '', 'node_modules/m.conf': '', 'x.tmp': '' });
  writeFileSync(Buffer.concat([Buffer.from(`${path}/caf`), Buffer.of(0xe9), Buffer.from('.conf')]), '');
  const names = async (given: Given) => (await find({ path, ...given })).hits.map((hit) => hit.path.slice(path.length + 1)).sort();
  expect(await names({ name: '*.conf' })).toEqual(['App.conf', 'caf\u{10ffe9}.conf', 'sub/b.CONF']);
  expect(await names({ name: '*.conf', case: 'on' })).toEqual(['App.conf', 'caf\u{10ffe9}.conf']);
  expect(await names({ name: 'app' })).toEqual(['App.conf', 'app.confx']);
  expect(await names({ name: '^a.*f$', regex: 'on' })).toEqual(['App.conf']);
  expect(await names({ name: 'conf', hidden: 'on', exclude: ' ' })).toContain('.hidden.conf');
  expect(await names({ name: 'm.conf', exclude: ' ' })).toEqual(['node_modules/m.conf']);
  expect(await names({ name: '*', exclude: '*.tmp, sub, node_modules, *.conf*' })).toEqual([]);
});

test('UTF-16 with its mark is text; case counts only when asked for; a match is one line', async () => {
  const path = tree('texts', {
    'wide.txt': Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('first\nzweite Nadel\n', 'utf16le')]),
    'plain.txt': 'NADEL\nÜber Öl\na\nb\n', 'chinese.txt': '蒸笼里的Nadel馒头\n',
  });
  const lines = async (given: Given) => (await find({ path, ...given })).hits.map((hit) => `${hit.path.slice(path.length + 1)}:${hit.line}:${hit.text!.slice(hit.from, hit.to)}`).sort();
  expect(await lines({ text: 'nadel' })).toEqual(['chinese.txt:1:Nadel', 'plain.txt:1:NADEL', 'wide.txt:2:Nadel']);
  expect(await lines({ text: 'Nadel', case: 'on' })).toEqual(['chinese.txt:1:Nadel', 'wide.txt:2:Nadel']);
  expect(await lines({ text: 'nadel馒头' })).toEqual(['chinese.txt:1:Nadel馒头']);
  expect(await lines({ text: 'über' })).toEqual(['plain.txt:2:Über']);
  expect(await lines({ text: '^\\S+\\s\\S*$', regex: 'on', name: 'plain.txt' })).toEqual(['plain.txt:2:Über Öl']);
  expect(await lines({ text: 'a\\sb', regex: 'on' })).toEqual([]);
});

test('what every match of an expression has in it is only taken where it is plain to see', () => {
  const known: Record<string, string | null> = {
    'foo\\d+bar': 'foo', 'abc?d': 'ab', 'a|bcd': null, 'hello*world': 'world', 'x[abc]yz': 'yz', '(foo)bar': null, 'ab{0}cd': 'cd', 'colou?r': 'colo', 'foo\\.bar': 'foo',
    '\\bneedle\\w+': 'needle', '[^]]x': null, '\\x41bc': null, 'ab+c*': 'ab', '.': null, '': null, '\\Qa.b\\E': null,
  };
  for (const [source, part] of Object.entries(known)) expect({ source, part: literalIn(source) }).toEqual({ source, part });
});

describe('S22 others get their turn, whatever the expression', () => {
  /** The longest time that nothing else ran, in ms of a processor. */
  async function lag(work: Promise<unknown>): Promise<number> {
    let longest = 0;
    let last = cpuMs();
    const timer = setInterval(() => {
      const now = cpuMs();
      longest = Math.max(longest, now - last);
      last = now;
    }, 1);
    await work.finally(() => clearInterval(timer));
    return Math.max(longest, cpuMs() - last);
  }

  // Each took seconds to hours at a time before blocks knew what an expression costs.
  const HOSTILE: readonly (readonly [string, string | Buffer])[] = [
    ['.{0,900}.{0,900}q', `${'a'.repeat(200_000)}\n`],
    ['(a|b|c|.){0,400}q', 'abc\n'.repeat(100_000)],
    ['a[^b]*b', `${'a\n'.repeat(200_000)}b`],
    ['x(.|\\s)*y', `${'x\n'.repeat(50_000)}y`],
    ['a[^b]{0,300}q', Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('abc\n'.repeat(300_000), 'utf16le')])],
  ];
  test.each(HOSTILE.map(([text], i) => [text, i] as const))('%s', async (text, i) => {
    const path = tree(`hostile${i}`, { 'a.txt': HOSTILE[i]![1] });
    expect(await lag(find({ path, text, regex: 'on', seconds: 4 }))).toBeLessThan(1500);
  });

  test('one that is too large is refused', async () => {
    for (const text of ['.{0,1000}'.repeat(20), '((.{0,30}){0,30}){1,2}'.repeat(9)]) await expect(find({ path: root, text, regex: 'on' })).rejects.toMatchObject({ code: 'invalid' });
  });

  test('names of a large folder', async () => {
    const path = tree('manynames', Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`${i}${'a'.repeat(200)}`, ''])));
    expect(await lag(find({ path, name: '.{0,900}.{0,900}q', regex: 'on', seconds: 2 }))).toBeLessThan(1500);
  });
});

test('lines of UTF-16 beyond the first block count and lie where they are', async () => {
  const path = tree('wideblocks', { 'wide.txt': Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(`${'steam\n'.repeat(50_000)}first needle\n${'馒头\n'.repeat(50_000)}second needle`, 'utf16le')]) });
  for (const regex of ['on', 'off'] as const) {
    const { hits } = await find({ path, text: 'needle', regex });
    expect(hits.map(({ line, at, text }) => [line, at, text])).toEqual([[50_001, 2 + 600_000, 'first needle'], [100_002, 2 + 600_000 + 26 + 300_000, 'second needle']]);
  }
});
