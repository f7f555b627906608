import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { needs } from '../support/needs.ts';
import { post, runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** `kill -9` in the middle of a copy, a move and an extraction: nothing is lost, nothing is half, and what was begun is cleared away. */
const it = needs('linux', 'root', 'mounts');
const SOURCES = [process.execPath, 'src/main.ts'];
const MIB = 1 << 20;
let root = '';
const panels: RunningPanel[] = [];
const at = (...parts: string[]) => join(root, ...parts);

if (it.ok) {
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'mantou-killed-'));
    for (const name of ['from', 'to', 'other', 'out']) mkdirSync(at(name));
    expect(Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=1g', 'none', at('other')]).exitCode).toBe(0);
  });
  afterAll(async () => {
    for (const panel of panels) await panel.stop();
    expect(Bun.spawnSync(['umount', at('other')]).exitCode).toBe(0);
    rmSync(root, { recursive: true, force: true });
  });
}

/** Each test has a panel of its own, by the name of its data directory. */
async function start(data: string): Promise<RunningPanel> {
  mkdirSync(at(data), { recursive: true });
  const panel = await runPanel(SOURCES, { dataDir: at(data) });
  panels.push(panel);
  return panel;
}

/** Is it, or does it lie in, what the panel was making? */
const isPart = (path: string) => /\/\.[^/]*\.mantou-[0-9a-f]{12}(\/|$)/.test(path);
const files = (folder: string) => (existsSync(folder) ? (readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))) : []);
const sum = (path: string) => new Bun.CryptoHasher('sha256').update(readFileSync(path)).digest('hex');

/** Names → sums of what is whole. */
const whole = (folder: string) => Object.fromEntries(files(folder).filter((path) => !isPart(path)).map((path) => [path.slice(folder.length + 1), sum(path)]));

function make(count: number, bytes: number): Record<string, string> {
  rmSync(at('from/t'), { recursive: true, force: true });
  mkdirSync(at('from/t/deep'), { recursive: true });
  for (let n = 0; n < count; n++) writeFileSync(at('from/t', n % 2 ? `deep/f${n}` : `f${n}`), crypto.getRandomValues(new Uint8Array(65_536)).toHex().repeat(bytes >> 17));
  return whole(at('from'));
}

/** Kills the panel while a part is there and so many files, starts it again and waits until no part is left. */
async function killed(panel: RunningPanel, target: string, count = 3): Promise<RunningPanel> {
  const begun = () => files(target).some(isPart) && files(target).length >= count;
  await until(async () => {
    if (!begun()) return false;
    // Held while it is looked at again: between two files there is no part.
    panel.kill('SIGSTOP');
    await until(() => /^\d+ \(.*\) T/.test(readFileSync(`/proc/${panel.pid}/stat`, 'utf8')));
    if (begun()) return true;
    panel.kill('SIGCONT');
    return false;
  });
  panel.kill('SIGKILL');
  await panel.exited;
  expect(files(target).filter(isPart).length).toBeGreaterThan(0);
  const next = await start(basename(panel.dataDir));
  await until(() => !files(target).some(isPart));
  return next;
}

const states = (panel: RunningPanel) => {
  using db = new Database(join(panel.dataDir, 'mantou.db'), { readonly: true });
  return db.query('SELECT kind, state FROM tasks ORDER BY created_at').all();
};

it('a copy and a move, both killed: after the restart every file is whole, and the second try ends it', async () => {
  let panel = await start('data');
  const cookie = await setUp(panel);

  const before = make(10, 24 * MIB);
  // Somebody else's file that merely looks like a part: only what was recorded is swept.
  writeFileSync(at('to/.mine.mantou-0123456789ab'), 'mine');
  expect((await post(panel, cookie, '/files/copy', { folder: at('from'), name: 't', to: at('to') })).status).toBe(303);
  panel = await killed(panel, at('to/t'));
  expect(whole(at('from'))).toEqual(before);
  const copied = whole(at('to'));
  expect(Object.keys(copied).length).toBeLessThan(10);
  for (const [name, hash] of Object.entries(copied)) expect([name, hash]).toEqual([name, before[name]!]);
  expect(readFileSync(at('to/.mine.mantou-0123456789ab'), 'utf8')).toBe('mine');
  expect(states(panel)).toEqual([{ kind: 'files.copy', state: 'interrupted' }]);

  expect((await post(panel, cookie, '/files/move', { folder: at('from'), name: 't', to: at('other') })).status).toBe(303);
  panel = await killed(panel, at('other'));
  const [left, moved] = [whole(at('from')), whole(at('other'))];
  for (const name of Object.keys(before)) expect([name, left[name] ?? moved[name]]).toEqual([name, before[name]!]);
  for (const [name, hash] of Object.entries(moved)) expect([name, hash]).toEqual([name, before[name]!]);

  expect((await post(panel, cookie, '/files/move', { folder: at('from'), name: 't', to: at('other'), conflict: 'replace' })).status).toBe(303);
  await until(() => (states(panel).at(-1) as { state: string }).state !== 'running');
  expect((states(panel).at(-1) as { state: string }).state).toBe('done');
  expect([whole(at('other')), existsSync(at('from/t'))]).toEqual([before, false]);
  expect(panel.errorLog()).toBe('');
});

it('an extraction, killed: the folder is as it was, also where it would have replaced something, and the second try ends it', async () => {
  let panel = await start('data-extract');
  const cookie = await setUp(panel);
  const before = make(10, 24 * MIB);
  const archive = at('backup.tar.gz');
  expect(Bun.spawnSync(['tar', '-C', at('from'), '-I', 'gzip -1', '-cf', archive, 't']).exitCode).toBe(0);
  const archived = sum(archive);
  mkdirSync(at('out/site/t'), { recursive: true });
  writeFileSync(at('out/site/t/f0'), 'old');
  writeFileSync(at('out/mine'), 'mine');
  const there = whole(at('out'));
  const extract = () => post(panel, cookie, '/files/extract', { path: archive, to: at('out'), into: 'site', conflict: 'replace' });

  expect((await extract()).status).toBe(303);
  // Two were there before.
  panel = await killed(panel, at('out'), 5);
  expect([whole(at('out')), sum(archive)]).toEqual([there, archived]);
  // The hidden folders themselves are gone as well.
  await until(() => !readdirSync(at('out')).some((name) => name.includes('.mantou-')));
  expect(readdirSync(at('out/site'), { recursive: true }).sort()).toEqual(['t', 't/f0']);
  expect(states(panel)).toEqual([{ kind: 'files.extract', state: 'interrupted' }]);

  expect((await extract()).status).toBe(303);
  await until(() => (states(panel).at(-1) as { state: string }).state !== 'running');
  expect((states(panel).at(-1) as { state: string }).state).toBe('done');
  expect([whole(at('out/site')), readFileSync(at('out/mine'), 'utf8')]).toEqual([before, 'mine']);
  expect(panel.errorLog()).toBe('');
});
