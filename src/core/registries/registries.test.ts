import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { registries } from '../../db/schema/registries.ts';
import { AppError } from '../../lib/errors.ts';
import { en } from '../../i18n/en.ts';
import type { DockerCall } from '../../platform/docker.ts';
import type { Role } from '../../db/schema/users.ts';
import type { Actor } from '../app.ts';
import { openFile } from '../files/entry.ts';
import { putSetting } from '../settings/settings.ts';
import { buildsFolder, sweepBuilds } from '../images/build/git.ts';
import { askRegistry } from '../containers/recreate/newer.ts';
import { registryAuth, registryConfig } from './auth.ts';
import { baseFolder, sweepConfigs, withRegistries } from './config-folder.ts';
import { hostOf } from './host.ts';
import { addRegistry, changeRegistry, listRegistries, RegistryInput, removeRegistry } from './registries.ts';

let panel: TestApp;
beforeEach(() => void (panel = testApp()));
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const actor = (role: Role = 'admin'): Actor => ({ kind: 'user', userId: 'u', name: 'lin', role, sessionId: null, tokenId: null, ip: '' });
const input = (more: object = {}) => RegistryInput.parse({ host: 'ghcr.io', user: 'lin', password: 'canary-1', ...more });
const add = (more: object = {}, check = false) => addRegistry(panel.app, actor(), input(more), { check });
const words = (error: unknown) => (error instanceof AppError ? `${error.code} ${error.field ?? ''}: ${error.say(en)}` : String(error));
const decoded = (headers: Record<string, string>) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, JSON.parse(Buffer.from(value, 'base64url').toString())]));

test('S18 a host is what references name, however it is written', () => {
  expect(['ghcr.io', ' https://GHCR.io/ ', 'http://127.0.0.1:5000', 'localhost', 'https://registry.example.org/v2/', '[::1]:5000', 'docker.io', 'index.docker.io', 'https://index.docker.io/v1/', 'hub.docker.com', 'registry-1.docker.io'].map(hostOf)).toEqual(
    ['ghcr.io', 'ghcr.io', '127.0.0.1:5000', 'localhost', 'registry.example.org', '[::1]:5000', 'docker.io', 'docker.io', 'docker.io', 'docker.io', 'docker.io']);
  for (const text of ['', 'acme', 'ghcr.io/acme', 'a b.c', '-x.y', 'x.y:', 'x.y:0', 'x.y:70000', 'ftp://x.y', 'lin@x.y', 'x.y?z', '../x.y', 'docker.io/library', '名.中国']) expect([text, hostOf(text)]).toEqual([text, null]);
});

test('S13 kept sealed for its row: shown to nobody, and of no use in another row', async () => {
  const [a, b] = [await add(), await add({ host: 'quay.io', password: 'canary-2' })];
  const row = (id: string) => panel.app.db.select().from(registries).all().find((one) => one.id === id)!;
  expect(row(a).password).toMatch(/^v1\.[\w-]+$/);
  expect(JSON.stringify(listRegistries(panel.app, actor()))).not.toMatch(/canary|password|v1\./);
  panel.app.db.$client.run('UPDATE registries SET password = ? WHERE id = ?', [row(a).password, b]);
  await expect(registryAuth(panel.app, 'quay.io/x')).rejects.toBeInstanceOf(AppError);
});

test('the registry of an image gets its own sign-in, and no other gets it', async () => {
  await add({ password: 'pässwörd+/' });
  await add({ host: 'docker.io', user: 'hub', password: 'canary-hub' });
  expect(decoded(await registryAuth(panel.app, 'GHCR.io/acme/shop:1'))).toEqual({ 'x-registry-auth': { username: 'lin', password: 'pässwörd+/', serveraddress: 'ghcr.io' } });
  for (const name of ['redis', 'acme/shop:1', 'docker.io/library/redis@sha256:'.concat('0'.repeat(64)), 'index.docker.io/x/y']) expect([name, decoded(await registryAuth(panel.app, name))['x-registry-auth'].username]).toEqual([name, 'hub']);
  for (const name of ['quay.io/x', 'ghcr.io.evil.example/x', 'ghcr.io:443/x', 'not a name']) expect([name, await registryAuth(panel.app, name)]).toEqual([name, {}]);
  expect(Object.keys(decoded(await registryConfig(panel.app))['x-registry-config'])).toEqual(['ghcr.io', 'https://index.docker.io/v1/']);
  // Go decodes with padding (base64.URLEncoding).
  expect((await registryAuth(panel.app, 'ghcr.io/x'))['x-registry-auth']!.length % 4).toBe(0);
});

test('every question about an image carries it', async () => {
  await add();
  const calls: DockerCall[] = [];
  const { ask, stream } = panel.app.host.docker;
  Object.assign(panel.app.host.docker, { ask: (call: DockerCall) => (calls.push(call), ask(call)), stream: (call: DockerCall) => (calls.push(call), stream(call)) });
  await askRegistry(panel.app, 'ghcr.io/acme/shop:1', 'sha256:00');
  const admin = panel.as('admin');
  const answer = await admin.request('/images/pull', { form: { reference: 'ghcr.io/acme/shop:9' } });
  await panel.app.tasks.settled(answer.headers.get('location')!.slice('/tasks/'.length));
  const pushed = await admin.request(`/images/${'0'.repeat(64)}/push`, { form: { reference: 'ghcr.io/acme/shop:9' } });
  expect(pushed.status).toBe(404);
  const asked = calls.filter(({ path }) => /^\/distribution|images\/create/.test(path));
  expect(asked.map(({ path, headers }) => [path.split('/')[1], Boolean(headers?.['x-registry-auth'])])).toEqual([['distribution', true], ['images', true]]);
});

test('refused: no password, one that is there, a kept password for another host, who is no administrator', async () => {
  expect(await add({ password: '' }).catch(words)).toBe('invalid password: Enter the password or token.');
  const id = await add();
  expect(await add().catch(words)).toMatch(/^conflict host: /);
  expect(await changeRegistry(panel.app, actor(), id, input({ host: 'evil.example:443', password: '' }), { check: true }).catch(words)).toMatch(/^invalid password: Enter the password again/);
  await changeRegistry(panel.app, actor(), id, input({ user: 'wen', password: '' }), { check: false });
  expect(decoded(await registryAuth(panel.app, 'ghcr.io/x'))['x-registry-auth']).toMatchObject({ username: 'wen', password: 'canary-1' });
  for (const role of ['operator', 'viewer'] as const) {
    expect(() => listRegistries(panel.app, actor(role))).toThrow(AppError);
    expect(() => removeRegistry(panel.app, actor(role), id)).toThrow(AppError);
    await expect(addRegistry(panel.app, actor(role), input({ host: 'x.y' }), { check: false })).rejects.toMatchObject({ code: 'denied' });
  }
  for (const wrong of [{ user: 'a:b' }, { user: '' }, { user: 'a\nb' }, { password: 'a\nb' }, { host: 'acme' }, { other: 1 }]) expect([wrong, RegistryInput.safeParse({ host: 'x.y', user: 'u', password: 'p', ...wrong }).success]).toEqual([wrong, false]);
});

test('S13 what a panel that was killed has left is gone at the next start', async () => {
  for (const [folder, sweep] of [[baseFolder(panel.app), sweepConfigs], [buildsFolder(panel.app), sweepBuilds]] as const) {
    mkdirSync(join(folder, 'config-x'), { recursive: true });
    writeFileSync(join(folder, 'config-x/config.json'), 'canary');
    await sweep(panel.app);
    expect(existsSync(join(folder, 'config-x'))).toBe(false);
    await sweep(panel.app);
  }
});

test.skipIf(process.platform !== 'linux')('S13 what is lent to Compose lies in memory under no name, and whoever may look at the whole disk does not get at it', async () => {
  await add({ password: 'canary-2' });
  putSetting(panel.app, 'filesRootsOperator', ['/']);
  const read = async (who: Actor, path: string) => {
    const file = await openFile(panel.app, who, path);
    return readFile(file.at, 'utf8').finally(() => file.close());
  };
  await withRegistries(panel.app, async ({ DOCKER_CONFIG: folder }) => {
    const path = join(folder!, 'config.json');
    expect(JSON.parse(await readFile(path, 'utf8')).auths['ghcr.io']).toBeDefined();
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    const child = Bun.spawn(['/bin/sleep', '20'], { env: { CANARY: 'canary-2' }, stdin: Bun.file(path) });
    for (const way of [path, `/proc/${child.pid}/root${path}`, `/proc/${child.pid}/fd/0`, `/proc/${child.pid}/environ`]) {
      expect([way, await read(actor('operator'), way).catch(() => 'refused')]).toEqual([way, 'refused']);
    }
    child.kill();
    await child.exited;
  }, '/nowhere');
});
