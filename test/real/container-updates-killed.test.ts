import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { post, runPanel, setUp, signIn, type RunningPanel } from '../support/panel.ts';
import { testRegistry, type TestRegistry } from '../support/registry.ts';
import { until } from '../support/until.ts';
import { versions } from '../support/versions.ts';

/** The panel as a process: `kill -9` while it updates many containers, and checks that are due when it starts. */
const it = needs('linux', 'docker', 'busybox', 'registry');
const SOURCES = [process.execPath, 'src/main.ts'];
const docker = engine();
const containers = testContainers('upkill');
const name = (what: string) => `${containers.prefix}-${what}`;
let registry: TestRegistry;
let images: ReturnType<typeof versions>;
let root = '';
let panel: RunningPanel;

interface Listed { Id: string; Names: string[]; State: string }
interface Inspected { Id: string; State: { Running: boolean }; Config: { Env: string[] } }
const listed = async () => (await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [containers.prefix] } } })) as Listed[];
const names = async () => (await listed()).map(({ Names }) => Names[0]!.slice(1)).toSorted();
const inspect = (what: string) => docker.ask({ path: `/containers/${name(what)}/json` }) as Promise<Inspected>;
const version = async (what: string) => {
  const { State, Config } = await inspect(what);
  return `${Config.Env.find((line) => line.startsWith('VERSION='))?.slice(8)} ${State.Running ? 'runs' : 'stands'}`;
};
function rows(kind: string): { id: string; state: string; actor: string }[] {
  const db = new Database(join(root, 'mantou.db'), { readonly: true });
  try {
    return db.query('SELECT id, state, actor FROM tasks WHERE kind = ? ORDER BY created_at, id').all(kind) as never;
  } finally {
    db.close();
  }
}
const ended = (kind: string, n = 1) => until(() => rows(kind).length >= n && rows(kind).every(({ state }) => state !== 'running'));
const start = async () => void (panel = await runPanel(SOURCES, { dataDir: root }));

if (it.ok) {
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'mantou-upkill-'));
    registry = await testRegistry();
    images = versions();
  });
  afterAll(async () => {
    await panel?.stop();
    for (const { Id } of await listed()) await docker.ask({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true, v: true } });
    await images?.forget();
    await registry?.stop();
    rmSync(root, { recursive: true, force: true });
  });
}

it('killed while it updates three: each is whole, none is there twice, and the rest can be updated then', async () => {
  const shop = `${registry.host}/shop:1`;
  await images.offer(shop, 'one');
  // A health check that takes a moment: there is time to be killed in.
  const what = ['a', 'b', 'c'];
  for (const each of what) await containers.run([], { Image: shop, Cmd: null, Healthcheck: { Test: ['CMD', 'true'], Interval: 3e9 } }, name(each));
  await images.offer(shop, 'two');
  await start();
  const cookie = await setUp(panel);
  const before = (await inspect('b')).Id;
  const update = async () => {
    const body = new URLSearchParams(what.map((each): [string, string] => ['ids', name(each)]));
    const answer = await fetch(`${panel.url}/containers/updates/update`, { method: 'POST', redirect: 'manual', headers: { origin: panel.url, cookie }, body });
    expect([answer.status, answer.status === 303 ? '' : await answer.text()]).toEqual([303, '']);
  };
  expect((await post(panel, cookie, '/containers/updates/check', {})).status).toBe(303);
  await ended('containers.check');
  await update();
  // The first is done, the second stands between its two.
  await until(async () => (await listed()).some(({ Names, State }) => Names[0] === `/${name('b')}.mantou-new` && State === 'running'));
  panel.kill('SIGKILL');
  await panel.exited;
  expect(await names()).toContain(`${name('b')}.mantou-new`);
  await start();
  await until(async () => (await names()).length === 3);
  await until(async () => (await inspect('b')).State.Running);
  expect(await names()).toEqual(what.map(name));
  expect([await version('a'), await version('b'), await version('c'), (await inspect('b')).Id]).toEqual(['two runs', 'one runs', 'one runs', before]);
  expect([rows('containers.update').map(({ state }) => state), rows('containers.recreate').map(({ state }) => state)]).toEqual([['interrupted'], ['done', 'interrupted']]);
  const page = await (await fetch(`${panel.url}/containers/updates?q=${containers.prefix}`, { headers: { cookie } })).text();
  expect([...page.matchAll(/<tr id="u-[^>]*data-state="(\w+)"/g)].map(([, state]) => state)).toEqual(['newer', 'newer', 'current']);
  await update();
  await ended('containers.update', 2);
  expect([await version('a'), await version('b'), await version('c')]).toEqual(['two runs', 'two runs', 'two runs']);
  expect(await names()).toEqual(what.map(name));
  expect(panel.errorLog()).toBe('');
});

it('a check that was missed while it did not run is made up for once; a further start asks nothing', async () => {
  const cookie = await signIn(panel);
  const hour = new Date().getHours();
  expect((await post(panel, cookie, '/settings/containers', { containerChecks: 'daily', containerCheckHour: String(hour), containerCheckDay: '0' })).status).toBe(303);
  const checks = () => rows('containers.check').filter(({ actor }) => actor === 'system').map(({ state }) => state);
  const again = async (change?: (db: Database) => void) => {
    await panel.stop();
    const db = new Database(join(root, 'mantou.db'));
    change?.(db);
    db.close();
    await start();
  };
  const noted = (db: Database) => JSON.parse((db.query("SELECT value FROM settings WHERE key = 'containerCheckRun'").get() as { value: string }).value) as { plan: string; at: number };
  // The timer looks at the start: it finds the schedule, and begins with its next moment.
  await again();
  const db = new Database(join(root, 'mantou.db'), { readonly: true });
  await until(() => db.query("SELECT 1 FROM settings WHERE key = 'containerCheckRun'").get() !== null);
  db.close();
  expect(checks()).toEqual([]);
  // It did not run for three days.
  await again((open) => open.run("UPDATE settings SET value = ? WHERE key = 'containerCheckRun'", [JSON.stringify({ ...noted(open), at: Date.now() - 3 * 86_400_000 })]));
  await until(() => checks().length === 1 && checks()[0] === 'done');
  await again();
  // One at a time: while one by itself went on, this would be refused.
  expect((await post(panel, cookie, '/containers/updates/check', {})).status).toBe(303);
  await ended('containers.check', 3);
  expect(checks()).toEqual(['done']);
  expect(panel.errorLog()).toBe('');
});
