import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import type { Role } from '../../db/schema/users.ts';
import { SYSTEM, type Actor } from '../app.ts';
import { putSetting } from '../settings/settings.ts';
import { openFile, openFolder, statOf, withEntry } from './entry.ts';

let t: TestApp;
let base = '';
let mine = '';
beforeEach(() => {
  t = testApp();
  base = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-entry-')));
  mine = join(base, 'mine');
  mkdirSync(join(mine, 'sub'), { recursive: true });
  mkdirSync(join(base, 'theirs'));
  writeFileSync(join(base, 'theirs/secret'), 'secret');
  writeFileSync(join(mine, 'sub/a'), 'a');
  putSetting(t.app, 'filesRootsOperator', [mine]);
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(base, { recursive: true, force: true });
});

const person = (role: Role): Actor => ({ kind: 'user', userId: role, name: role, role, sessionId: null, tokenId: null, ip: '' });
const operator = person('operator');
const codeOf = (work: Promise<unknown>) => work.then(() => 'nothing', (error: { code?: string }) => error.code ?? String(error));
const folder = (actor: Actor, path: string, right: 'read' | 'write' = 'read') => openFolder(t.app, actor, path, right).then((held) => held.close());
const file = (actor: Actor, path: string) => openFile(t.app, actor, path).then((held) => held.close());
const entry = (actor: Actor, path: string, right: 'read' | 'write' = 'read') => withEntry(t.app, actor, path, right, statOf);

test('S23 what is protected by its name has no second one: 8.3 names count as what they stand for', async () => {
  const files = { ...t.app.host.files, longName: async (_folder: unknown, name: string) => (name === 'MANTOU~1' ? basename(t.app.config.dataDir) : null) };
  const app = { ...t.app, host: { ...t.app.host, files } };
  expect(await codeOf(withEntry(app, person('admin'), join(dirname(t.app.config.dataDir), 'MANTOU~1'), 'write', statOf))).toBe('denied');
  expect(await codeOf(withEntry(app, person('admin'), join(dirname(t.app.config.dataDir), 'OTHER~1'), 'write', statOf))).toBe('nothing');
});

describe('S4 refused', () => {
  test('outside of the folders of one’s role, in each way to ask', async () => {
    for (const path of [base, '/', '/etc', join(base, 'theirs'), join(base, 'mine2'), '/proc/self/root/etc', `/proc/self/cwd`]) expect([path, await codeOf(folder(operator, path))]).not.toEqual([path, 'nothing']);
    expect(await codeOf(file(operator, join(base, 'theirs/secret')))).toBe('denied');
    expect(await codeOf(entry(operator, join(base, 'theirs/secret')))).toBe('denied');
    expect(await codeOf(entry(operator, join(base, 'theirs/none')))).toBe('denied');
    for (const path of [`${mine}/../theirs/secret`, `${mine}/..`, `${mine}/sub/../../theirs`]) expect(await codeOf(entry(operator, path))).toBe('invalid');
  });

  test('the memory of the machine and of the panel, to whoever may read everything else', async () => {
    putSetting(t.app, 'filesRootsOperator', ['/']);
    for (const path of ['/proc/kcore', '/proc/self/environ', '/proc/self/mem', '/proc/thread-self/maps', `/proc/1/root/proc/${process.pid}/environ`]) {
      expect([path, await codeOf(file(operator, path))]).toEqual([path, 'denied']);
    }
    for (const thread of readdirSync('/proc/self/task')) {
      const code = await codeOf(file(operator, `/proc/${thread}/environ`));
      // Threads come and go.
      if (existsSync(`/proc/self/task/${thread}`)) expect([thread, code]).toEqual([thread, 'denied']);
    }
    expect(await codeOf(folder(operator, '/proc/self'))).toBe('denied');
    expect(await codeOf(file(operator, '/proc/1/status'))).toBe('nothing');
    expect(await codeOf(file(person('admin'), '/proc/self/status'))).toBe('nothing');
  });

  test('a viewer without folders, an operator without any, somebody who is nobody', async () => {
    expect(await codeOf(folder(person('viewer'), mine))).toBe('denied');
    putSetting(t.app, 'filesRootsOperator', []);
    expect(await codeOf(folder(operator, mine))).toBe('denied');
    expect(await codeOf(folder({ kind: 'anonymous', ip: '' }, mine))).toBe('denied');
  });

  test('writing for who may only read', async () => {
    putSetting(t.app, 'filesRootsViewer', [mine]);
    expect(await codeOf(folder(person('viewer'), mine))).toBe('nothing');
    expect(await codeOf(folder(person('viewer'), mine, 'write'))).toBe('denied');
    expect(await codeOf(entry(person('viewer'), join(mine, 'sub/a'), 'write'))).toBe('denied');
  });

  test('a symlink out of one’s folders: to a file, a folder, through both, relative and absolute', async () => {
    symlinkSync('../theirs', join(mine, 'relative'));
    symlinkSync(join(base, 'theirs'), join(mine, 'absolute'));
    symlinkSync('../theirs/secret', join(mine, 'secret'));
    symlinkSync('secret', join(mine, 'twice'));
    for (const name of ['relative', 'absolute']) {
      expect(await codeOf(folder(operator, join(mine, name)))).toBe('denied');
      expect(await codeOf(file(operator, join(mine, name, 'secret')))).toBe('denied');
      expect(await codeOf(entry(operator, join(mine, name, 'secret'), 'write'))).toBe('denied');
      expect(await codeOf(entry(operator, join(mine, name, 'new'), 'write'))).toBe('denied');
    }
    for (const name of ['secret', 'twice']) expect(await codeOf(file(operator, join(mine, name)))).toBe('denied');
    // The link itself lies in the folder and may be looked at and removed.
    await withEntry(t.app, operator, join(mine, 'secret'), 'write', ({ at }) => unlink(at));
    expect(readFileSync(join(base, 'theirs/secret'), 'utf8')).toBe('secret');
  });

  test('the panel’s own folder: nobody writes there, and who is no administrator does not see it', async () => {
    const own = t.app.config.dataDir;
    putSetting(t.app, 'filesRootsOperator', ['/']);
    symlinkSync(own, join(mine, 'panel'));
    for (const path of [own, join(own, 'mantou.db'), join(mine, 'panel/mantou.db')]) {
      expect([path, await codeOf(entry(operator, path))]).toEqual([path, 'denied']);
      expect([path, await codeOf(entry(person('admin'), path, 'write'))]).toEqual([path, 'denied']);
      expect([path, await codeOf(entry(SYSTEM, path, 'write'))]).toEqual([path, 'denied']);
    }
    expect(await codeOf(file(operator, join(own, 'mantou.db')))).toBe('denied');
    expect(await codeOf(folder(operator, own))).toBe('denied');
    expect(await codeOf(file(person('admin'), join(own, 'mantou.db')))).toBe('nothing');
  });

  test('devices, pipes and folders are not opened as files', async () => {
    Bun.spawnSync(['mkfifo', join(mine, 'pipe')]);
    expect(await codeOf(file(SYSTEM, join(mine, 'pipe')))).toBe('invalid');
    expect(await codeOf(file(SYSTEM, '/dev/null'))).toBe('invalid');
    expect(await codeOf(file(SYSTEM, join(mine, 'sub')))).toBe('invalid');
  });
});

test('S22 a demo panel touches nothing but its own folder', async () => {
  const demo = testApp({ config: { demo: true } });
  for (const actor of [person('admin'), SYSTEM]) expect(await codeOf(openFolder(demo.app, actor, '/etc'))).toBe('denied');
  mkdirSync(join(demo.app.config.dataDir, 'demo-files'));
  await (await openFolder(demo.app, person('admin'), join(demo.app.config.dataDir, 'demo-files'), 'write')).close();
  await demo.close();
});

/** Another process swaps a folder and a symlink for as long as the work goes on. */
async function whileSwapping(name: string, work: () => Promise<void>) {
  const script = `const { renameSync } = require('node:fs'); const [, a, b, c] = process.argv;
    console.log('going');
    for (;;) { renameSync(a, c); renameSync(b, a); renameSync(a, b); renameSync(c, a); }`;
  const link = join(mine, 'link');
  symlinkSync(join(base, 'theirs'), link);
  const child = Bun.spawn([process.execPath, '-e', script, join(mine, name), link, join(mine, 'aside')], { stdout: 'pipe', stderr: 'ignore' });
  await child.stdout.getReader().read();
  try {
    await work();
  } finally {
    child.kill('SIGKILL');
    await child.exited;
  }
}

test('S4 a folder that is swapped for a symlink all the time never leads outside: reading', async () => {
  writeFileSync(join(mine, 'sub/secret'), 'mine');
  const seen = new Map<string, number>();
  await whileSwapping('sub', async () => {
    // For as long as it takes until both states were met.
    for (let i = 0; i < 1500 || seen.size < 2 || !seen.has('mine'); i++) {
      const got = await openFile(t.app, operator, join(mine, 'sub/secret'))
        .then(async (held) => readFile(held.at, 'utf8').finally(() => held.close()))
        .catch((error: { code: string }) => error.code);
      seen.set(got, (seen.get(got) ?? 0) + 1);
    }
  });
  expect(seen.get('secret')).toBeUndefined();
  expect([...seen.keys()].every((what) => ['mine', 'denied', 'not_found'].includes(what))).toBe(true);
}, 60_000);

test('S4 a folder that is swapped for a symlink all the time never leads outside: writing and removing', async () => {
  const outcomes = new Set<string>();
  await whileSwapping('sub', async () => {
    for (let i = 0; i < 800 || outcomes.size < 2 || !outcomes.has('nothing'); i++) {
      outcomes.add(await codeOf(withEntry(t.app, operator, join(mine, `sub/new${i}`), 'write', ({ at }) => writeFile(at, 'x'))));
      outcomes.add(await codeOf(withEntry(t.app, operator, join(mine, 'sub/secret'), 'write', ({ at }) => unlink(at))));
    }
  });
  expect(readdirSync(join(base, 'theirs'))).toEqual(['secret']);
}, 60_000);

test('what was opened stays what it was: a folder that is renamed meanwhile is still the same', async () => {
  const held = await openFolder(t.app, operator, join(mine, 'sub'), 'write');
  renameSync(join(mine, 'sub'), join(mine, 'moved'));
  symlinkSync(join(base, 'theirs'), join(mine, 'sub'));
  await writeFile(held.at('b'), 'b');
  await held.close();
  expect(readdirSync(join(mine, 'moved')).sort()).toEqual(['a', 'b']);
  expect(readdirSync(join(base, 'theirs'))).toEqual(['secret']);
});

test('a root that is a symlink counts where it leads; one that is gone opens nothing', async () => {
  symlinkSync(mine, join(base, 'root'));
  putSetting(t.app, 'filesRootsOperator', [join(base, 'root'), join(base, 'none')]);
  expect(await codeOf(folder(operator, join(base, 'root')))).toBe('nothing');
  expect(await codeOf(file(operator, join(mine, 'sub/a')))).toBe('nothing');
  expect(await codeOf(folder(operator, join(base, 'theirs')))).toBe('denied');
});

test('a hard link is what it is: a name in one’s own folder', async () => {
  linkSync(join(mine, 'sub/a'), join(mine, 'hard'));
  const held = await openFile(t.app, operator, join(mine, 'hard'));
  expect(held.real).toBe(join(mine, 'hard'));
  await held.close();
  expect(lstatSync(join(mine, 'hard')).nlink).toBe(2);
});
