import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, chownSync, linkSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { needs } from '../../../../test/support/needs.ts';
import { audit } from '../../../db/schema/audit.ts';
import { systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Role } from '../../../db/schema/users.ts';
import { type Actor, SYSTEM } from '../../app.ts';
import { putSetting } from '../../settings/settings.ts';
import { getTask } from '../../tasks/tasks.ts';
import { readTaskLog } from '../../tasks/log.ts';
import { changeModes } from './change.ts';
import { countChanges, emptyCount } from './count.ts';
import { ModeInput, planOf } from './plan.ts';
import { modesOf } from './state.ts';
import { createUndos } from './undo.ts';

const it = needs('linux', 'root');
let t: TestApp;
let folder = '';
beforeEach(() => {
  t = testApp();
  folder = mkdtempSync(join(tmpdir(), 'mantou-modes-'));
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

let made = 0;
const actor = (role: Role): Actor => {
  const { userId, sessionId } = t.as(role, `${role}-${made++}`);
  return { kind: 'user', userId, name: role, role, sessionId, tokenId: null, ip: '' };
};
const make = (...paths: string[]) => {
  for (const path of paths) {
    if (path.endsWith('/')) mkdirSync(join(folder, path), { recursive: true });
    else writeFileSync(join(folder, path), 'x');
  }
};
const modeOf = (path: string) => (lstatSync(join(folder, path)).mode & 0o7777).toString(8);
const input = (given: Partial<ModeInput>) => ModeInput.parse(given);
const change = (who: Actor, names: string[], given: Partial<ModeInput>, from = folder) => changeModes(t.app, who, { folder: from, names }, input(given));
const settle = async (outcome: { task: string | null }) => {
  await t.app.tasks.settled(outcome.task!);
  const { state, error } = getTask(t.app, SYSTEM, outcome.task!);
  return { state, error, log: (await readTaskLog(t.app.tasks.logPath(outcome.task!), 0)).text };
};
const refused = async (work: Promise<unknown>) => {
  const error = await work.then(() => null, (thrown: unknown) => thrown);
  return error instanceof AppError ? error.code : String(error);
};

it.describe('refused', () => {
  it('a viewer, an operator outside the roots or for owners and setuid, and what is not there', async () => {
    make('a', 'shown/', 'shown/b');
    putSetting(t.app, 'filesRootsOperator', [join(folder, 'shown')]);
    putSetting(t.app, 'filesRootsViewer', [folder]);
    const operator = actor('operator');
    expect(await refused(change(actor('viewer'), ['a'], { mode: '600' }))).toBe('denied');
    expect(await refused(change(operator, ['a'], { mode: '600' }))).toBe('denied');
    expect(await refused(change(operator, ['b'], { owner: '33' }, join(folder, 'shown')))).toBe('denied');
    for (const mode of ['4755', 'u+s', '2755', 'a+s']) expect(await refused(change(operator, ['b'], { mode }, join(folder, 'shown')))).toBe('denied');
    expect(await refused(change(actor('admin'), ['gone'], { recursive: true, mode: '600' }))).toBe('not_found');
    expect(await change(operator, ['b'], { mode: '600' }, join(folder, 'shown'))).toMatchObject({ changed: 1 });
    expect([modeOf('a'), modeOf('shown/b')]).toEqual(['644', '600']);
  });

  it('an operator leaves setuid as it is, whatever the number says', async () => {
    make('shown/', 'shown/b');
    chmodSync(join(folder, 'shown/b'), 0o4755);
    putSetting(t.app, 'filesRootsOperator', [join(folder, 'shown')]);
    await change(actor('operator'), ['b'], { mode: 'g-x' }, join(folder, 'shown'));
    expect(modeOf('shown/b')).toBe('4745');
  });

  it('S22 the root, the kernel, the system, and the panel itself', async () => {
    const admin = actor('admin');
    for (const [from, name] of [['/', 'etc'], ['/', 'usr'], ['/usr', 'bin'], ['/', 'proc'], ['/', 'sys'], ['/var', 'lib'], ['/proc/sys', 'kernel']] as const) {
      expect(await refused(change(admin, [name], { mode: '755', recursive: true }, from)), `${from} ${name}`).toBe('denied');
    }
    expect(await refused(change(admin, ['version'], { mode: '600' }, '/proc'))).toBe('denied');
    expect(await refused(change(admin, ['null'], { mode: '600' }, '/dev'))).toBe('denied');
    expect(await refused(change(admin, ['mantou.db'], { mode: '644' }, t.app.config.dataDir))).toBe('denied');
    expect(await refused(change(admin, ['..'], { mode: '755' }, join(folder)))).toBe('invalid');
    for (const name of ['', '.', 'a/b', '../etc', 'a\0b']) expect(await refused(change(admin, [name], { mode: '755' }))).toBe('invalid');
  });

  it('accounts and modes that are none, and nothing at all', async () => {
    make('a');
    const admin = actor('admin');
    for (const given of [{ owner: '-R' }, { owner: '--reference=/etc/shadow' }, { group: '4294967295' }, { owner: 'nobody-here' }, { owner: '0x0' }, {}]) {
      expect(await refused(change(admin, ['a'], given)), JSON.stringify(given)).toBe('invalid');
    }
    for (const mode of ['999', '-R', '--reference=/etc/shadow']) expect(ModeInput.safeParse({ mode }).success).toBe(false);
  });
});

it('S2 names that look like options are names', async () => {
  const names = ['-R', '--reference=shadow', '-rf *', 'a\nb', '$(id)', "it's", '\u{10ffff}x'];
  for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(systemName(name) as string)]), 'x');
  const outcome = await change(actor('admin'), names, { mode: '640', group: '33' });
  expect(outcome).toMatchObject({ task: null, changed: names.length, failed: [] });
  for (const name of names) {
    const stats = lstatSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(systemName(name) as string)]));
    expect([stats.mode & 0o7777, stats.gid]).toEqual([0o640, 33]);
  }
  const row = t.app.db.select().from(audit).all().at(-1)!;
  expect(row).toMatchObject({ action: 'files.mode', params: { mode: '640', changed: names.length } });
  expect(row.commands[0]).toContain(`chown -h -- :33 ${folder}/-R `);
});

it('S4 a symlink has no mode, its owner is its own, and where it leads is left alone', async () => {
  make('d/', 'd/a', 'secret');
  symlinkSync(join(folder, 'secret'), join(folder, 'd/link'));
  symlinkSync(folder, join(folder, 'd/up'));
  const outcome = await settle(await change(actor('admin'), ['d'], { mode: '700', owner: '33', recursive: true }));
  expect(outcome.state).toBe('done');
  expect([modeOf('secret'), lstatSync(join(folder, 'secret')).uid, lstatSync(folder).uid]).toEqual(['644', 0, 0]);
  expect(lstatSync(join(folder, 'd/link')).uid).toBe(33);
  expect(await change(actor('admin'), ['link'], { mode: '600' }, join(folder, 'd'))).toMatchObject({ changed: 0, same: 1 });
  expect(modeOf('secret')).toBe('644');
});

it('S4 a folder that is swapped for a symlink again and again never lets a recursive change out', async () => {
  make('outside/', 'outside/secret', 'tree/', 'tree/real/', 'tree/real/x');
  for (let i = 0; i < 200; i++) make(`tree/real/f${i}`);
  chmodSync(join(folder, 'outside/secret'), 0o644);
  const paths = { real: join(folder, 'tree/real'), away: join(folder, 'tree/away'), link: join(folder, 'tree/link') };
  symlinkSync(join(folder, 'outside'), paths.link);
  let going = true;
  const swapping = (async () => {
    for (let i = 0; going && i < 100_000; i++) {
      renameSync(paths.real, paths.away);
      renameSync(paths.link, paths.real);
      await new Promise(setImmediate);
      renameSync(paths.real, paths.link);
      renameSync(paths.away, paths.real);
      if (i % 3 === 0) await new Promise(setImmediate);
    }
  })();
  const admin = actor('admin');
  for (let round = 0; round < 15; round++) await settle(await change(admin, ['tree'], { mode: round % 2 ? '700' : '711', fileMode: round % 2 ? '600' : '666', recursive: true }));
  going = false;
  await swapping;
  expect([modeOf('outside'), modeOf('outside/secret')]).toEqual(['755', '644']);
});

it('files and folders get modes of their own; what is as wanted already is not touched', async () => {
  make('site/', 'site/a', 'site/b/', 'site/b/c', 'site/run');
  chmodSync(join(folder, 'site/run'), 0o700);
  linkSync(join(folder, 'site/a'), join(folder, 'site/b/hard'));
  const admin = actor('admin');
  const given = { mode: '755', fileMode: '644', recursive: true };
  const plan = await planOf(t.app, admin, input(given));
  expect(await countChanges(t.app, admin, { folder, names: ['site'] }, plan, emptyCount())).toMatchObject({ files: 1, folders: 0, same: 5, state: 'done' });
  const outcome = await settle(await change(admin, ['site'], given));
  expect(outcome).toMatchObject({ state: 'done', error: null });
  expect(outcome.log).toContain('1 changed, 5 as wanted already, 0 passed over');
  expect(outcome.log).toContain(`find ${folder}/site -xdev -type d -exec chmod 755 -- {} +`);
  expect(['site', 'site/a', 'site/b', 'site/b/c', 'site/run'].map(modeOf)).toEqual(['755', '644', '755', '644', '644']);
  await settle(await change(admin, ['site'], { mode: 'go-rwX,u+X', recursive: true }));
  expect(['site', 'site/a', 'site/b', 'site/b/c', 'site/run'].map(modeOf)).toEqual(['700', '600', '700', '600', '600']);
});

it('the panel’s own folder inside a tree is passed over', async () => {
  make('tree/', 'tree/a');
  const own = join(folder, 'tree/own');
  mkdirSync(own);
  writeFileSync(join(own, 'key'), 'x', { mode: 0o600 });
  const app = { ...t.app, config: { ...t.app.config, dataDir: own } };
  const outcome = await changeModes(app, actor('admin'), { folder, names: ['tree'] }, input({ mode: '777', fileMode: '666', recursive: true }));
  const { log } = await settle(outcome);
  expect(log).toContain('1 passed over');
  expect([modeOf('tree/own/key'), modeOf('tree/own'), modeOf('tree/a')]).toEqual(['600', '755', '666']);
});

it('1,000 levels deep, and a change that is cancelled stops', async () => {
  make('deep/');
  const parts = Array.from({ length: 1000 }, () => 'd');
  mkdirSync(join(folder, 'deep', ...parts), { recursive: true });
  const { state, log } = await settle(await change(actor('admin'), ['deep'], { mode: '750', recursive: true }));
  expect(state).toBe('done');
  expect(log).toContain('1001 changed');
  const outcome = await change(SYSTEM, ['deep'], { mode: '700', recursive: true });
  t.app.tasks.cancel(outcome.task!);
  expect((await settle(outcome)).state).toBe('cancelled');
  // rmSync of Bun 1.4 takes seconds for so many levels, and the hook that would wait for it has five.
  Bun.spawnSync(['rm', '-rf', '--', join(folder, 'deep')]);
});

it('a second change of the same folder waits for the first', async () => {
  make('d/', ...Array.from({ length: 3000 }, (_, n) => `d/${n}`));
  const first = await change(SYSTEM, ['d'], { mode: '700', recursive: true });
  expect(await refused(change(SYSTEM, ['d'], { mode: '755', recursive: true }))).toBe('conflict');
  await settle(first);
});

it('a new owner takes setuid away unless the mode says it again', async () => {
  make('a', 'b');
  for (const name of ['a', 'b']) chmodSync(join(folder, name), 0o4755);
  await change(SYSTEM, ['a'], { owner: '33' });
  await change(SYSTEM, ['b'], { owner: 'www-data', mode: '4755' });
  expect([modeOf('a'), modeOf('b'), lstatSync(join(folder, 'b')).uid]).toEqual(['755', '4755', 33]);
});

it('what entries share is shown, and a small change is taken back by whoever made it', async () => {
  make('a', 'b', 'd/');
  chmodSync(join(folder, 'b'), 0o600);
  chownSync(join(folder, 'b'), 33, 33);
  const admin = actor('admin');
  expect(await modesOf(t.app, admin, { folder, names: ['a', 'b', 'd'] })).toMatchObject({ common: 0o600, mixed: 0o155, uid: null, gid: null, files: 2, folders: 1 });
  const undos = createUndos(t.app);
  const outcome = await change(admin, ['a', 'b'], { mode: '640', owner: '4' });
  if (outcome.task !== null) throw new Error('a task');
  const id = undos.keep(admin, folder, outcome.before, true)!;
  expect(await refused(undos.undo(actor('operator'), id))).toBe('not_found');
  expect(await undos.undo(admin, id)).toEqual({ folder, changed: 2 });
  expect([modeOf('a'), modeOf('b'), lstatSync(join(folder, 'b')).uid]).toEqual(['644', '600', 33]);
  expect(await refused(undos.undo(admin, id))).toBe('not_found');
});

describe('Windows', () => {
  test('has no modes to change', async () => {
    const app = { ...t.app, host: { ...t.app.host, files: { ...t.app.host.files, kind: 'windows' as const } } };
    expect(await refused(planOf(app, SYSTEM, input({ mode: '644' })))).toBe('unsupported');
  });
});

it('pages that show the folder are told by where it really is, however it was reached', async () => {
  make('real/', 'real/a');
  symlinkSync('real', join(folder, 'link'));
  const told: string[] = [];
  t.app.bus.on('files.changed', (event) => void told.push(event.folder));
  const admin = actor('admin');
  const outcome = await change(admin, ['a'], { mode: '600' }, join(folder, 'link'));
  if (outcome.task !== null) throw new Error('It was few enough.');
  const undos = createUndos(t.app);
  await undos.undo(admin, undos.keep(admin, join(folder, 'link'), outcome.before, true)!);
  await settle((await change(admin, ['a'], { mode: '640', recursive: true }, join(folder, 'link'))) as { task: string });
  expect(told).toEqual(Array(3).fill(join(folder, 'real')));
});
