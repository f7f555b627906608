import { afterAll, beforeAll, expect, spyOn, test } from 'bun:test';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { until } from '../../../../test/support/until.ts';
import { type Actor, SYSTEM } from '../../app.ts';
import { changeSettings } from '../../settings/change.ts';
import { follow, followedCount, type Piece, type TailInput } from './tail.ts';

let t: TestApp;
let root = '';
beforeAll(() => {
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-tail-'));
});
afterAll(async () => {
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

async function read(path: string, more: Partial<TailInput> = {}, actor: Actor = SYSTEM) {
  const tail = await follow(t.app, actor, { path, ...more });
  const seen: Piece[] = [];
  let gone = false;
  tail.start((piece) => void seen.push(piece), () => {
    gone = true;
    tail.stop();
  });
  return { tail, seen, text: () => seen.map((piece) => piece.text).join(''), gone: () => gone };
}

test('a pipe, a device, a folder, a file of the kernel and nothing are refused, and nothing stays open', async () => {
  Bun.spawnSync(['mkfifo', join(root, 'pipe')]);
  for (const path of [join(root, 'pipe'), '/dev/zero', root, '/proc/self/status', join(root, 'none')]) {
    await expect(follow(t.app, SYSTEM, { path })).rejects.toThrow();
  }
  await until(() => followedCount(t.app) === 0);
});

test('S4 a log that is rotated into a symlink to elsewhere ends for who may not read that', async () => {
  mkdirSync(join(root, 'mine'));
  mkdirSync(join(root, 'theirs'));
  const log = join(root, 'mine/log');
  writeFileSync(log, 'mine\n');
  writeFileSync(join(root, 'theirs/log'), 'secret\n');
  changeSettings(t.app, SYSTEM, { filesRootsOperator: [join(root, 'mine')] });
  const { userId } = t.as('operator');
  const operator: Actor = { kind: 'user', userId, name: 'operator', role: 'operator', sessionId: null, tokenId: null, ip: '' };
  await expect(follow(t.app, operator, { path: join(root, 'theirs/log') })).rejects.toThrow('denied');
  const reader = await read(log, {}, operator);
  unlinkSync(log);
  symlinkSync(join(root, 'theirs/log'), log);
  await until(() => reader.gone());
  expect(reader.text()).toBe('mine\n');
  expect(followedCount(t.app)).toBe(0);
});

test('readers of one file share one watcher, see the same, and the last one closes it', async () => {
  const log = join(root, 'shared');
  writeFileSync(log, 'old\n');
  const readers = [await read(log), await read(log), await read(log)];
  expect(followedCount(t.app)).toBe(1);
  appendFileSync(log, 'new\n');
  await until(() => readers.every((reader) => reader.text() === 'old\nnew\n'));
  // The very same piece: it is put into words once.
  expect(new Set(readers.map((reader) => reader.seen[1])).size).toBe(1);
  for (const reader of readers) reader.tail.stop();
  expect(followedCount(t.app)).toBe(0);
});

test('truncation, rotation and deletion are followed; a character in two writes comes whole', async () => {
  const log = join(root, 'log');
  writeFileSync(log, '');
  const reader = await read(log);
  const bun = Buffer.from('馒头\n');
  appendFileSync(log, bun.subarray(0, 2));
  appendFileSync(log, bun.subarray(2));
  await until(() => reader.text() === '馒头\n');
  truncateSync(log, 0);
  appendFileSync(log, 'again\n');
  await until(() => reader.text() === '馒头\nagain\n');
  unlinkSync(log);
  writeFileSync(`${log}.new`, 'next\n');
  renameSync(`${log}.new`, log);
  await until(() => reader.text() === '馒头\nagain\nnext\n');
  expect(reader.seen.map((piece) => piece.began).filter(Boolean)).toContain('rotated');
  reader.tail.stop();
});

test('a reader that comes back goes on where it was; what comes too fast is counted and passed over', async () => {
  const log = join(root, 'fast');
  writeFileSync(log, 'one\n');
  const first = await read(log);
  first.tail.stop();
  appendFileSync(log, 'two\n');
  const second = await read(log, { from: first.seen[0]!.to, id: first.seen[0]!.id });
  expect(second.text()).toBe('two\n');
  const other = await read(log, { from: first.seen[0]!.to, id: '1:1' });
  expect(other.text()).toBe('one\ntwo\n');
  other.tail.stop();
  appendFileSync(log, Buffer.alloc(3 << 20, 'x\n'));
  await until(() => second.seen.length > 1 && second.seen.at(-1)!.to === (3 << 20) + 8);
  const skipped = second.seen.reduce((sum, piece) => sum + (piece.skipped ?? 0), 0);
  expect(skipped + second.text().length).toBe((3 << 20) + 4);
  expect(skipped).toBeGreaterThan(2 << 20);
  second.tail.stop();
});

test('what is written between a look and the rotation that follows it is told as well', async () => {
  const log = join(root, 'between');
  writeFileSync(log, 'one\n');
  const reader = await read(log);
  const handle = await open(log);
  const files = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const stat = files.stat as (this: FileHandle) => ReturnType<FileHandle['stat']>;
  const asked = spyOn(files, 'stat').mockImplementationOnce(async function (this: FileHandle) {
    const stats = await stat.call(this);
    appendFileSync(log, 'late\n');
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'new\n');
    return stats;
  } as never);
  await until(() => reader.text().endsWith('new\n'));
  asked.mockRestore();
  expect(reader.text()).toBe('one\nlate\nnew\n');
  reader.tail.stop();
});
