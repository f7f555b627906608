import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { chmodSync, existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../../src/core/app.ts';
import { deleteForGood } from '../../src/core/files/operations/delete.ts';
import { transfer, type TransferInput } from '../../src/core/files/operations/transfer.ts';
import { deleteFromTrash } from '../../src/core/files/trash/empty.ts';
import { moveToTrash } from '../../src/core/files/trash/put.ts';
import { allTrash } from '../../src/core/files/trash/list.ts';
import { restoreFromTrash } from '../../src/core/files/trash/restore.ts';
import { fileParts } from '../../src/db/schema/files.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { en } from '../../src/i18n/en.ts';
import { AppError } from '../../src/lib/errors.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { needs } from '../support/needs.ts';

/** Copies, moves, deletes and the trash on real file systems that are full, read-only, and others. */
const it = needs('linux', 'root', 'mounts');
let t: TestApp;
let root = '';
const mounted: string[] = [];

const at = (...parts: string[]) => join(root, ...parts);
const run = (...argv: string[]) => expect(Bun.spawnSync(argv, { stderr: 'inherit' }).exitCode, argv.join(' ')).toBe(0);

function mount(name: string, ...args: string[]) {
  mkdirSync(at(name), { recursive: true });
  run('mount', ...args, at(name));
  mounted.push(at(name));
}

if (it.ok) {
  beforeAll(() => {
    t = testApp();
    root = mkdtempSync(join(tmpdir(), 'mantou-mounts-'));
    mount('big', '-t', 'tmpfs', '-o', 'size=256m', 'none');
    mount('tiny', '-t', 'tmpfs', '-o', 'size=1m', 'none');
    mkdirSync(at('disk'));
    mkdirSync(at('source'));
    writeFileSync(at('source/x'), 'x');
    mount('fixed', '--bind', at('source'));
    run('mount', '-o', 'remount,ro,bind', at('fixed'));
  });
  afterAll(async () => {
    await t.close();
    for (const path of mounted.reverse()) run('umount', path);
    rmSync(root, { recursive: true, force: true });
  });
}

const go = async (input: Partial<TransferInput>) => {
  const found = await transfer(t.app, SYSTEM, { move: false, folder: at('disk'), names: [], to: at('big'), conflict: 'ask', ...input });
  if (found.state === 'task') await t.app.tasks.settled(found.id);
  return found.state === 'task' ? { ...found, row: t.app.db.select().from(tasks).all().find((row) => row.id === found.id)! } : found;
};
const refusal = (work: Promise<unknown>) => work.then(() => 'nothing', (error: unknown) => (error instanceof AppError ? error.say(en) : Promise.reject(error)));
const clean = () => {
  for (const place of ['disk', 'big', 'tiny']) for (const name of readdirSync(at(place))) rmSync(at(place, name), { recursive: true, force: true });
  expect(t.app.db.select().from(fileParts).all()).toEqual([]);
};
const listed = (path: string) => (readdirSync(path, { recursive: true }) as string[]).sort();

describe('a file system', () => {
  it('that is full in the middle: the part goes, the original stays, and it is said', async () => {
    writeFileSync(at('disk/small'), 's'.repeat(1000));
    writeFileSync(at('disk/z-large'), 'l'.repeat(3 << 20));
    for (const move of [false, true]) {
      expect(await refusal(go({ move, names: ['small', 'z-large'], to: at('tiny'), conflict: 'replace' }))).toBe(en.files.errors.full);
      expect(readdirSync(at('tiny'))).toEqual(['small']);
      expect(statSync(at('disk/z-large')).size).toBe(3 << 20);
    }
    // What was whole before has been moved, and is on one side only.
    expect([existsSync(at('disk/small')), readFileSync(at('tiny/small'), 'utf8')]).toEqual([false, 's'.repeat(1000)]);
    clean();
  });

  it('that is full: a replaced file is the old one, whole', async () => {
    writeFileSync(at('disk/x'), 'n'.repeat(900 << 10));
    writeFileSync(at('tiny/x'), 'o'.repeat(500 << 10));
    expect(await refusal(go({ names: ['x'], to: at('tiny'), conflict: 'replace' }))).toBe(en.files.errors.full);
    expect(readFileSync(at('tiny/x'), 'utf8')).toBe('o'.repeat(500 << 10));
    expect(readdirSync(at('tiny'))).toEqual(['x']);
    clean();
  });

  it('that is read-only: nothing is begun, there is no trash, and it is said', async () => {
    writeFileSync(at('disk/y'), 'y');
    const words = en.files.errors.readOnly;
    expect(await refusal(go({ names: ['y'], to: at('fixed') }))).toBe(words);
    expect(await refusal(go({ move: true, folder: at('fixed'), names: ['x'], to: at('disk') }))).toBe(words);
    expect(await refusal(deleteForGood(t.app, SYSTEM, { folder: at('fixed'), names: ['x'] }))).toBe(words);
    expect(await refusal(moveToTrash(t.app, SYSTEM, { folder: at('fixed'), names: ['x'] }))).toBe(words);
    await go({ folder: at('fixed'), names: ['x'], to: at('disk') });
    expect(readdirSync(at('disk')).sort()).toEqual(['x', 'y']);
    clean();
  });

  it('S22 that is mounted below is neither deleted nor moved, and what is in it stays', async () => {
    mkdirSync(at('disk/tree/in'), { recursive: true });
    run('mount', '-t', 'tmpfs', 'none', at('disk/tree/in'));
    try {
      writeFileSync(at('disk/tree/in/keep'), 'k');
      for (const names of [['tree']]) {
        expect(await refusal(deleteForGood(t.app, SYSTEM, { folder: at('disk'), names }))).toBe(en.transfers.errors.mount);
        expect(await refusal(moveToTrash(t.app, SYSTEM, { folder: at('disk'), names }))).toBe(en.transfers.errors.mount);
        expect(await refusal(go({ move: true, names }))).toBe(en.transfers.errors.mount);
      }
      expect(await refusal(deleteForGood(t.app, SYSTEM, { folder: at('disk/tree'), names: ['in'] }))).toBe(en.transfers.errors.mount);
      // A copy goes in: what people see is what they copy.
      await go({ names: ['tree'] });
      expect(readFileSync(at('big/tree/in/keep'), 'utf8')).toBe('k');
    } finally {
      run('umount', at('disk/tree/in'));
    }
    clean();
  });

  it('S22 a folder that is mounted into itself is not copied for ever', async () => {
    mkdirSync(at('disk/loop/again'), { recursive: true });
    writeFileSync(at('disk/loop/x'), 'x');
    run('mount', '--bind', at('disk'), at('disk/loop/again'));
    try {
      mkdirSync(at('disk/to'));
      expect(await refusal(go({ names: ['loop'], to: at('disk/to') }))).toContain(en.transfers.errors.intoItself);
      expect(listed(at('disk/to'))).toEqual(['loop', 'loop/x']);
    } finally {
      run('umount', at('disk/loop/again'));
    }
    clean();
  });
});

it('a move to another file system keeps all there is to keep, and takes the original away only then', async () => {
  mkdirSync(at('disk/t/deep'), { recursive: true });
  writeFileSync(at('disk/t/x'), 'x');
  chmodSync(at('disk/t/x'), 0o640);
  run('chown', '12:34', at('disk/t/x'));
  utimesSync(at('disk/t/x'), 1, 1_400_000_000);
  linkSync(at('disk/t/x'), at('disk/t/hard'));
  symlinkSync('../nowhere', at('disk/t/link'));
  writeFileSync(at('disk/t/deep/y'), 'y'.repeat(300_000));
  for (let n = 0; n < 600; n++) writeFileSync(at('disk/t/deep', `f${n}`), String(n));
  const found = await go({ move: true, names: ['t'] });
  expect(found.state === 'task' ? [found.row.state, found.row.error] : found).toEqual(['done', null]);
  expect(readdirSync(at('disk'))).toEqual([]);
  const stats = statSync(at('big/t/x'));
  expect([stats.mode & 0o777, stats.uid, stats.gid, stats.mtimeMs, stats.nlink]).toEqual([0o640, 12, 34, 1_400_000_000_000, 2]);
  expect([lstatSync(at('big/t/link')).isSymbolicLink(), readdirSync(at('big/t/deep')).length]).toEqual([true, 601]);
  clean();
});

it('a move to another file system leaves what it cannot take, with its folders, and says so', async () => {
  mkdirSync(at('disk/t'));
  writeFileSync(at('disk/t/x'), 'x');
  run('mkfifo', at('disk/t/fifo'));
  expect(await refusal(go({ move: true, names: ['t'] }))).toContain(en.files.errors.special);
  expect([listed(at('disk')), listed(at('big'))]).toEqual([['t', 't/fifo'], ['t', 't/x']]);
  clean();
});

it('what may not be read or deleted is told by name, and the rest is done', async () => {
  mkdirSync(at('disk/t'));
  for (const name of ['a', 'b', 'c']) writeFileSync(at('disk/t', name), name);
  run('chattr', '+i', at('disk/t/b'));
  try {
    const said = await refusal(go({ move: true, names: ['t'] }));
    expect(said).toContain('1 entry could not be done');
    expect(said).toContain('disk/t/b');
    expect([readdirSync(at('disk/t')), readdirSync(at('big/t')).sort()]).toEqual([['b'], ['a', 'b', 'c']]);
    expect(await refusal(deleteForGood(t.app, SYSTEM, { folder: at('disk'), names: ['t'] }))).toContain('disk/t/b');
    expect(readFileSync(at('disk/t/b'), 'utf8')).toBe('b');
  } finally {
    run('chattr', '-i', at('disk/t/b'));
  }
  clean();
});

it('each file system has a trash of its own, with one list for all', async () => {
  writeFileSync(at('big/on-big'), '1');
  const gone = await moveToTrash(t.app, SYSTEM, { folder: at('big'), names: ['on-big'] });
  if (gone.state !== 'done') throw new Error('a task');
  expect(readdirSync(at('big', '.Trash-0/files'))).toEqual(['on-big']);
  const rows = (await allTrash(t.app, SYSTEM)).filter((row) => row.volume === at('big'));
  expect(rows).toMatchObject([{ name: 'on-big', folder: at('big'), id: gone.ids[0]! }]);
  expect(await restoreFromTrash(t.app, SYSTEM, { ids: gone.ids, conflict: 'ask', recreate: false })).toMatchObject({ state: 'done' });
  expect(readFileSync(at('big/on-big'), 'utf8')).toBe('1');
  const again = await moveToTrash(t.app, SYSTEM, { folder: at('big'), names: ['on-big'] });
  if (again.state !== 'done') throw new Error('a task');
  await deleteFromTrash(t.app, SYSTEM, again.ids);
  expect(readdirSync(at('big', '.Trash-0/files'))).toEqual([]);
  clean();
});

it('a file system without room for a note says so: things stay, and can be deleted for good', async () => {
  writeFileSync(at('tiny/fill'), 'x'.repeat(1 << 20));
  expect(await refusal(moveToTrash(t.app, SYSTEM, { folder: at('tiny'), names: ['fill'] }))).toContain('only be deleted for good');
  expect(statSync(at('tiny/fill')).size).toBe(1 << 20);
  expect(await deleteForGood(t.app, SYSTEM, { folder: at('tiny'), names: ['fill'] })).toMatchObject({ state: 'done' });
  expect(existsSync(at('tiny/fill'))).toBe(false);
  clean();
});

it('S4 a folder that is swapped for a symlink while it is copied or deleted leads nowhere else', async () => {
  mkdirSync(at('outside'));
  writeFileSync(at('outside/secret'), 'keep');
  for (let n = 0; n < 40; n++) {
    mkdirSync(at('disk/t', `d${n}`), { recursive: true });
    for (let m = 0; m < 30; m++) writeFileSync(at('disk/t', `d${n}`, `f${m}`), 'x');
  }
  // Swaps folders for symlinks to a place outside and back, as fast as it can.
  const swap = `import { renameSync, rmSync, symlinkSync } from 'node:fs';
    const [dir, outside] = process.argv.slice(-2);
    for (;;) for (let n = 0; n < 40; n++) try {
      renameSync(dir + '/d' + n, dir + '/../hidden'); symlinkSync(outside, dir + '/d' + n); rmSync(dir + '/d' + n); renameSync(dir + '/../hidden', dir + '/d' + n);
    } catch {}`;
  writeFileSync(at('swap.ts'), swap);
  const child = Bun.spawn([process.execPath, at('swap.ts'), at('disk/t'), at('outside')], { stdout: 'ignore', stderr: 'ignore' });
  try {
    for (let n = 0; n < 5; n++) {
      await go({ names: ['t'], conflict: 'replace' }).catch(() => {});
      // A symlink is copied as one; what it leads to is not: find(1) does not follow it either.
      expect(Bun.spawnSync(['find', at('big'), '-type', 'f', '-name', 'secret']).stdout.toString()).toBe('');
      rmSync(at('big/t'), { recursive: true, force: true });
    }
    const gone = await deleteForGood(t.app, SYSTEM, { folder: at('disk'), names: ['t'] }).catch(() => null);
    if (gone?.state === 'task') await t.app.tasks.settled(gone.id);
  } finally {
    child.kill();
    await child.exited;
  }
  expect(readFileSync(at('outside/secret'), 'utf8')).toBe('keep');
  clean();
});

