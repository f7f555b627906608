import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { shownName, systemName } from '../../../lib/file-name.ts';
import type { Actor } from '../../app.ts';
import { SYSTEM } from '../../app.ts';
import { putSetting } from '../../settings/settings.ts';
import { getListing, listedNames, listingWindow, openListing, type ListingOptions } from './listing.ts';
import { listingsOf } from './store.ts';

let t: TestApp;
let root = '';
beforeEach(() => {
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-listing-'));
});
afterEach(async () => {
  await t.close();
  rmSync(root, { recursive: true, force: true });
  expect(t.errors).toEqual([]);
});

const person = (role: 'operator' | 'viewer', sessionId = 's1'): Actor => ({ kind: 'user', userId: role, name: role, role, sessionId, tokenId: null, ip: '' });
const names = async (options: Partial<ListingOptions> = {}, actor: Actor = SYSTEM) => listedNames(await openListing(t.app, actor, { path: root, ...options }));
const all = async (options: Partial<ListingOptions> = {}, actor: Actor = SYSTEM) => {
  const listing = await openListing(t.app, actor, { path: root, ...options });
  return listingWindow(t.app, actor, listing, 0, listing.total);
};
const touch = (...files: string[]) => files.forEach((name) => writeFileSync(join(root, name), ''));
const codeOf = (work: Promise<unknown>) => work.then(() => 'nothing', (error: { code?: string }) => error.code ?? String(error));

describe('refused', () => {
  test('S4 a viewer, who has no folders, and an operator outside of theirs', async () => {
    putSetting(t.app, 'filesRootsOperator', [join(root, 'mine')]);
    mkdirSync(join(root, 'mine'));
    expect(await codeOf(openListing(t.app, person('viewer'), { path: root }))).toBe('denied');
    expect(await codeOf(openListing(t.app, person('operator'), { path: root }))).toBe('denied');
    expect((await openListing(t.app, person('operator'), { path: join(root, 'mine') })).total).toBe(0);
  });

  test('what is no folder, is not there, or is no path', async () => {
    touch('file');
    expect(await codeOf(openListing(t.app, SYSTEM, { path: join(root, 'file') }))).toBe('invalid');
    expect(await codeOf(openListing(t.app, SYSTEM, { path: join(root, 'none') }))).toBe('not_found');
    expect(await codeOf(openListing(t.app, SYSTEM, { path: 'relative' }))).toBe('invalid');
    expect(await codeOf(openListing(t.app, SYSTEM, { path: `${root}/../etc` }))).toBe('invalid');
  });

  test('rows of a folder that was deleted while it was listed, and of one that may not be read any more', async () => {
    mkdirSync(join(root, 'f'));
    putSetting(t.app, 'filesRootsOperator', [root]);
    const listing = await openListing(t.app, person('operator'), { path: join(root, 'f') });
    putSetting(t.app, 'filesRootsOperator', []);
    expect(await codeOf(listingWindow(t.app, person('operator'), listing, 0, 10))).toBe('denied');
    rmSync(join(root, 'f'), { recursive: true });
    expect(await codeOf(listingWindow(t.app, SYSTEM, listing, 0, 10))).toBe('not_found');
  });

  test('S12 the listing of another session', async () => {
    putSetting(t.app, 'filesRootsOperator', [root]);
    const { id } = await openListing(t.app, person('operator', 's1'), { path: root });
    expect(getListing(t.app, person('operator', 's2'), id)).toBeNull();
    expect(getListing(t.app, person('operator', 's1'), id)?.id).toBe(id);
  });

  test('S4 a link tells nothing about what lies outside of a person’s folders', async () => {
    mkdirSync(join(root, 'mine'));
    touch('secret');
    putSetting(t.app, 'filesRootsOperator', [join(root, 'mine')]);
    symlinkSync('../secret', join(root, 'mine/there'));
    symlinkSync('../none', join(root, 'mine/not-there'));
    symlinkSync('none', join(root, 'mine/broken'));
    const links = await all({ path: join(root, 'mine') }, person('operator'));
    expect(links.map(({ name, link }) => [name, link!.state, link!.type])).toEqual([['broken', 'broken', null], ['not-there', 'outside', null], ['there', 'outside', null]]);
  });
});

test('folders first, names in natural order, without case, stable and turned around by groups', async () => {
  touch('file10', 'file2', 'File1', 'file02', 'b.txt', 'a');
  ['z9', 'z10', 'A'].forEach((name) => mkdirSync(join(root, name)));
  const order = ['A', 'z9', 'z10', 'a', 'b.txt', 'File1', 'file02', 'file2', 'file10'];
  expect(await names()).toEqual(order);
  expect(await names({ descending: true })).toEqual([...order.slice(0, 3).reverse(), ...order.slice(3).reverse()]);
  expect(await names({ foldersFirst: false })).toEqual(['a', 'A', 'b.txt', 'File1', 'file02', 'file2', 'file10', 'z9', 'z10']);
});

test('by size, time, mode, owner and type', async () => {
  mkdirSync(join(root, 'folder'));
  [['b.txt', 3, 0o600], ['a.zip', 1, 0o644], ['c.txt', 2, 0o755]].forEach(([name, size, mode], i) => {
    writeFileSync(join(root, String(name)), 'x'.repeat(Number(size)));
    chmodSync(join(root, String(name)), Number(mode));
    utimesSync(join(root, String(name)), 1000 + i, 1000 + i);
  });
  expect(await names({ sort: 'size' })).toEqual(['folder', 'a.zip', 'c.txt', 'b.txt']);
  expect(await names({ sort: 'size', descending: true })).toEqual(['folder', 'b.txt', 'c.txt', 'a.zip']);
  expect(await names({ sort: 'modified' })).toEqual(['folder', 'b.txt', 'a.zip', 'c.txt']);
  expect(await names({ sort: 'mode' })).toEqual(['folder', 'b.txt', 'a.zip', 'c.txt']);
  expect(await names({ sort: 'owner' })).toEqual(['folder', 'a.zip', 'b.txt', 'c.txt']);
  expect(await names({ sort: 'type' })).toEqual(['folder', 'b.txt', 'c.txt', 'a.zip']);
});

test('S15 names of any bytes are listed, and lead to what they name', async () => {
  const hostile = ['new\nline', "q'uo\"te`", '-rf', '--checkpoint-action=exec=sh', '<img src=x onerror=alert(1)>', 'x'.repeat(255), '\u202egpj.exe', '文件', ' ', '…', 'a\\b', '\u{10ff80}'];
  const broken = [Buffer.from([0x63, 0xff, 0xfe]), Buffer.from([0xc3]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from([0x80])];
  for (const name of hostile) writeFileSync(join(root, name), name);
  for (const bytes of broken) writeFileSync(Buffer.concat([Buffer.from(`${root}/`), bytes]), bytes);
  const entries = await all();
  expect(entries).toHaveLength(hostile.length + broken.length);
  expect(entries.every(({ type, gone, size }) => type === 'file' && !gone && size! > 0)).toBe(true);
  const bytesOf = (name: string) => Buffer.from(systemName(name) as string).toString('hex');
  const expected = [...hostile.map((name) => Buffer.from(name)), ...broken].map((bytes) => bytes.toString('hex'));
  expect(entries.map(({ name }) => bytesOf(name)).sort()).toEqual(expected.sort());
  expect(entries.map(({ name }) => shownName(name))).toContain('c\\xff\\xfe');
});

test('special files are named for what they are, and never opened', async () => {
  Bun.spawnSync(['mkfifo', join(root, 'pipe')]);
  const server = createServer().listen(join(root, 'sock'));
  await new Promise((resolve) => server.once('listening', resolve));
  const entries = await all();
  server.close();
  expect(entries.map(({ name, type, special }) => [name, type, special])).toEqual([['pipe', 'other', 'fifo'], ['sock', 'other', 'socket']]);
  const dev = await openListing(t.app, SYSTEM, { path: '/dev' });
  const found = (await listingWindow(t.app, SYSTEM, dev, 0, dev.total)).find(({ name }) => name === 'null');
  expect([found!.type, found!.special]).toEqual(['other', 'char']);
});

test('links say where they lead, and whether something is there', async () => {
  touch('a');
  symlinkSync('a', join(root, 'good'));
  symlinkSync(root, join(root, 'folder'));
  symlinkSync('nothing', join(root, 'bad'));
  symlinkSync('circle', join(root, 'circle'));
  const links = (await all()).filter(({ type }) => type === 'link');
  expect(links.map(({ name, link }) => [name, link!.path, link!.state, link!.type])).toEqual([
    ['bad', 'nothing', 'broken', null], ['circle', 'circle', 'broken', null], ['folder', root, 'ok', 'folder'], ['good', 'a', 'ok', 'file'],
  ]);
});

test('mount points are marked, and read-only ones as such', async () => {
  const entries = await all({ path: '/' });
  const proc = entries.find(({ name }) => name === 'proc')!;
  expect(proc.mount?.type).toBe('proc');
  expect(entries.find(({ name }) => name === 'etc')!.mount).toBeNull();
});

test('hidden files on demand, and filters of words and patterns on what was read', async () => {
  touch('.hidden', 'Report 2024.txt', 'report.md', 'other');
  const plain = await openListing(t.app, SYSTEM, { path: root });
  expect([plain.total, plain.counts.hidden]).toEqual([3, 1]);
  expect(await names({ hidden: true })).toHaveLength(4);
  touch('report-later');
  expect(await names({ of: plain.id, filter: 'REPORT' })).toEqual(['Report 2024.txt', 'report.md']);
  expect(await names({ of: plain.id, filter: '2024 rep' })).toEqual(['Report 2024.txt']);
  expect(await names({ of: plain.id, filter: '*.m?' })).toEqual(['report.md']);
  expect(await names({ filter: 'report' })).toHaveLength(3);
  // Another order is another reading.
  expect(await names({ of: plain.id, sort: 'size' })).toHaveLength(4);
});

test('paging stays as it was while the folder changes; what went is marked', async () => {
  touch(...Array.from({ length: 30 }, (_, i) => `f${i}`));
  const listing = await openListing(t.app, SYSTEM, { path: root });
  unlinkSync(join(root, 'f12'));
  touch('f0-new');
  const window = await listingWindow(t.app, SYSTEM, listing, 10, 5);
  expect(window.map(({ name, gone }) => `${name}${gone ? ' gone' : ''}`)).toEqual(['f10', 'f11', 'f12 gone', 'f13', 'f14']);
});

test('many: the first rows without sorting all are those of the whole order', async () => {
  mkdirSync(join(root, 'sub'));
  for (let i = 0; i < 12_000; i++) writeFileSync(join(root, `n${(i * 7919) % 12_000}`), '');
  const listing = await openListing(t.app, SYSTEM, { path: root });
  const first = [...listing.slice(0, 300)].map((index) => listing.entries.names[index]);
  expect(first).toEqual(['sub', ...Array.from({ length: 299 }, (_, i) => `n${i}`)]);
  expect(listedNames(listing).slice(0, 300)).toEqual(first as string[]);
  expect(listedNames(listing).at(-1)).toBe('n11999');
  // Not left to the hook, which has no time of its own.
  rmSync(root, { recursive: true });
}, 60_000);

test('S22 listings end a minute after their last use, with their session, and are bounded', async () => {
  const actor = person('operator');
  putSetting(t.app, 'filesRootsOperator', [root]);
  const first = await openListing(t.app, actor, { path: root });
  t.clock.advance(50_000);
  expect(getListing(t.app, actor, first.id)).not.toBeNull();
  t.clock.advance(50_000);
  expect(getListing(t.app, actor, first.id)).not.toBeNull();
  t.clock.advance(60_001);
  expect(getListing(t.app, actor, first.id)).toBeNull();
  for (let i = 0; i < 40; i++) await openListing(t.app, actor, { path: root });
  expect(listingsOf(t.app).size()).toBe(12);
  t.app.bus.emit('sessions.ended', { ids: ['s1'] });
  expect(listingsOf(t.app).size()).toBe(0);
});

test('1,000 levels deep: listed, with its entries', async () => {
  let folder = await t.app.host.files.pin(root);
  let path = root;
  for (let i = 0; i < 1000; i++) {
    mkdirSync(folder.at('deeper-and-deeper'));
    const next = await folder.child('deeper-and-deeper');
    await folder.close();
    folder = next;
    path += '/deeper-and-deeper';
  }
  writeFileSync(folder.at('bottom'), 'x');
  symlinkSync('bottom', folder.at('link'));
  await folder.close();
  expect((await all({ path })).map(({ name, size, link }) => [name, size, link?.path ?? null])).toEqual([['bottom', 1, null], ['link', 6, 'bottom']]);
  expect((await all({ path, sort: 'size' })).map(({ name }) => name)).toEqual(['bottom', 'link']);
  rmSync(root, { recursive: true });
}, 60_000);
