/** Private images of a real registry: pulled, pushed, and used by containers and stacks; and where their password is not to be found. */
import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Actor } from '../../src/core/app.ts';
import { planRecreation, recreateContainer } from '../../src/core/containers/recreate/recreate.ts';
import { inspectContainer } from '../../src/core/containers/recreate/inspected.ts';
import { getImage, removeImage } from '../../src/core/images/images.ts';
import { startPull } from '../../src/core/images/pull.ts';
import { startPush } from '../../src/core/images/push.ts';
import { withRegistries } from '../../src/core/registries/config-folder.ts';
import { addRegistry, changeRegistry, listRegistries, removeRegistry, testRegistry as tryRegistry } from '../../src/core/registries/registries.ts';
import { actOnStack } from '../../src/core/stacks/act.ts';
import { createStack } from '../../src/core/stacks/change.ts';
import { deployStack } from '../../src/core/stacks/deploy.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { AppError } from '../../src/lib/errors.ts';
import { createLog } from '../../src/lib/log.ts';
import { handoverPlace } from '../../src/platform/ssh/handover.ts';
import { manualClock } from '../../src/lib/clock.ts';
import { en } from '../../src/i18n/en.ts';
import { createFakeHost } from '../../src/platform/fake/host.ts';
import { exec } from '../../src/platform/exec.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { busyboxImage, engine, makeImage, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { testRegistry, type TestRegistry } from '../support/registry.ts';
import { removeProject } from '../support/stacks.ts';

const it = needs('docker', 'busybox', 'registry', 'composeProgram');
const containers = testContainers('registries');
const OWN = `mantou-test-registries-${process.pid}`;
const LOGIN = { user: 'lin', password: 'canary-9f2c-steamer' };
const AUTH = btoa(`${LOGIN.user}:${LOGIN.password}`);
const actor: Actor = { kind: 'user', userId: 'u', name: 'lin', role: 'admin', sessionId: null, tokenId: null, ip: '' };
const docker = engine();
const log: string[] = [];
/** Command lines and environments of everything that the panel started. */
const started: { argv: string; env: string }[] = [];
let panel: TestApp;
let registry: TestRegistry;

if (it.ok) {
  beforeAll(async () => {
    const watched: typeof exec = { ...exec, run: (argv, options) => (started.push({ argv: argv.join(' '), env: JSON.stringify(options?.env ?? {}) }), exec.run(argv, options)) };
    panel = testApp({
      docker, app: { host: { ...createFakeHost({ docker }), kind: 'linux' }, exec: watched, log: createLog(manualClock().now, (_level, line) => void log.push(line)) },
    });
    Object.assign(actor, { userId: panel.as('admin', 'lin').userId });
    registry = await testRegistry(LOGIN);
    await busyboxImage();
  });
  afterAll(async () => {
    await containers.removeAll();
    for (const one of (await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [OWN, containers.prefix] } } })) as { Id: string }[]) await docker.ask({ method: 'DELETE', path: `/containers/${one.Id}`, query: { force: true, v: true } });
    await removeProject(OWN);
    const all = (await docker.ask({ path: '/images/json' })) as { Id: string; RepoTags: string[] | null; RepoDigests: string[] | null }[];
    // One that lost its name to a newer one is still known by its digest.
    for (const { Id } of all.filter(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])].some((name) => name.includes(OWN)))) await docker.ask({ method: 'DELETE', path: `/images/${Id}`, query: { force: true } }).catch(() => {});
    await registry.stop();
    await panel.close();
  });
}

async function ended(id: string) {
  await panel.app.tasks.settled(id);
  const path = panel.app.tasks.logPath(id);
  return { ...getTask(panel.app, actor, id), log: existsSync(path) ? readFileSync(path, 'utf8') : '' };
}
const words = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)}` : String(error));
const pull = async (reference: string) => ended(startPull(panel.app, actor, { reference }));
const input = (more: Partial<{ user: string; password: string }> = {}) => ({ host: registry.host, ...LOGIN, note: '', ...more });
/** A small image with a shell, under a name at the registry, sent there and forgotten here. */
async function offer(path: string, changes: readonly string[]) {
  const name = `${registry.host}/${OWN}/${path}`;
  const id = await makeImage(name, changes);
  const push = Bun.spawn(['docker', '--config', configFolder(), 'push', '-q', name], { stdout: 'ignore', stderr: 'pipe' });
  expect([await push.exited, await push.stderr.text()]).toEqual([0, '']);
  return { name, id };
}
const config = mkdtempSync(join(tmpdir(), 'mantou-config-'));
afterAll(() => rmSync(config, { recursive: true, force: true }));
function configFolder(): string {
  writeFileSync(join(config, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth: AUTH } } }));
  return config;
}

it('without a sign-in a private image is refused; a wrong one is not kept, in the words of the registry', async () => {
  await registry.offer(`${OWN}/private:1`, [30_000]);
  const refused = await pull(`${registry.host}/${OWN}/private:1`);
  expect([refused.state, refused.error?.en]).toEqual(['failed', expect.stringMatching(/^The container engine refused: .*(no basic auth credentials|unauthorized)/)]);
  expect(await addRegistry(panel.app, actor, input({ password: 'not-the-canary' }), { check: true }).catch(words)).toMatch(/^invalid: Not accepted: .*unauthorized/i);
  expect(listRegistries(panel.app, actor)).toEqual([]);
  // Kept all the same, when somebody insists; it is the registry that refuses then.
  const id = await addRegistry(panel.app, actor, input({ password: 'not-the-canary' }), { check: false });
  expect(listRegistries(panel.app, actor)).toMatchObject([{ host: registry.host, user: 'lin', checkedAt: null }]);
  expect(await tryRegistry(panel.app, actor, id).catch(words)).toMatch(/^invalid: Not accepted: .*unauthorized/i);
  expect((await pull(`${registry.host}/${OWN}/private:1`)).error?.en).toMatch(/unauthorized|no basic auth|authentication/);
  await changeRegistry(panel.app, actor, id, input(), { check: true });
  expect(listRegistries(panel.app, actor)[0]!.checkedAt).toBeGreaterThan(0);
  await tryRegistry(panel.app, actor, id);
});

it('with a sign-in it is pulled, pushed under another name with progress, and there for the next one', async () => {
  const reference = `${registry.host}/${OWN}/private:1`;
  const pulled = await pull(reference);
  expect([pulled.state, pulled.error]).toEqual(['done', null]);
  const { id } = await getImage(panel.app, actor, reference);
  const target = `${registry.host}/${OWN}/pushed:2`;
  const pushed = await ended(await startPush(panel.app, actor, { image: id, reference: target }));
  expect([pushed.state, pushed.error, pushed.progress, pushed.steps.map(({ name, state }) => `${name} ${state}`)]).toEqual(['done', null, 1, ['imageTag done', 'imagePush done']]);
  expect(pushed.log).toMatch(/: (Pushed|Mounted from .+|Layer already exists)$/m);
  expect(pushed.log).toMatch(/^2: digest: sha256:[0-9a-f]{64} size: \d+$/m);
  for (const name of [reference, target]) await removeImage(panel.app, actor, name);
  expect((await pull(target)).state).toBe('done');
  expect((await getImage(panel.app, actor, target)).id).toBe(id);
});

it('a push that is refused fails its task, although the engine has answered 200', async () => {
  const [row] = listRegistries(panel.app, actor);
  const image = await registry.build(`${OWN}/local:1`, [1000]);
  removeRegistry(panel.app, actor, row!.id);
  const refused = await ended(await startPush(panel.app, actor, { image, reference: `${registry.host}/${OWN}/refused:1` }));
  expect([refused.state, refused.error?.en]).toEqual(['failed', expect.stringMatching(/no basic auth credentials|unauthorized|authentication required/)]);
  const away = await ended(await startPush(panel.app, actor, { image, reference: `127.0.0.1:9/${OWN}/away:1` }));
  expect([away.state, away.error?.en]).toEqual(['failed', expect.stringContaining('refused')]);
  await addRegistry(panel.app, actor, input(), { check: true });
});

it('a container of a private image: whether there is a newer one is asked with the sign-in, and it is made anew of it', async () => {
  const run = (version: string) => [`ENV VERSION=${version}`, 'CMD ["/bin/sh", "-c", "sleep 1000"]'];
  const { name } = await offer('app:1', run('one'));
  const { id } = await containers.run(['sleep', '1000'], { Image: name }, `${containers.prefix}-app`);
  expect((await planRecreation(panel.app, actor, id, { ask: true })).registry).toEqual({ state: 'same' });
  await docker.ask({ method: 'POST', path: `/images/${name}/tag`, query: { repo: `${OWN}/old`, tag: '1' } });
  await offer('app:1', run('two'));
  // What is here is the old one again: only the registry knows better.
  await docker.ask({ method: 'POST', path: `/images/${OWN}/old:1/tag`, query: { repo: `${registry.host}/${OWN}/app`, tag: '1' } });
  expect((await planRecreation(panel.app, actor, id, { ask: true })).registry).toEqual({ state: 'newer' });
  const task = await ended(await recreateContainer(panel.app, actor, id, { pull: true }));
  expect([task.state, task.error]).toEqual(['done', null]);
  expect((await inspectContainer(panel.app, `${containers.prefix}-app`)).Config.Env).toContain('VERSION=two');
});

it('a stack with a private image is deployed and pulled; the folder with the sign-ins is gone afterwards', async () => {
  const { name } = await offer('stack:1', ['CMD ["/bin/sh", "-c", "while true; do sleep 1; done"]']);
  await removeImage(panel.app, actor, name);
  await createStack(panel.app, actor, { name: OWN, compose: `services:\n  web:\n    image: ${name}\n    stop_grace_period: 1s\n`, env: '' });
  const done = await ended(await deployStack(panel.app, actor, OWN, null));
  expect([done.state, done.error]).toEqual(['done', null]);
  expect((await ended(await actOnStack(panel.app, actor, OWN, 'pull'))).state).toBe('done');
  const place = handoverPlace(panel.app.config.dataDir);
  expect(readdirSync(dirname(place)).filter((name) => name.startsWith(basename(place)))).toEqual([]);
  // Without it, it is not: that is what made it work.
  const [row] = listRegistries(panel.app, actor);
  removeRegistry(panel.app, actor, row!.id);
  const refused = await ended(await actOnStack(panel.app, actor, OWN, 'pull'));
  expect([refused.state, /no basic auth|unauthorized|denied|authentication/.test(refused.log)]).toEqual(['failed', true]);
  await addRegistry(panel.app, actor, input(), { check: true });
  expect((await ended(await actOnStack(panel.app, actor, OWN, 'down'))).state).toBe('done');
});

it('S13 the folder for Compose is the account\'s own alone, has its plugins and sign-ins, and goes also when the run fails', async () => {
  const own = mkdtempSync(join(config, 'own-'));
  mkdirSync(join(own, 'cli-plugins'));
  writeFileSync(join(own, 'cli-plugins/docker-compose'), 'a plugin');
  writeFileSync(join(own, 'config.json'), JSON.stringify({ auths: { 'quay.io': { auth: 'theirs' } }, credsStore: 'keys', currentContext: 'far', proxies: { default: { noProxy: 'x' } } }));
  let seen = '';
  const fails = withRegistries(panel.app, async ({ DOCKER_CONFIG: folder }) => {
    seen = folder!;
    expect([statSync(seen).mode & 0o777, statSync(join(seen, 'config.json')).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(readFileSync(join(seen, 'cli-plugins/docker-compose'), 'utf8')).toBe('a plugin');
    expect(JSON.parse(readFileSync(join(seen, 'config.json'), 'utf8'))).toEqual({
      auths: { 'quay.io': { auth: 'theirs' }, [registry.host]: { auth: AUTH } }, credsStore: 'keys', credHelpers: { [registry.host]: '' }, proxies: { default: { noProxy: 'x' } },
    });
    throw new Error('the run failed');
  }, own);
  await expect(fails).rejects.toThrow('the run failed');
  expect([existsSync(seen), readdirSync(join(own, 'cli-plugins'))]).toEqual([false, ['docker-compose']]);
});

it('S13 the password is in no file, log, task, audit row, command line, environment or answer', async () => {
  const hidden = [LOGIN.password, AUTH, Buffer.from(LOGIN.password).toString('hex')];
  const found = (text: string) => hidden.filter((secret) => text.includes(secret));
  // An engine that repeats what it was told.
  const repeating = { ...panel.app, host: { ...panel.app.host, docker: { ...docker, ask: async () => {
    throw new (await import('../../src/platform/docker.ts')).DockerError(500, `no login for ${LOGIN.password}`);
  } } } };
  const [row] = listRegistries(panel.app, actor);
  const said = await tryRegistry(repeating, actor, row!.id).catch((error: unknown) => error as AppError);
  expect([words(said), found(`${words(said)} ${(said as AppError).detail} ${String((said as AppError).cause)}`)]).toEqual(['invalid: Not accepted: no login for •••', []]);
  panel.app.db.$client.run('PRAGMA wal_checkpoint(FULL)');
  const walk = (folder: string): string[] => readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? walk(join(folder, name)) : [join(folder, name)]));
  const files = walk(panel.app.config.dataDir);
  expect(files.some((path) => /tasks/.test(path))).toBe(true);
  for (const path of files) expect([path, found(readFileSync(path).toString('latin1'))]).toEqual([path, []]);
  expect(started.some(({ env }) => env.includes('DOCKER_CONFIG'))).toBe(true);
  expect(started.filter(({ argv, env }) => found(argv + env).length)).toEqual([]);
  expect(found(log.join('\n'))).toEqual([]);
  expect(log.filter((line) => line.includes('"error"'))).toEqual([]);
  const admin = panel.as('admin', 'reader');
  for (const path of ['/images', '/images/registries', `/images/registries/${row!.id}`, `/images/registries/${row!.id}/test`, '/audit', '/tasks', '/images/pull', '/docker']) {
    const answer = await admin.request(path);
    expect([path, answer.status, found(await answer.text())]).toEqual([path, 200, []]);
  }
});
