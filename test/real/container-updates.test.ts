import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { inspectContainer } from '../../src/core/containers/recreate/inspected.ts';
import { startCheck } from '../../src/core/containers/updates/check.ts';
import { runSchedule } from '../../src/core/containers/updates/schedule.ts';
import { skipVersion } from '../../src/core/containers/updates/skip.ts';
import { chooseAutomatic, updateContainers } from '../../src/core/containers/updates/update.ts';
import { listUpdates, type ContainerUpdate } from '../../src/core/containers/updates/updates.ts';
import { listNotices } from '../../src/core/notices/notices.ts';
import { putSetting } from '../../src/core/settings/settings.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { en } from '../../src/i18n/en.ts';
import { createFormat } from '../../src/i18n/format.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { engine, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { testRegistry, type TestRegistry } from '../support/registry.ts';
import { versions } from '../support/versions.ts';

/** Newer images, with a registry of this machine and the real engine. */
const it = needs('docker', 'busybox', 'registry');
const docker = engine();
const containers = testContainers('updates');
const name = (what: string) => `${containers.prefix}-${what}`;
/** Questions to registries. */
let asked: string[] = [];
let registry: TestRegistry;
let images: ReturnType<typeof versions>;
let t: TestApp;

if (it.ok) {
  beforeAll(async () => {
    registry = await testRegistry();
    images = versions();
  });
  beforeEach(() => {
    asked = [];
    t = testApp({ docker: { ...docker, async ask(call) {
      if (call.path.startsWith('/distribution/')) asked.push(decodeURIComponent(call.path.split('/')[2]!));
      const said = await docker.ask(call);
      // Of ours: other tests use the same engine, and have newer images there.
      return call.path === '/containers/json' ? (said as { Names: string[] }[]).filter(({ Names }) => Names[0]?.startsWith(`/${containers.prefix}`)) : said;
    } } });
  });
  afterEach(async () => {
    expect(t.errors).toEqual([]);
    await t.close();
    await containers.removeAll();
    for (const one of (await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [containers.prefix] } } })) as { Id: string }[]) await docker.ask({ method: 'DELETE', path: `/containers/${one.Id}`, query: { force: true, v: true } });
  });
  afterAll(async () => {
    await images.forget();
    await registry.stop();
  });
}

const run = (image: string, what: string) => containers.run([], { Image: image, Cmd: null }, name(what));
const mine = async (): Promise<Record<string, ContainerUpdate>> =>
  Object.fromEntries((await listUpdates(t.app, SYSTEM)).map((one) => [one.name.slice(containers.prefix.length + 1), one]));
const states = async () => Object.fromEntries(Object.entries(await mine()).map(([what, { state, why }]) => [what, why === null ? state : `${state}: ${why}`]));
const settle = async (task: string) => {
  await t.app.tasks.settled(task);
  return { ...getTask(t.app, SYSTEM, task), log: await Bun.file(t.app.tasks.logPath(task)).text() };
};
const check = async () => settle(startCheck(t.app, SYSTEM));
const update = async (...what: string[]) => settle(await updateContainers(t.app, SYSTEM, { ids: what.map(name) }));
const version = async (what: string) => (await inspectContainer(t.app, name(what))).Config.Env?.find((line) => line.startsWith('VERSION='))?.slice(8);

it('one question for each image; what is newer is said and told, updated with its neighbours, and current then', async () => {
  const shop = `${registry.host}/shop:1`;
  const blog = `${registry.host}/blog`;
  await images.offer(shop, 'one');
  await images.offer(blog, 'one');
  await run(shop, 'a');
  await run(shop, 'b');
  await run(blog, 'c');
  await containers.run(['sleep', '600'], {}, name('local'));
  await containers.run(['sleep', '600'], { Image: await images.idOf(shop) }, name('byid'));
  expect(await states()).toEqual({ a: 'unknown: unasked', b: 'unknown: unasked', c: 'unknown: unasked', local: 'unknown: local', byid: 'unknown: byId' });
  expect((await check()).state).toBe('done');
  expect(asked.filter((reference) => reference.startsWith(registry.host)).toSorted()).toEqual([`${blog}:latest`, shop]);
  expect(await states()).toMatchObject({ a: 'current', b: 'current', c: 'current' });
  await images.offer(shop, 'two');
  await check();
  expect(await states()).toMatchObject({ a: 'newer', b: 'newer', c: 'current', local: 'unknown: local', byid: 'unknown: byId' });
  const notice = (await listNotices(t.app)).find(({ id }) => id === 'images')!;
  expect(notice.say(en, createFormat('en'))).toContain(name('a'));
  const page = await (await t.as('viewer').request(`/containers?q=${containers.prefix}`)).text();
  expect(page).toContain(`aria-label="${name('a')}: Newer image"`);
  expect(page).not.toContain(`aria-label="${name('c')}: Newer image"`);
  const done = await update('a', 'b');
  expect([done.state, done.error]).toEqual(['done', null]);
  expect([await version('a'), await version('b'), await version('byid')]).toEqual(['two', 'two', 'one']);
  const after = await mine();
  expect([after.a!.state, after.a!.last?.state, after.b!.state, after.c!.last]).toEqual(['current', 'done', 'current', null]);
  // Fetched once for both.
  expect(getTask(t.app, SYSTEM, after.b!.last!.task).steps.map((step) => step.name)).not.toContain('imagePull');
});

it('many at once of which one is broken: that one goes on as it was, the others are updated', async () => {
  const broken = `${registry.host}/broken:1`;
  const good = `${registry.host}/good:1`;
  for (const reference of [broken, good]) await images.offer(reference, 'one');
  await run(good, 'first');
  await run(broken, 'broken');
  await run(good, 'last');
  await images.offer(broken, 'two', 'CMD ["/bin/sh", "-c", "echo it broke; exit 3"]');
  await images.offer(good, 'two');
  await check();
  const before = await inspectContainer(t.app, name('broken'));
  const done = await update('first', 'broken', 'last');
  expect(done.state).toBe('failed');
  expect(done.error?.en).toContain(`1 of 3 were not updated: ${name('broken')}`);
  expect([await version('first'), await version('broken'), await version('last')]).toEqual(['two', 'one', 'two']);
  const after = await inspectContainer(t.app, name('broken'));
  expect([after.Id, after.State.Running]).toEqual([before.Id, true]);
  const now = await mine();
  expect([now.broken!.state, now.broken!.last?.state, now.broken!.image]).toEqual(['newer', 'failed', broken]);
  expect(now.broken!.last?.error?.en).toContain('exit code 3');
  expect([now.first!.last?.state, now.last!.last?.state]).toEqual(['done', 'done']);
});

it('a version is skipped, taken back, and the next one is told again', async () => {
  const shop = `${registry.host}/skip:1`;
  await images.offer(shop, 'one');
  await run(shop, 'web');
  await images.offer(shop, 'two');
  await check();
  const { web } = await mine();
  skipVersion(t.app, SYSTEM, { reference: web!.reference!, digest: web!.digest!, skip: true });
  expect(await states()).toEqual({ web: 'skipped' });
  expect((await listNotices(t.app)).map(({ id }) => id)).not.toContain('images');
  skipVersion(t.app, SYSTEM, { reference: web!.reference!, digest: web!.digest!, skip: false });
  expect(await states()).toEqual({ web: 'newer' });
  skipVersion(t.app, SYSTEM, { reference: web!.reference!, digest: web!.digest!, skip: true });
  await images.offer(shop, 'three');
  await check();
  expect(await states()).toEqual({ web: 'newer' });
});

it('a cancelled run: the one that is at it goes back, the next ones are not begun', async () => {
  const shop = `${registry.host}/cancel:1`;
  await images.offer(shop, 'one');
  await run(shop, 'one');
  await run(shop, 'two');
  await images.offer(shop, 'two');
  await check();
  const task = await updateContainers(t.app, SYSTEM, { ids: [name('one'), name('two')] });
  await expect(updateContainers(t.app, SYSTEM, { ids: [name('two')] })).rejects.toMatchObject({ code: 'conflict' });
  while ((await mine()).one!.last === null) await Bun.sleep(20);
  t.app.tasks.cancel(task);
  expect((await settle(task)).state).toBe('cancelled');
  expect([await version('one'), await version('two')]).toEqual(['one', 'one']);
  const now = await mine();
  expect([now.one!.running, now.one!.last?.state, now.two!.last]).toEqual([true, 'cancelled', null]);
});

/** The registry under another address, until it says the same to everybody. */
function moody() {
  let refusal: { status: number; code: string; headers: Record<string, string> } | null = null;
  let questions = 0;
  const server = Bun.serve({
    port: 0, hostname: '127.0.0.1',
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (!refusal) return fetch(`http://${registry.host}${pathname}`, { method: request.method, headers: { accept: request.headers.get('accept') ?? '*/*' } });
      const { status, code, headers } = refusal;
      // Who must sign in is told so at the door.
      const door = pathname === '/v2/';
      if (door && status !== 401) return Response.json({});
      if (door || request.method === 'HEAD') questions++;
      return Response.json({ errors: [{ code, message: `it says ${code}` }] }, { status, headers });
    },
  });
  return { host: `127.0.0.1:${server.port}`, refuse: (status: number, code: string, headers: Record<string, string> = {}) => void (refusal = { status, code, headers }), asked: () => questions, stop: () => server.stop(true) };
}

for (const [why, status, code, headers] of [
  ['limited', 429, 'TOOMANYREQUESTS', {}],
  ['denied', 401, 'UNAUTHORIZED', { 'www-authenticate': 'Basic realm="images"' }],
  ['denied', 403, 'DENIED', {}],
] as const) {
  it(`a registry that says ${status}: it is said, and asked no more in this round`, async () => {
    const other = moody();
    for (const what of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await images.offer(`${registry.host}/${what}:${status}`, 'one');
      await run(await images.pull(`${other.host}/${what}:${status}`), what);
    }
    other.refuse(status, code, headers);
    await images.offer(`${registry.host}/well:${status}`, 'one');
    await run(`${registry.host}/well:${status}`, 'well');
    expect((await check()).state).toBe('done');
    expect(await states()).toEqual({ a: `unknown: ${why}`, b: 'unknown: stopped', c: 'unknown: stopped', d: 'unknown: stopped', e: 'unknown: stopped', f: 'unknown: stopped', well: 'current' });
    expect(other.asked()).toBe(1);
    // The next round begins with another.
    await check();
    expect((await states()).b).toBe(`unknown: ${why}`);
    expect((await mine()).b!.said).not.toBe('');
    await other.stop();
  });
}

it('a registry that is away, and one that has lost the image: what was newer stays so', async () => {
  const away = await testRegistry();
  const shop = `${away.host}/shop:1`;
  const lost = `${registry.host}/lost:1`;
  await images.offer(shop, 'one');
  await images.offer(lost, 'one');
  await run(shop, 'newer');
  await run(lost, 'current');
  await images.offer(shop, 'two');
  await check();
  expect(await states()).toEqual({ newer: 'newer', current: 'current' });
  await away.stop();
  await check();
  expect(await states()).toEqual({ newer: 'newer: away', current: 'current' });
  const row = (await mine()).newer!;
  expect([row.said, row.way]).toEqual([expect.stringContaining('refused'), 'itself']);
  // It cannot be fetched: nothing is touched.
  expect((await update('newer')).state).toBe('failed');
  expect(await version('newer')).toBe('one');
});

it('by schedule: what was chosen is updated when something newer is there, and what broke is not tried twice', async () => {
  const good = `${registry.host}/auto-good:1`;
  const broken = `${registry.host}/auto-broken:1`;
  for (const reference of [good, broken]) await images.offer(reference, 'one');
  for (const [image, what] of [[good, 'chosen'], [good, 'left'], [broken, 'broken']] as const) await run(image, what);
  for (const what of ['chosen', 'broken']) await chooseAutomatic(t.app, SYSTEM, { id: name(what), automatic: true });
  await images.offer(good, 'two');
  await images.offer(broken, 'two', 'CMD ["/bin/false"]');
  putSetting(t.app, 'containerChecks', 'daily');
  putSetting(t.app, 'containerUpdates', true);
  const day = async () => {
    t.clock.advance(86_400_000);
    return runSchedule(t.app);
  };
  // It was just made: it begins with its next moment.
  expect(await runSchedule(t.app)).toBe(false);
  expect(await day()).toBe(true);
  expect([await version('chosen'), await version('left'), await version('broken')]).toEqual(['two', 'one', 'one']);
  expect([(await mine()).broken!.last?.state, (await mine()).left!.last]).toEqual(['failed', null]);
  const tried = (await mine()).broken!.last!.task;
  expect(await runSchedule(t.app)).toBe(false);
  expect(await day()).toBe(true);
  expect((await mine()).broken!.last!.task).toBe(tried);
  await images.offer(broken, 'three');
  expect(await day()).toBe(true);
  expect(await version('broken')).toBe('three');
});
