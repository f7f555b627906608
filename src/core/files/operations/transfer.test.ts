import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { until } from '../../../../test/support/until.ts';
import { fileParts } from '../../../db/schema/files.ts';
import { tasks } from '../../../db/schema/tasks.ts';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import { nameOf } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { putSetting } from '../../settings/settings.ts';
import { SYSTEM, type Actor } from '../../app.ts';
import { deleteForGood } from './delete.ts';
import { transfer, type TransferInput } from './transfer.ts';

let t: TestApp;
let root = '';
beforeAll(() => void (t = testApp()));
afterAll(() => t.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mantou-transfer-'));
  for (const name of ['a', 'b']) mkdirSync(join(root, name));
});
afterEach(() => {
  expect(t.app.db.select().from(fileParts).all()).toEqual([]);
  rmSync(root, { recursive: true, force: true });
});

const at = (...parts: string[]) => join(root, ...parts);
const put = (path: string, text = path) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(at(path), text);
};
const read = (path: string) => readFileSync(at(path), 'utf8');
const go = (input: Partial<TransferInput>, actor: Actor = SYSTEM) => transfer(t.app, actor, { move: false, folder: at('a'), names: [], to: at('b'), conflict: 'ask', ...input });
const refusal = (work: Promise<unknown>) => work.then(() => 'nothing', (error: unknown) => (error instanceof AppError ? error.say(en) : Promise.reject(error)));
const operator = (): Actor => ({ kind: 'user', userId: 'u', name: 'o', role: 'operator', sessionId: null, tokenId: null, ip: '' });
const { errors } = en.transfers;

describe('refused', () => {
  test.each([false, true])('S22 a folder into itself or below (move: %p), also by a symlink', async (move) => {
    put('a/folder/deep/x');
    symlinkSync(at('a/folder/deep'), at('link'));
    for (const to of ['a/folder', 'a/folder/deep', 'link']) expect(await refusal(go({ move, names: ['folder'], to: at(to) }))).toBe(errors.intoItself);
    expect(readdirSync(at('a/folder/deep'))).toEqual(['x']);
  });

  test('S22 to move what the panel, the system or a mount needs', async () => {
    expect(await refusal(go({ move: true, folder: '/', names: ['etc'] }))).toBe(errors.system);
    expect(await refusal(go({ move: true, folder: '/', names: ['proc'] }))).toBe(errors.system);
    expect(await refusal(go({ move: true, folder: '/dev', names: ['shm'] }))).toBe(errors.mount);
    const { dataDir } = t.app.config;
    expect(await refusal(go({ move: true, folder: join(dataDir, '..'), names: [dataDir.split('/').pop()!] }))).toBe(errors.own);
    expect(await refusal(go({ folder: dataDir, names: ['mantou.db'] }))).toBe(en.files.errors.ownFolder);
    expect(await refusal(go({ names: ['x'], to: dataDir }))).toBe(en.files.errors.ownFolder);
  });

  test('S4 into and out of what the role does not reach, also through a symlink', async () => {
    put('a/x');
    putSetting(t.app, 'filesRootsOperator', [at('a')]);
    symlinkSync(at('b'), at('a/out'));
    expect(await refusal(go({ names: ['x'] }, operator()))).toBe(en.files.errors.outside);
    expect(await refusal(go({ names: ['x'], to: at('a/out') }, operator()))).toBe(en.files.errors.outside);
    expect(await refusal(go({ folder: at('b'), names: ['y'], to: at('a') }, operator()))).toBe(en.files.errors.outside);
    expect(await refusal(go({ move: true, folder: root, names: ['a'], to: at('a') }, operator()))).toBe(en.files.errors.outside);
    expect(readdirSync(at('b'))).toEqual([]);
  });

  test('names that are paths, and nothing', async () => {
    for (const name of ['../b', 'x/y', '..', '.', '']) expect(await refusal(go({ names: [name] }))).toBe(en.files.errors.badName);
    expect(await refusal(go({}))).toBe(errors.nothing);
    expect(await refusal(go({ names: ['gone'] }))).toBe(en.files.errors.gone);
    expect(await refusal(go({ names: ['gone'], to: at('nowhere') }))).toBe(en.files.errors.gone);
  });

  test('a file over a folder and a folder over a file: both stay', async () => {
    put('a/x');
    put('a/y/in');
    put('b/x/in');
    put('b/y');
    expect(await refusal(go({ names: ['x', 'y'], conflict: 'replace' }))).toContain('2 entries');
    expect([read('b/x/in'), read('b/y')]).toEqual(['b/x/in', 'b/y']);
  });
});

describe('what is there already', () => {
  beforeEach(() => {
    put('a/one.txt', 'new');
    put('b/one.txt', 'old');
    put('a/sub/two.txt', 'new');
    put('b/sub/two.txt', 'old');
    put('a/sub/three.txt', 'new');
  });
  const names = ['one.txt', 'sub'];

  test.each([false, true])('is found before anything is done (move: %p)', async (move) => {
    const found = await go({ move, names });
    expect(found).toMatchObject({ state: 'conflicts', conflicts: { more: false, items: [{ path: 'one.txt', source: { type: 'file', size: 3 }, target: { type: 'file', size: 3 } }, { path: 'sub/two.txt' }] } });
    expect([read('b/one.txt'), existsSync(at('b/sub/three.txt')), read('a/one.txt')]).toEqual(['old', false, 'new']);
  });

  test('is replaced, kept beside or skipped, and folders are merged', async () => {
    expect(await go({ names, conflict: 'replace' })).toMatchObject({ state: 'done', counts: { skipped: 0, failed: 0 } });
    expect([read('b/one.txt'), read('b/sub/two.txt'), read('b/sub/three.txt')]).toEqual(['new', 'new', 'new']);
    put('b/one.txt', 'old');
    await go({ names, conflict: 'keep-both' });
    expect([read('b/one.txt'), read('b/one (2).txt'), read('b/sub/two (2).txt')]).toEqual(['old', 'new', 'new']);
    expect(await go({ names, conflict: 'skip' })).toMatchObject({ counts: { skipped: 3, failed: 0 } });
    expect(read('b/one.txt')).toBe('old');
  });

  test('is chosen one by one', async () => {
    expect(await go({ names, choices: { 'one.txt': 'replace' } })).toMatchObject({ state: 'conflicts' });
    await go({ names, choices: { 'one.txt': 'replace', 'sub/two.txt': 'skip' } });
    expect([read('b/one.txt'), read('b/sub/two.txt'), read('b/sub/three.txt')]).toEqual(['new', 'old', 'new']);
  });

  test('skipped by a move stays where it was, and so do the folders around it', async () => {
    await go({ move: true, names, conflict: 'skip' });
    expect([readdirSync(at('a')).sort(), readdirSync(at('a/sub')), readdirSync(at('b/sub')).sort()]).toEqual([['one.txt', 'sub'], ['two.txt'], ['three.txt', 'two.txt']]);
  });

  test('is the thing itself: a move does nothing, a copy makes a second one', async () => {
    expect(await go({ move: true, names, to: at('a'), conflict: 'replace' })).toMatchObject({ state: 'done', counts: { entries: 0, skipped: 2 } });
    await go({ names, to: at('a'), conflict: 'replace' });
    expect(readdirSync(at('a')).sort()).toEqual(['one (2).txt', 'one.txt', 'sub', 'sub (2)']);
    linkSync(at('a/one.txt'), at('b/same.txt'));
    await go({ move: true, names: ['one.txt'], rename: 'same.txt', conflict: 'replace' });
    expect([read('a/one.txt'), read('b/same.txt')]).toEqual(['new', 'new']);
  });
});

test('a copy keeps mode, owner, time, links, hard links and holes', async () => {
  put('a/t/x', 'x');
  chmodSync(at('a/t/x'), 0o4751);
  utimesSync(at('a/t/x'), 1_500_000_000, 1_400_000_000.123);
  linkSync(at('a/t/x'), at('a/t/hard'));
  symlinkSync('nowhere', at('a/t/link'));
  symlinkSync('x', at('a/t/soft'));
  Bun.spawnSync(['truncate', '-s', '8M', at('a/t/sparse')]);
  Bun.spawnSync(['setfattr', '-n', 'user.mantou', '-v', 'bun', at('a/t/x')]);
  mkdirSync(at('a/t/empty'));
  chmodSync(at('a/t/empty'), 0o710);
  utimesSync(at('a/t'), 1, 1_300_000_000);
  expect(await go({ names: ['t'] })).toMatchObject({ state: 'done' });
  const [from, to] = [statSync(at('a/t/x')), statSync(at('b/t/x'))];
  expect([to.mode, to.uid, to.gid, Math.round(to.mtimeMs)]).toEqual([from.mode, from.uid, from.gid, Math.round(from.mtimeMs)]);
  expect(statSync(at('b/t/hard')).ino).toBe(to.ino);
  expect([readlinkSync(at('b/t/link')), readlinkSync(at('b/t/soft'))]).toEqual(['nowhere', 'x']);
  expect([statSync(at('b/t/sparse')).size, statSync(at('b/t/sparse')).blocks]).toEqual([8 << 20, statSync(at('a/t/sparse')).blocks]);
  expect([statSync(at('b/t/empty')).mode & 0o777, statSync(at('b/t')).mtimeMs]).toEqual([0o710, 1_300_000_000_000]);
  const attribute = (path: string) => Bun.spawnSync(['getfattr', '--only-values', '-n', 'user.mantou', path]).stdout.toString();
  expect(attribute(at('b/t/x'))).toBe(attribute(at('a/t/x')));
});

test('FIFOs and sockets are not opened but told, and the rest is copied; a move takes them along', async () => {
  put('a/t/x');
  Bun.spawnSync(['mkfifo', at('a/t/fifo')]);
  expect(await refusal(go({ names: ['t'] }))).toContain(en.files.errors.special);
  expect(readdirSync(at('b/t'))).toEqual(['x']);
  rmSync(at('b/t'), { recursive: true });
  await go({ move: true, names: ['t'] });
  expect(lstatSync(at('b/t/fifo')).isFIFO()).toBe(true);
});

test('S2 S4 names of every kind keep their bytes, and a symlink to a folder is not entered', async () => {
  const odd = [Buffer.from([0x66, 0xff, 0xfe]), Buffer.from('-rf'), Buffer.from('a\nb'), Buffer.from('<img onerror=x>'), Buffer.from('馒'.repeat(85)), Buffer.from('‮txt.exe'), Buffer.from('$(touch x)')];
  mkdirSync(at('a/t'));
  for (const name of odd) writeFileSync(Buffer.concat([Buffer.from(`${at('a/t')}/`), name]), 'x');
  symlinkSync('/etc', at('a/t/etc'));
  const listed = (path: string) => readdirSync(path, { encoding: 'buffer' }).map((name) => Buffer.from(name).toString('hex')).sort();
  const before = listed(at('a/t'));
  await go({ names: ['t'] });
  expect(listed(at('b/t'))).toEqual(before);
  await go({ names: [nameOf(odd[0]!)], folder: at('a/t'), to: at('b/t'), conflict: 'keep-both' });
  expect(listed(at('b/t'))).toContain(Buffer.concat([odd[0]!, Buffer.from(' (2)')]).toString('hex'));
  await deleteForGood(t.app, SYSTEM, { folder: at('b'), names: ['t'] });
  expect(existsSync(at('b/t'))).toBe(false);
  expect(readdirSync('/etc').length).toBeGreaterThan(5);
});

test('1,000 levels deep are copied and deleted', async () => {
  // Longer than a path may be: made and followed one folder at a time.
  const walk = async (side: string, step: (folder: PinnedFolder) => Promise<unknown>) => {
    let folder = await t.app.host.files.pin(at(side));
    for (let n = 0; n < 1000; n++) {
      await step(folder);
      const next: PinnedFolder = await folder.child('abcdefghij').finally(() => folder.close());
      folder = next;
    }
    return folder;
  };
  const bottom = await walk('a', (folder) => mkdir(folder.at('abcdefghij')));
  await writeFile(bottom.at('end'), 'deep');
  await bottom.close();
  const found = await go({ names: ['abcdefghij'] });
  if (found.state === 'task') await t.app.tasks.settled(found.id);
  const copied = await walk('b', async () => {});
  expect(await readFile(copied.at('end'), 'utf8')).toBe('deep');
  await copied.close();
  for (const side of ['a', 'b']) {
    const gone = await deleteForGood(t.app, SYSTEM, { folder: at(side), names: ['abcdefghij'] });
    if (gone.state === 'task') await t.app.tasks.settled(gone.id);
    expect(readdirSync(at(side))).toEqual([]);
  }
}, 60_000);

test('what takes long is a task with progress, which a cancel ends at once and without a part', async () => {
  for (let n = 0; n < 3; n++) Bun.spawnSync(['sh', '-c', `head -c ${200 << 20} /dev/zero | tr '\\0' 'x' > "$0"`, at('a', `big${n}`)]);
  const found = await go({ names: ['big0', 'big1', 'big2'] });
  if (found.state !== 'task') throw new Error('not a task');
  await until(() => readdirSync(at('b')).some((name) => name.includes('.mantou-')));
  t.app.tasks.cancel(found.id);
  await t.app.tasks.settled(found.id);
  const row = t.app.db.select().from(tasks).all().find((task) => task.id === found.id)!;
  expect(row).toMatchObject({ state: 'cancelled', kind: 'files.copy', params: { name: 'big0', count: 3 } });
  for (const name of readdirSync(at('b'))) expect([name, statSync(at('b', name)).size]).toEqual([expect.stringMatching(/^big\d$/), 200 << 20]);
  expect(readdirSync(at('b')).length).toBeLessThan(3);
}, 60_000);

test('a target folder that is deleted meanwhile ends it in words, and the sources stay', async () => {
  for (let n = 0; n < 250; n++) put(`a/t/${n}`);
  mkdirSync(at('b/to'));
  const found = await go({ names: ['t'], to: at('b/to') });
  if (found.state !== 'task') throw new Error('not a task');
  rmSync(at('b'), { recursive: true, force: true });
  await t.app.tasks.settled(found.id);
  const row = t.app.db.select().from(tasks).all().find((task) => task.id === found.id)!;
  expect(row.state).toBe('failed');
  expect(readdirSync(at('a/t')).length).toBe(250);
});

test('pages that show the folders are told', async () => {
  put('a/x');
  const seen: string[] = [];
  const off = t.app.bus.on('files.changed', ({ folder }) => void seen.push(folder));
  await go({ move: true, names: ['x'] });
  off();
  expect(seen.sort()).toEqual([at('a'), at('b')]);
});
