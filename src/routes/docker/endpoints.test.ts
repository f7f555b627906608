import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { testPki } from '../../../test/support/pki.ts';
import { smallEngine, type SmallEngine } from '../../../test/support/small-engine.ts';
import { until } from '../../../test/support/until.ts';
import { SYSTEM } from '../../core/app.ts';
import { stacksFolder } from '../../core/stacks/stack.ts';

let t: TestApp;
let admin: Browser;
let small: SmallEngine;
beforeEach(() => {
  t = testApp();
  admin = t.as('admin');
  small = smallEngine('small');
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  await small.stop();
});

const post = (path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) => admin.request(path, { form, headers });
const text = async (path: string, who: Browser = admin) => (await who.request(path)).text();
const blank = { socket: '', address: '', port: '', ca: '', certificate: '', key: '', sshHost: '', user: 'root', sshKey: '', passphrase: '' };

/** Saves one as the form does. @returns its id */
async function save(fields: Record<string, string>): Promise<string> {
  const answer = await post('/docker/endpoints', { ...blank, ...fields });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/docker#endpoints']);
  return /\/docker\/endpoints\/([0-9a-f-]{36})\/test/.exec(await text('/docker'))![1]!;
}
const saveSmall = () => save({ name: 'prod-2', kind: 'tcp', address: '127.0.0.1', port: String(small.port) });

test('refusals: what is typed comes back with what is accepted, but no key', async () => {
  const refused = async (fields: Record<string, string>, says: string) => {
    const answer = await post('/docker/endpoints', { ...blank, name: 'x', ...fields });
    expect([answer.status, says, (await answer.text()).includes(says)]).toEqual([422, says, true]);
  };
  await refused({ kind: 'pigeon' }, 'One of: Unix socket');
  await refused({ kind: 'tcp', address: '10.0.0.5' }, 'Without TLS only this machine');
  await refused({ kind: 'tls', address: '10.0.0.5' }, 'TLS needs the certificate of the authority');
  await refused({ kind: 'ssh' }, 'A saved host, or a new one.');
  await refused({ kind: 'ssh', sshHost: 'new', address: 'hk-01', sshKey: '' }, 'private key');
  await refused({ kind: 'unix', socket: 'docker.sock' }, 'An absolute path');
  const pki = testPki();
  const half = await post('/docker/endpoints', { ...blank, name: 'x', kind: 'tls', address: 'h', ca: pki.ca.cert, certificate: pki.ca.cert, key: pki.client.key });
  const html = await half.text();
  expect(html).toContain('This key is not that of the certificate.');
  expect(html).not.toContain('PRIVATE KEY');
  pki.remove();
  expect((await post('/docker/endpoints/0195f1d0-0000-7000-8000-000000000000/use')).status).toBe(404);
  expect((await post('/docker/endpoints/nothing/test')).status).toBe(404);
});

test('a name is taken once; a host that is typed for each time is refused', async () => {
  await saveSmall();
  const again = await post('/docker/endpoints', { ...blank, name: 'PROD-2', kind: 'unix', socket: small.socket });
  expect([again.status, (await again.text()).includes('Another engine is called PROD-2')]).toEqual([422, true]);
  await post('/terminal/hosts', { name: 'hk-01', address: '127.0.0.1', user: 'root', authentication: 'ask' });
  const host = /\/terminal\/hosts\/([0-9a-f-]{36})/.exec(await text('/terminal'))![1]!;
  const asks = await post('/docker/endpoints', { ...blank, name: 'ssh', kind: 'ssh', sshHost: host });
  expect([asks.status, (await asks.text()).includes('asks for its password each time')]).toEqual([422, true]);
});

test('one is saved, tried and chosen; every page says where it is; and back', async () => {
  const id = await saveSmall();
  const page = await text('/docker');
  for (const part of ['prod-2', `tcp://127.0.0.1:${small.port}`, 'Up, 9.9.9-small', 'in use']) expect(page).toContain(part);
  expect(page).not.toContain('on prod-2');
  expect((await post(`/docker/endpoints/${id}/use`)).status).toBe(303);
  expect(await text('/containers')).toContain('small-web');
  for (const path of ['/containers', '/images', '/volumes', '/networks', '/stacks', '/docker', '/containers/new']) expect([path, (await text(path)).includes('>on prod-2</a>')]).toEqual([path, true]);
  expect(await text('/files')).not.toContain('on prod-2');
  // Folders of that machine are not those of this one.
  expect(await text('/volumes')).toContain('small-volume');
  expect(await text('/volumes')).not.toContain('href="/files?path');
  expect((await post(`/docker/endpoints/${id}/remove`)).status).toBe(409);
  expect((await post('/docker/endpoints/here/use')).status).toBe(303);
  expect(await text('/containers')).not.toContain('small-web');
  expect((await post(`/docker/endpoints/${id}/remove`)).status).toBe(303);
  expect(await text('/docker')).not.toContain('prod-2');
});

test('one that went away: the page says which, and leads back; nobody installs Docker there', async () => {
  const id = await saveSmall();
  await post(`/docker/endpoints/${id}/use`);
  await small.stop();
  const page = await text('/containers');
  for (const part of ['prod-2 cannot be reached', 'action="/docker/endpoints/here/use"']) expect(page).toContain(part);
  for (const part of ['/docker/install', 'apt-get']) expect(page).not.toContain(part);
  const one = await admin.request('/containers/web');
  expect([one.status, (await one.text()).includes('prod-2 cannot be reached')]).toEqual([503, true]);
  expect(await text('/containers', t.as('viewer'))).not.toContain('action="/docker/endpoints/here/use"');
  expect((await post('/docker/install')).status).toBe(501);
  await post('/docker/endpoints/here/use');
  expect((await post(`/docker/endpoints/${id}/use`)).status).toBe(503);
  expect(t.app.engines.chosen()).toBeNull();
});

test('S22 nothing is switched under a task, and what a page of the engine before sends is refused', async () => {
  const id = await saveSmall();
  const over = Promise.withResolvers<void>();
  const task = t.app.tasks.start(SYSTEM, { kind: 'images.pull', key: 'k', params: { reference: 'redis:7' }, steps: ['imagePull'], run: () => over.promise });
  const busy = await post(`/docker/endpoints/${id}/use`);
  expect([busy.status, (await busy.text()).includes('“Pull redis:7” is under way')]).toEqual([409, true]);
  over.resolve();
  await t.app.tasks.settled(task);
  // Nor under a request that asks first and acts then.
  const release = t.app.engines.hold();
  expect((await post(`/docker/endpoints/${id}/use`)).status).toBe(409);
  release();
  release();
  expect(t.app.engines.isHeld()).toBe(false);
  const files = Promise.withResolvers<void>();
  t.app.tasks.start(SYSTEM, { kind: 'files.copy', key: 'f', params: { count: 1 }, steps: ['copy'], run: () => files.promise });
  expect((await post(`/docker/endpoints/${id}/use`)).status).toBe(303);
  files.resolve();
  const before = small.asked.length;
  for (const [path, headers] of [['/volumes/small-volume/remove?engine=here', {}], ['/volumes/small-volume/remove', { 'mantou-engine': 'here' }]] as const) {
    const stale = await post(path, {}, headers);
    expect([stale.status, (await stale.text()).includes('The panel works on prod-2 since this page was opened')]).toEqual([409, true]);
  }
  expect(small.asked.length).toBe(before);
  const page = await admin.request('/volumes');
  expect([page.headers.get('mantou-engine'), (await page.text()).includes(`<meta name="mantou-engine" content="${id}"/>`)]).toEqual([id, true]);
  expect((await post('/containers/act', { one: `start ${'a'.repeat(64)}` }, { 'mantou-engine': id })).status).not.toBe(409);
});

test('who looks follows the engine that is chosen: the stream of the one before ends', async () => {
  const id = await saveSmall();
  const seen: boolean[] = [];
  t.app.bus.on('containers.changed', ({ up }) => seen.push(up));
  const off = t.app.containers.look();
  await post(`/docker/endpoints/${id}/use`);
  await until(() => small.streams() === 1);
  await until(() => seen.includes(true));
  await post('/docker/endpoints/here/use');
  await until(() => small.streams() === 0);
  off();
});

test('the one in use is changed: who looks goes on with what it is now', async () => {
  const other = smallEngine('other');
  const id = await saveSmall();
  await post(`/docker/endpoints/${id}/use`);
  const off = t.app.containers.look();
  await until(() => small.streams() === 1);
  await post(`/docker/endpoints/${id}`, { ...blank, name: 'prod-3', kind: 'unix', socket: other.socket });
  await until(() => small.streams() === 0 && other.streams() === 1);
  expect(await text('/containers')).toContain('other-web');
  // Its paths are those of this machine.
  expect(await text('/volumes')).toContain('href="/files?path');
  off();
  await post('/docker/endpoints/here/use');
  await until(() => other.streams() === 0);
  await other.stop();
});

test('a saved host that leads to an engine is not removed under it', async () => {
  const key = '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----';
  const made = await post('/docker/endpoints', { ...blank, name: 'hk-01', kind: 'ssh', sshHost: 'new', address: '127.0.0.1', port: '1', sshKey: key });
  expect(made.status).toBe(303);
  const host = /\/terminal\/hosts\/([0-9a-f-]{36})/.exec(await text('/terminal'))![1]!;
  expect(await text('/docker')).toContain(`/terminal/hosts/${host}/key`);
  const refused = await post(`/terminal/hosts/${host}/remove`);
  expect([refused.status, (await refused.text()).includes('is the way to container engines: hk-01')]).toEqual([422, true]);
});

test('stacks of one engine are not those of another', async () => {
  const here = stacksFolder(t.app);
  const id = await saveSmall();
  await post(`/docker/endpoints/${id}/use`);
  expect(stacksFolder(t.app)).toBe(`${here}/.on/${id}`);
});

test('S13 S6 keys are sealed, and neither told nor shown; who may not manage sees no way to', async () => {
  const pki = testPki();
  const id = await save({ name: 'tls', kind: 'tls', address: '127.0.0.1', port: '1', ca: pki.ca.cert, certificate: pki.client.cert, key: pki.client.key });
  const secret = pki.client.key.split('\n')[1]!;
  const kept = JSON.stringify(t.app.db.$client.query('SELECT * FROM docker_endpoints').all()) + JSON.stringify(t.app.db.$client.query('SELECT * FROM audit').all());
  expect(kept).not.toContain(secret);
  expect(kept).not.toContain('BEGIN CERTIFICATE');
  for (const path of ['/docker', `/docker/endpoints/${id}`, '/audit', '/tasks']) expect([path, (await text(path)).includes(secret)]).toEqual([path, false]);
  expect(await text(`/docker/endpoints/${id}`)).toContain('There is one. Left empty, it stays.');
  // Left empty, they stay.
  expect((await post(`/docker/endpoints/${id}`, { ...blank, name: 'tls-2', kind: 'tls', address: '127.0.0.1', port: '1' })).status).toBe(303);
  expect(await text('/audit')).toContain('Change a container engine');
  const viewer = await text('/docker', t.as('viewer'));
  expect(viewer).toContain('tls-2');
  for (const part of ['/docker/endpoints/new', '/use"', '/test"']) expect(viewer).not.toContain(part);
  pki.remove();
});

test('a demo reaches no other engine', async () => {
  const demo = testApp({ config: { demo: true } });
  const someone = demo.as('admin');
  await someone.request('/docker/endpoints', { form: { ...blank, name: 'prod-2', kind: 'unix', socket: small.socket } });
  expect(await (await someone.request('/docker')).text()).toContain('it does not let the panel in');
  expect(small.asked).toEqual([]);
  await demo.close();
});
