/** Containers are made anew beside the old one, on the real engine: and come back when the new one is not well. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { listenLocally } from '../../src/core/containers/recreate/local-only.ts';
import { inspectContainer } from '../../src/core/containers/recreate/inspected.ts';
import { newName, oldName } from '../../src/core/containers/recreate/names.ts';
import { planRecreation, recreateContainer, recreationKey } from '../../src/core/containers/recreate/recreate.ts';
import { settleRecreations } from '../../src/core/containers/recreate/settle.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { engine, makeImage, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { testRegistry } from '../support/registry.ts';
import { until } from '../support/until.ts';

const it = needs('docker', 'busybox');
const docker = engine();
const containers = testContainers('recreate');
const image = `mantou-test/recreate:${process.pid}`;
const name = (what: string) => `${containers.prefix}-${what}`;
const SERVE = 'CMD ["/bin/sh", "-c", "echo $VERSION > /data/index.html; exec httpd -f -p 80 -h /data"]';
/** Each takes the name from the one before, which stays without. */
const made: string[] = [];
const version = async (n: string, ...changes: string[]) => void made.push(await makeImage(image, [`ENV VERSION=${n}`, SERVE, ...changes]));
let t: TestApp;

if (it.ok) {
  beforeAll(() => version('one'));
  beforeEach(() => void (t = testApp({ docker })));
  afterEach(async () => {
    expect(t.errors).toEqual([]);
    await t.close();
    await containers.removeAll();
    // What was made by the panel has names of ours as well.
    for (const one of (await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [containers.prefix] } } })) as { Id: string }[]) await docker.ask({ method: 'DELETE', path: `/containers/${one.Id}`, query: { force: true, v: true } });
  });
  afterAll(async () => {
    for (const id of made) await docker.ask({ method: 'DELETE', path: `/images/${id}`, query: { force: true } }).catch(() => {});
  });
}

async function recreate(id: string) {
  const task = await recreateContainer(t.app, SYSTEM, id);
  await t.app.tasks.settled(task);
  return getTask(t.app, SYSTEM, task);
}

/** What its server says, asked on its address in the engine's network. */
async function says(what: string): Promise<string> {
  const { NetworkSettings } = await inspectContainer(t.app, name(what));
  const [first] = Object.values(NetworkSettings.Networks) as unknown as { IPAddress: string }[];
  let said = '';
  // It has just been started: it listens in a moment.
  await until(async () => (said = (await (await fetch(`http://${first!.IPAddress}/`, { signal: AbortSignal.timeout(3000) }).catch(() => null))?.text())?.trim() ?? ''));
  return said;
}

it('of a newer image: what was its own is kept, what the old image gave is not, and nothing else is left', async () => {
  await version('one', 'LABEL from=image-one', 'ENV GONE=yes');
  const network = `${containers.prefix}-net`;
  await docker.ask({ method: 'POST', path: '/networks/create', body: { Name: network } });
  const { id } = await containers.run([], {
    Image: image, Cmd: null, Env: ['OWN=kept', 'PASSWORD=kept too'], Labels: { own: 'kept' }, Volumes: { '/var/anonymous': {} },
    HostConfig: { Memory: 64 << 20, RestartPolicy: { Name: 'unless-stopped' }, PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } }, ExposedPorts: { '80/tcp': {} },
  }, name('web'));
  await docker.ask({ method: 'POST', path: `/networks/${network}/connect`, body: { Container: id, EndpointConfig: { Aliases: ['shop'] } } });
  const before = await inspectContainer(t.app, id);
  await version('two', 'LABEL from=image-two');
  const task = await recreate(id);
  expect([task.state, task.error]).toEqual(['done', null]);
  const after = await inspectContainer(t.app, name('web'));
  expect(after.Id).not.toBe(id);
  expect(after.State.Running).toBe(true);
  expect(after.Config.Env).toEqual(expect.arrayContaining(['OWN=kept', 'PASSWORD=kept too', 'VERSION=two']));
  expect(after.Config.Env).not.toContain('GONE=yes');
  expect(after.Config.Labels).toEqual({ own: 'kept', from: 'image-two' });
  expect([after.HostConfig.Memory, after.HostConfig.RestartPolicy, Object.keys(after.NetworkSettings.Networks).toSorted()]).toEqual([64 << 20, before.HostConfig.RestartPolicy, ['bridge', network].toSorted()]);
  expect(after.NetworkSettings.Networks[network]!.Aliases).toContain('shop');
  const volume = (one: typeof after) => one.Mounts.find(({ Destination }) => Destination === '/var/anonymous')!.Name;
  expect(volume(after)).toBe(volume(before)!);
  expect(await says('web')).toBe('two');
  const left = (await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [containers.prefix] } } })) as unknown[];
  expect(left).toHaveLength(1);
  await docker.ask({ method: 'DELETE', path: `/containers/${after.Id}`, query: { force: true } });
  await docker.ask({ method: 'DELETE', path: `/networks/${network}` });
});

for (const [what, changes, words] of [
  ['ends at once', ['CMD ["/bin/sh", "-c", "echo it broke; exit 3"]'], 'exit code 3'],
  ['cannot start', ['CMD ["/no/such/program"]'], 'no such file'],
  ['is unhealthy', ['HEALTHCHECK --interval=1s --timeout=1s --retries=1 CMD false'], 'unhealthy'],
] as const) {
  it(`of an image that ${what}: the old one goes on, under its name`, async () => {
    await version('one');
    const { id } = await containers.run([], { Image: image, Cmd: null }, name('web'));
    await version('broken', ...changes);
    const task = await recreate(id);
    expect(task.state).toBe('failed');
    expect(task.error?.en).toContain(words);
    const after = await inspectContainer(t.app, name('web'));
    expect([after.Id, after.State.Running]).toEqual([id, true]);
    expect(await says('web')).toBe('one');
    if (what === 'ends at once') expect(await Bun.file(t.app.tasks.logPath(task.id)).text()).toContain('it broke');
    expect(((await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [containers.prefix] } } })) as unknown[]).length).toBe(1);
  });
}

it('an image that is gone, a cancelled run, one that did not run, and one that removes itself', async () => {
  await version('one');
  const { id } = await containers.run(['sleep', '1000'], { Image: image }, name('web'));
  const task = await recreateContainer(t.app, SYSTEM, id);
  await expect(recreateContainer(t.app, SYSTEM, id)).rejects.toMatchObject({ code: 'conflict' });
  while (!getTask(t.app, SYSTEM, task).steps.some(({ name: step, state }) => step === 'health' && state === 'now')) await Bun.sleep(20);
  t.app.tasks.cancel(task);
  await t.app.tasks.settled(task);
  expect((await inspectContainer(t.app, name('web'))).State.Running).toBe(true);
  expect((await inspectContainer(t.app, name('web'))).Id).toBe(id);
  await docker.ask({ method: 'POST', path: `/containers/${id}/kill` });
  expect((await recreate(id)).state).toBe('done');
  const stopped = await inspectContainer(t.app, name('web'));
  expect([stopped.Id === id, stopped.State.Running]).toEqual([false, false]);
  const { id: brief } = await containers.run(['sleep', '1000'], { HostConfig: { AutoRemove: true } }, name('brief'));
  await expect(recreateContainer(t.app, SYSTEM, brief)).rejects.toMatchObject({ code: 'conflict' });
});

it('its ports are open to this machine only, at the same numbers, and everything else stays', async () => {
  await version('one');
  const { id } = await containers.run([], {
    Image: image, Cmd: null, ExposedPorts: { '80/tcp': {}, '81/tcp': {}, '82/tcp': {} }, Env: ['OWN=kept'],
    HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '28941' }], '81/tcp': [{ HostIp: '0.0.0.0', HostPort: '' }], '82/tcp': [{ HostIp: '127.0.0.2', HostPort: '28942' }] } },
  }, name('ports'));
  const ports = async (which: string) => (await inspectContainer(t.app, which)).NetworkSettings.Ports as Record<string, { HostIp: string; HostPort: string }[]>;
  const before = await ports(id);
  // What the name of the image means has changed meanwhile: it is not for this to follow it.
  await version('two');
  const task = await listenLocally(t.app, SYSTEM, id);
  await t.app.tasks.settled(task);
  expect([getTask(t.app, SYSTEM, task).state, getTask(t.app, SYSTEM, task).error]).toEqual(['done', null]);
  expect(await ports(name('ports'))).toEqual({
    '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '28941' }], '81/tcp': [{ HostIp: '127.0.0.1', HostPort: before['81/tcp']![0]!.HostPort }], '82/tcp': [{ HostIp: '127.0.0.2', HostPort: '28942' }],
  });
  expect(await says('ports')).toBe('one');
  expect((await inspectContainer(t.app, name('ports'))).Config.Env).toContain('OWN=kept');
});

/** The row of a run that the panel before this one did not end. */
const wasKilled = (what: string, old: string) => void t.app.db.insert(tasks).values({
  id: crypto.randomUUID(), kind: 'containers.recreate', key: recreationKey(t.app, what), params: { name: what, old }, state: 'interrupted', steps: [], actor: 'system', createdAt: Date.now() - 60_000,
}).run();

it('S22 one that was started after it was asked for runs when it was made anew', async () => {
  await version('one');
  const { id } = await containers.run([], { Image: image, Cmd: null }, name('late'));
  await docker.ask({ method: 'POST', path: `/containers/${id}/stop`, query: { t: 0 } });
  let meanwhile: (() => Promise<unknown>) | undefined = () => docker.ask({ method: 'POST', path: `/containers/${id}/start` });
  const slow = testApp({ docker: { ...docker, async ask(call) {
    // As while an image is pulled.
    if (call.path.startsWith('/images/')) await meanwhile?.().then(() => (meanwhile = undefined));
    return docker.ask(call);
  } } });
  await slow.app.tasks.settled(await recreateContainer(slow.app, SYSTEM, id));
  await slow.close();
  const after = await inspectContainer(t.app, name('late'));
  expect([after.Id === id, after.State.Running]).toEqual([false, true]);
});

for (const suffix of ['mantou-old', 'mantou-new']) it(`S22 somebody else has the name with .${suffix}: the old one goes on under its name, and theirs is left`, async () => {
  await version('one');
  const { id } = await containers.run([], { Image: image, Cmd: null }, name('web'));
  const theirs = await containers.run(['sleep', '1000'], {}, `${name('web')}.${suffix}`);
  expect((await recreate(id)).state).toBe('failed');
  const after = await inspectContainer(t.app, name('web'));
  expect([after.Id, after.State.Running]).toEqual([id, true]);
  expect((await inspectContainer(t.app, theirs.name)).Id).toBe(theirs.id);
  expect(((await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [containers.prefix] } } })) as unknown[]).length).toBe(2);
});

it('a panel that was killed in between: never two, never none, and what was well stays', async () => {
  await version('one');
  const start = (what: string) => containers.run(['sleep', '1000'], { Image: image }, what);
  const rename = (id: string, to: string) => docker.ask({ method: 'POST', path: `/containers/${id}/rename`, query: { name: to } });
  const stop = (id: string) => docker.ask({ method: 'POST', path: `/containers/${id}/stop`, query: { t: 0 } });
  // Created only; both there and the old one stopped; between the two names; the old one not yet removed.
  const a = await start(name('a'));
  await docker.ask({ method: 'POST', path: '/containers/create', query: { name: newName(name('a')) }, body: { Image: image } });
  const b = await start(name('b'));
  await start(newName(name('b')));
  await stop(b.id);
  const c = await start(name('c'));
  const newC = await start(newName(name('c')));
  await stop(c.id);
  await rename(c.id, oldName(name('c')));
  const d = await start(oldName(name('d')));
  const newD = await start(name('d'));
  for (const [what, old] of Object.entries({ a, b, c, d })) wasKilled(name(what), old.id);
  await settleRecreations(t.app);
  const now = await Promise.all(['a', 'b', 'c', 'd'].map(async (what) => {
    const { Id, State } = await inspectContainer(t.app, name(what));
    return [Id, State.Running];
  }));
  expect(now).toEqual([[a.id, true], [b.id, true], [newC.id, true], [newD.id, true]]);
  const names = ((await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [containers.prefix] } } })) as { Names: string[] }[]).flatMap(({ Names }) => Names);
  expect(names.toSorted()).toEqual(['a', 'b', 'c', 'd'].map((what) => `/${name(what)}`));
  expect(d.id).not.toBe(newD.id);
});

it('S18 what only has such a name, and was not made by this panel, is left alone', async () => {
  const start = (what: string) => containers.run(['sleep', '1000'], {}, what);
  const theirs = [await start(name('x')), await start(oldName(name('x'))), await start(oldName(name('y'))), await start(newName(name('z'))), await start(name('z'))];
  // There was a run, but of another container of this name.
  const other = [await start(name('v')), await start(oldName(name('v')))];
  wasKilled(name('v'), other[0]!.id);
  await settleRecreations(t.app);
  const now = await Promise.all([...theirs, ...other].map(async ({ id }) => (await inspectContainer(t.app, id)).Name.slice(1)));
  expect(now).toEqual([...theirs, ...other].map((one) => one.name));
});

needs('docker', 'busybox', 'registry')('the registry has a newer one: it is said with what changes, and pulled first', async () => {
  const registry = await testRegistry();
  const shop = `${registry.host}/shop:1`;
  const push = (tag: string) => Bun.spawnSync(['docker', 'push', '-q', tag]);
  try {
    made.push(await makeImage(shop, ['ENV VERSION=one OLD=yes', SERVE]));
    push(shop);
    const { id } = await containers.run([], { Image: shop, Cmd: null }, name('shop'));
    const first = (await inspectContainer(t.app, id)).Image;
    expect((await planRecreation(t.app, SYSTEM, id)).registry).toEqual({ state: 'unasked' });
    const same = await planRecreation(t.app, SYSTEM, id, { ask: true });
    expect([same.registry, same.changes]).toEqual([{ state: 'same' }, []]);
    made.push(await makeImage(shop, ['ENV VERSION=two', SERVE, 'EXPOSE 81']));
    push(shop);
    const other = await planRecreation(t.app, SYSTEM, id);
    expect(other.changes).toEqual([{ part: 'env', gone: ['VERSION=one', 'OLD=yes'], come: ['VERSION=two'] }, { part: 'ports', gone: [], come: ['81/tcp'] }]);
    // Here, the name still means the first.
    Bun.spawnSync(['docker', 'tag', first, shop]);
    expect((await planRecreation(t.app, SYSTEM, id, { ask: true })).registry).toEqual({ state: 'newer' });
    const task = await recreateContainer(t.app, SYSTEM, id, { pull: true });
    await t.app.tasks.settled(task);
    expect(getTask(t.app, SYSTEM, task).state).toBe('done');
    expect(await says('shop')).toBe('two');
  } finally {
    await registry.stop();
  }
  const gone = await planRecreation(t.app, SYSTEM, name('shop'), { ask: true });
  expect(gone.registry).toMatchObject({ state: 'unknown' });
  await containers.removeAll();
  await docker.ask({ method: 'DELETE', path: `/containers/${gone.id}`, query: { force: true } });
  await docker.ask({ method: 'DELETE', path: `/images/${encodeURIComponent(shop)}`, query: { force: true } });
});
