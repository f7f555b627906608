import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import { nameOf } from '../../../lib/file-name.ts';
import { exec } from '../../../platform/exec.ts';
import { createLinuxFiles } from '../../../platform/linux/files/files.ts';
import { createFakeHost } from '../../../platform/fake/host.ts';
import { manualClock } from '../../../lib/clock.ts';
import { SYSTEM, type Actor } from '../../app.ts';
import { putSetting } from '../../settings/settings.ts';
import { deleteFromTrash, expireTrash } from './empty.ts';
import { allTrash } from './list.ts';
import { readNote, writeNote } from './note.ts';
import { moveToTrash } from './put.ts';
import { restoreFromTrash, type RestoreInput } from './restore.ts';

let t: TestApp;
let root = '';
const trash = `.Trash-${process.getuid?.()}`;
const at = (...parts: string[]) => join(root, ...parts);
const put = (path: string, text = path) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(at(path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mantou-trash-'));
  mkdirSync(at('a'));
  // The folder of the test stands in for a file system of its own.
  const files = { ...createLinuxFiles(exec), volumes: async () => [{ path: root, type: 'ext4', device: '', readOnly: false }] };
  t = testApp({ app: { host: createFakeHost({ clock: manualClock(), files }) } });
});
afterEach(async () => {
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

const throwAway = (names: string[], folder = at('a'), actor: Actor = SYSTEM) => moveToTrash(t.app, actor, { folder, names });
const restore = (ids: string[], input: Partial<RestoreInput> = {}, actor: Actor = SYSTEM) => restoreFromTrash(t.app, actor, { ids, conflict: 'ask', recreate: false, ...input });
const refusal = (work: Promise<unknown>) => work.then(() => 'nothing', (error: unknown) => (error instanceof AppError ? error.say(en) : Promise.reject(error)));
const operator: Actor = { kind: 'user', userId: 'u', name: 'o', role: 'operator', sessionId: null, tokenId: null, ip: '' };
const rows = (actor: Actor = SYSTEM) => allTrash(t.app, actor);

describe('refused', () => {
  test.each([
    ['a symlink', () => symlinkSync(at('a'), at(trash))],
    ['a file', () => writeFileSync(at(trash), '')],
    ['a folder whose files are a symlink', () => { mkdirSync(at(trash), { mode: 0o700 }); symlinkSync(at('a'), at(trash, 'files')); }],
  ])('S4 a trash that is %s: nothing is moved', async (_, make) => {
    make();
    put('a/x');
    expect(await refusal(throwAway(['x']))).toContain(en.trash.errors.unsafe);
    expect(readdirSync(at('a'))).toEqual(['x']);
    expect(await rows()).toEqual([]);
  });

  test.skipIf(process.getuid?.() !== 0)('S4 a trash of somebody else: nothing is moved', async () => {
    mkdirSync(at(trash));
    Bun.spawnSync(['chown', '65534', at(trash)]);
    put('a/x');
    expect(await refusal(throwAway(['x']))).toContain(en.trash.errors.unsafe);
    expect(existsSync(at('a/x'))).toBe(true);
  });

  test('S22 the trash itself into the trash, a root, and what is gone', async () => {
    put('a/x');
    await throwAway(['x']);
    expect(await refusal(throwAway(['x'], at(trash, 'files')))).toBe(en.trash.errors.already);
    putSetting(t.app, 'filesRootsOperator', [at('a')]);
    expect(await refusal(throwAway(['a'], root, operator))).toBe(en.files.errors.outside);
    expect(await refusal(throwAway(['y']))).toBe(en.files.errors.gone);
    expect(await refusal(restore(['e30', 'no id', Buffer.from(JSON.stringify([root, '../a'])).toString('base64url')]))).toBe(en.trash.errors.gone);
    expect(await refusal(restore([Buffer.from(JSON.stringify(['/', 'x'])).toString('base64url')]))).toBe(en.trash.errors.gone);
  });

  test('S12 an operator neither sees nor takes what came from elsewhere', async () => {
    put('a/mine');
    put('b/theirs');
    putSetting(t.app, 'filesRootsOperator', [at('a')]);
    await throwAway(['mine'], at('a'), operator);
    await throwAway(['theirs'], at('b'));
    expect((await rows(operator)).map((row) => [row.name, row.by])).toEqual([['mine', 'o']]);
    expect((await rows()).length).toBe(2);
    const theirs = (await rows()).find((row) => row.name === 'theirs')!.id;
    expect(await refusal(restore([theirs], {}, operator))).toBe(en.files.errors.outside);
    expect(await refusal(deleteFromTrash(t.app, operator, [theirs]))).toBe(en.files.errors.outside);
    expect((await rows()).length).toBe(2);
  });

  test('notes that lead out of their file system', () => {
    const note = (path: string) => readNote(`[Trash Info]\nPath=${path}\nDeletionDate=2026-01-01T00:00:00\n`);
    for (const path of ['../etc/passwd', '/etc/passwd', 'a/../b', '%2Fetc', 'a/%2E%2E/b', 'a%00b', '', '%zz', 'a//b']) expect(note(path)).toBeNull();
    expect(readNote('Path=a')).toBeNull();
    expect(note('a/b')).toMatchObject({ path: 'a/b', by: null });
  });
});

test('what is thrown away lies as the specification says, and comes back as it was', async () => {
  const odd = nameOf(Buffer.from([0x66, 0xff, 0x0a, 0x25]));
  put('a/x y.txt', '1');
  put('a/f/in', '2');
  const folder = await t.app.host.files.pin(at('a'));
  writeFileSync(folder.at(odd), 'odd');
  const done = await throwAway(['x y.txt', 'f', odd]);
  if (done.state !== 'done') throw new Error('a task');
  expect(readdirSync(at('a'))).toEqual([]);
  expect(statSync(at(trash)).mode & 0o777).toBe(0o700);
  const local = t.clock.now() - new Date(t.clock.now()).getTimezoneOffset() * 60_000;
  expect(readFileSync(at(trash, 'info', 'x y.txt.trashinfo'), 'utf8')).toBe(`[Trash Info]\nPath=a/x%20y.txt\nDeletionDate=${new Date(local).toISOString().slice(0, 19)}\nX-Mantou-By=system\n`);
  expect((await rows()).map((row) => [row.name, row.folder, row.type]).sort()).toEqual([['f', at('a'), 'folder'], [odd, at('a'), 'file'], ['x y.txt', at('a'), 'file']]);
  expect(await restore(done.ids)).toMatchObject({ state: 'done', counts: { entries: 3, failed: 0 } });
  expect([readFileSync(at('a/x y.txt'), 'utf8'), readFileSync(at('a/f/in'), 'utf8'), readFileSync(folder.at(odd), 'utf8')]).toEqual(['1', '2', 'odd']);
  await folder.close();
  expect([readdirSync(at(trash, 'files')), readdirSync(at(trash, 'info'))]).toEqual([[], []]);
});

test('what other programs threw away is listed and restored, and never expires', async () => {
  // As private as those make them, whatever the process mask is here.
  for (const folder of ['', 'files', 'info']) mkdirSync(at(trash, folder), { mode: 0o700 });
  writeFileSync(at(trash, 'files', 'x'), '1');
  // As `gio trash` writes it.
  writeFileSync(at(trash, 'info', 'x.trashinfo'), '[Trash Info]\nPath=a/%E9%A6%92%E5%A4%B4.txt\nDeletionDate=2001-01-01T00:00:00\n');
  expect(await expireTrash(t.app)).toBe(0);
  const [row] = await rows();
  expect(row).toMatchObject({ name: '馒头.txt', folder: at('a'), by: null });
  await restore([row!.id]);
  expect(readFileSync(at('a/馒头.txt'), 'utf8')).toBe('1');
});

test('of one name there may be many, also of 255 bytes', async () => {
  const long = '馒'.repeat(85);
  for (let n = 0; n < 3; n++) {
    put(`a/${long}`, String(n));
    await throwAway([long]);
  }
  expect((await rows()).map((row) => row.name)).toEqual([long, long, long]);
  for (const name of readdirSync(at(trash, 'info'))) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
});

test('back where something is now: asked, then as chosen; where the folder is gone: only when it may be made', async () => {
  put('a/sub/x', 'old');
  const done = await throwAway(['x'], at('a/sub'));
  if (done.state !== 'done') throw new Error('a task');
  put('a/sub/x', 'new');
  expect(await restore(done.ids)).toMatchObject({ state: 'conflicts', conflicts: [{ id: done.ids[0], target: { type: 'file' } }] });
  expect(await restore(done.ids, { conflict: 'skip' })).toMatchObject({ state: 'done', counts: { skipped: 1 } });
  expect((await rows()).length).toBe(1);
  await restore(done.ids, { choices: { [done.ids[0]!]: 'keep-both' } });
  expect(readFileSync(at('a/sub/x (2)'), 'utf8')).toBe('old');
  const gone = await throwAway(['x'], at('a/sub'));
  rmSync(at('a'), { recursive: true });
  if (gone.state !== 'done') throw new Error('a task');
  expect(await restore(gone.ids)).toEqual({ state: 'missing', folders: [at('a/sub')] });
  await restore(gone.ids, { recreate: true });
  expect(readFileSync(at('a/sub/x'), 'utf8')).toBe('new');
});

test('S4 a restore does not follow a symlink that took the place of the folder out of reach', async () => {
  putSetting(t.app, 'filesRootsOperator', [at('a')]);
  put('a/sub/x');
  const done = await throwAway(['x'], at('a/sub'), operator);
  if (done.state !== 'done') throw new Error('a task');
  mkdirSync(at('outside'));
  rmSync(at('a/sub'), { recursive: true });
  symlinkSync(at('outside'), at('a/sub'));
  expect(await refusal(restore(done.ids, { recreate: true }, operator))).toBe(en.files.errors.outside);
  expect(readdirSync(at('outside'))).toEqual([]);
});

test('deleting from the trash takes the note along, and does not follow symlinks', async () => {
  put('b/keep');
  mkdirSync(at('a/f'));
  symlinkSync(at('b'), at('a/f/link'));
  const done = await throwAway(['f']);
  if (done.state !== 'done') throw new Error('a task');
  await deleteFromTrash(t.app, SYSTEM, done.ids);
  expect([readdirSync(at(trash, 'files')), readdirSync(at(trash, 'info')), existsSync(at('b/keep'))]).toEqual([[], [], true]);
});

test('after the days of the setting it is gone, not before, and never with 0', async () => {
  put('a/x');
  await throwAway(['x']);
  t.clock.advance(29 * 86_400_000);
  expect(await expireTrash(t.app)).toBe(0);
  putSetting(t.app, 'trashDays', 0);
  t.clock.advance(2 * 86_400_000);
  expect(await expireTrash(t.app)).toBe(0);
  putSetting(t.app, 'trashDays', 30);
  // A note whose entry is gone, by a restore that was cut short.
  writeFileSync(at(trash, 'info', 'lost.trashinfo'), writeNote({ path: 'a/lost', at: t.clock.now() - 3 * 86_400_000, by: 'lin' }));
  expect(await expireTrash(t.app)).toBe(1);
  expect([readdirSync(at(trash, 'files')), readdirSync(at(trash, 'info'))]).toEqual([[], []]);
  expect(lstatSync(at(trash)).isDirectory()).toBe(true);
});
