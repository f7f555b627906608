/** Containers made and made anew by the form, on the real engine. */
import { afterAll, afterEach, beforeEach, expect } from 'bun:test';
import { inspectContainer, type Inspected } from '../../src/core/containers/recreate/inspected.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { SYSTEM } from '../../src/core/app.ts';
import { testApp, type Browser, type TestApp } from '../support/app.ts';
import { busyboxImage, engine, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';

const it = needs('docker', 'busybox');
const docker = engine();
const containers = testContainers('form');
const name = (what: string) => `${containers.prefix}-${what}`;
let t: TestApp;
let lin: Browser;

if (it.ok) {
  beforeEach(() => {
    t = testApp({ docker });
    lin = t.as('admin', 'lin');
  });
  afterEach(async () => {
    expect(t.errors).toEqual([]);
    await t.close();
    for (const one of (await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [containers.prefix] } } })) as { Id: string }[]) await docker.ask({ method: 'DELETE', path: `/containers/${one.Id}`, query: { force: true, v: true } });
  });
  afterAll(() => containers.removeAll());
}

/** Sends the form; what its task became, or the page that came back. */
async function send(path: string, fields: Record<string, string>) {
  const answer = await lin.request(path, { form: fields });
  const task = /^\/tasks\/(.+)$/.exec(answer.headers.get('location') ?? '')?.[1];
  if (!task) return { status: answer.status, html: await answer.text(), state: null, error: null };
  await t.app.tasks.settled(task);
  const { state, error } = getTask(t.app, SYSTEM, task);
  return { status: answer.status, html: '', state, error: error?.en ?? null };
}

/** What the form shows for one that is there. */
async function shown(id: string): Promise<Record<string, string>> {
  const html = await (await lin.request(`/containers/${id}/edit`)).text();
  const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const inputs = [...html.matchAll(/<input class="input[^>]*name="(\w+)"[^>]*?value="([^"]*)"/g)].map(([, key, value]) => [key!, plain(value!)]);
  const texts = [...html.matchAll(/<textarea[^>]*name="(\w+)"[^>]*>([^<]*)<\/textarea>/g)].map(([, key, value]) => [key!, plain(value!).replace(/^\n/, '')]);
  const ticks = [...html.matchAll(/<input type="checkbox"[^>]*name="(\w+)"[^>]*checked/g)].map(([, key]) => [key!, 'on']);
  const restart = /<option value="([\w-]+)" selected/.exec(html)?.[1] ?? '';
  return { ...Object.fromEntries([...inputs, ...texts, ...ticks]), restart };
}

const host = (one: Inspected) => one.HostConfig as Inspected['HostConfig'] & Record<string, unknown>;

it('every field of the form gets to the engine, and back into the form', async () => {
  const image = await busyboxImage();
  const fields = {
    name: name('all'), image, command: `sh -c 'sleep 1000'`, env: 'GREETING=hello world\nDB_PASSWORD=s3cret', ports: '127.0.0.1:28931:80', mounts: `${name('data')}:/data`,
    network: '', restart: 'unless-stopped', memory: '64m', cpus: '0.5', user: '', workingDir: '/tmp', hostname: 'shop', labels: 'team=web', capAdd: 'NET_ADMIN', capDrop: 'MKNOD', init: 'on', readOnly: 'on',
    health: 'true', healthInterval: '1', healthRetries: '2', logDriver: 'json-file', logOptions: 'max-size=1m', start: 'on',
  };
  expect(await send('/containers/new', fields)).toMatchObject({ state: 'done' });
  const made = await inspectContainer(t.app, name('all'));
  expect(made.State.Running).toBe(true);
  expect(made.Config).toMatchObject({ Cmd: ['sh', '-c', 'sleep 1000'], WorkingDir: '/tmp', Hostname: 'shop', Labels: { team: 'web' } });
  expect(made.Config.Env).toEqual(expect.arrayContaining(['GREETING=hello world', 'DB_PASSWORD=s3cret']));
  expect(host(made)).toMatchObject({
    Memory: 64 << 20, NanoCpus: 5e8, CapAdd: ['NET_ADMIN'], CapDrop: ['MKNOD'], Init: true, ReadonlyRootfs: true, RestartPolicy: { Name: 'unless-stopped' },
    PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '28931' }] }, LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
  });
  const { start, ...expected } = fields;
  expect(start).toBe('on');
  expect(await shown(made.Id)).toMatchObject({ ...expected, env: 'GREETING=hello world\nDB_PASSWORD=•••', memory: '64m', command: `sh -c 'sleep 1000'`, capAdd: 'NET_ADMIN' });
  const audit = t.app.db.$client.query("SELECT commands FROM audit WHERE action = 'containers.create'").get() as { commands: string };
  expect(audit.commands).toContain('docker run -d');
  expect(audit.commands).not.toContain('s3cret');
  await docker.ask({ method: 'DELETE', path: `/containers/${made.Id}`, query: { force: true } });
  await docker.ask({ method: 'DELETE', path: `/volumes/${name('data')}` });
});

it('edited: what the form does not know of stays, secrets stay, and a bad change leaves the old one', async () => {
  const { id } = await containers.run(['sleep', '1000'], {
    Env: ['API_TOKEN=abc', 'MODE=dev'], Volumes: { '/keep': {} },
    HostConfig: { ExtraHosts: ['db:10.0.0.9'], Tmpfs: { '/scratch': 'size=1m' }, ShmSize: 32 << 20, Ulimits: [{ Name: 'nofile', Soft: 1000, Hard: 2000 }] },
  }, name('web'));
  const volume = (one: Inspected) => one.Mounts.find(({ Destination }) => Destination === '/keep')?.Name;
  const before = await inspectContainer(t.app, id);
  const form = await shown(id);
  expect(form.env).toBe('API_TOKEN=•••\nMODE=dev');
  expect(await send(`/containers/${id}/edit`, { ...form, name: name('shop'), env: 'API_TOKEN=•••\nMODE=live', memory: '32m' })).toMatchObject({ state: 'done' });
  const after = await inspectContainer(t.app, name('shop'));
  expect([after.Id === id, after.State.Running]).toEqual([false, true]);
  expect(after.Config.Env).toEqual(expect.arrayContaining(['API_TOKEN=abc', 'MODE=live']));
  expect(host(after)).toMatchObject({ Memory: 32 << 20, ExtraHosts: ['db:10.0.0.9'], Tmpfs: { '/scratch': 'size=1m' }, ShmSize: 32 << 20, Ulimits: [{ Name: 'nofile', Soft: 1000, Hard: 2000 }] });
  expect(volume(after)).toBe(volume(before)!);
  const failed = await send(`/containers/${after.Id}/edit`, { ...(await shown(after.Id)), command: '/no/such/program' });
  expect([failed.state, failed.error]).toEqual(['failed', expect.stringContaining('no such file')]);
  const still = await inspectContainer(t.app, name('shop'));
  expect([still.Id, still.State.Running]).toEqual([after.Id, true]);
});

it('a name or a port that is taken, and an image that nobody has', async () => {
  const image = await busyboxImage();
  const holder = await containers.run(['sleep', '1000'], { ExposedPorts: { '80/tcp': {} }, HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '28932' }] } } }, name('holder'));
  const taken = await send('/containers/new', { name: holder.name, image });
  expect([taken.status, taken.html]).toEqual([422, expect.stringContaining('already')]);
  const late = { name: name('late'), image, command: 'sleep 1000', start: 'on' };
  const port = await send('/containers/new', { ...late, ports: '28932:80' });
  expect([port.status, port.html]).toEqual([422, expect.stringContaining(`28932 is used by ${holder.name}.`)]);
  // A program that is no container has it: that is not known before.
  const program = Bun.listen({ hostname: '127.0.0.1', port: 28933, socket: { data() {} } });
  const begun = await send('/containers/new', { ...late, ports: '127.0.0.1:28933:80' });
  program.stop();
  expect([begun.state, begun.error]).toEqual(['failed', expect.stringContaining('address already in use')]);
  // It does not lie about, holding its name.
  await expect(inspectContainer(t.app, name('late'))).rejects.toMatchObject({ code: 'not_found' });
  const image404 = await send('/containers/new', { name: name('none'), image: '127.0.0.1:1/no/such:image' });
  expect(image404.state).toBe('failed');
  expect(image404.error).toContain('127.0.0.1:1');
  const id = await send('/containers/new', { name: name('id'), image: `sha256:${'a'.repeat(64)}` });
  expect([id.state, id.error]).toEqual(['failed', expect.stringContaining('No such image')]);
});

it('a pasted line fills the form; as text the same; what does not fit is said at its field', async () => {
  const filled = await send('/containers/new/from-run', { line: 'docker run -d --name shop -p 8080:80 --shm-size 1g nginx:1.29' });
  expect(filled.html).toContain('value="nginx:1.29"');
  expect(filled.html).toContain('--shm-size');
  const text = await send('/containers/new', { name: 'shop', image: 'nginx:1.29', ports: '8080:80', step: 'show' });
  expect(text.html).toContain('docker run -d \\\n  --name shop \\\n  -p 8080:80 \\\n  nginx:1.29');
  const wrong = await send('/containers/new', { name: 'a b', image: 'nginx', ports: 'http' });
  expect([wrong.status, [...wrong.html.matchAll(/href="#(f-\w+)"/g)].map(([, field]) => field)]).toEqual([422, ['f-name', 'f-ports']]);
});
