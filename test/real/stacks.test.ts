import { afterEach, beforeAll, beforeEach, expect } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../src/core/app.ts';
import { actOnStack, removeStack, scaleStack } from '../../src/core/stacks/act.ts';
import { createStack, saveStack } from '../../src/core/stacks/change.ts';
import { deployStack, returnStack, settleStacks } from '../../src/core/stacks/deploy.ts';
import { listVersions, readBegun } from '../../src/core/stacks/kept.ts';
import { readServices } from '../../src/core/stacks/services.ts';
import { getStack, listStacks } from '../../src/core/stacks/stacks.ts';
import { hashOf, readTexts, type StackText } from '../../src/core/stacks/texts.ts';
import { StackFault } from '../../src/core/stacks/validate.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { AppError } from '../../src/lib/errors.ts';
import { createToken } from '../../src/core/tokens/tokens.ts';
import { ENDPOINTS } from '../../src/api/table.ts';
import type { Role } from '../../src/db/schema/users.ts';
import { en } from '../../src/i18n/en.ts';
import { createFakeHost } from '../../src/platform/fake/host.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { busyboxImage, engine } from '../support/docker.ts';
import { stackChanges } from '../support/stack-calls.ts';
import { needs } from '../support/needs.ts';

const it = needs('docker', 'busybox', 'compose');
const PREFIX = `mtst${process.pid}`;
let count = 0;
let panel: TestApp;
let image = '';
const outside: string[] = [];
const names: string[] = [];

/** A name that no other run of these tests has. */
const name = () => {
  const made = `${PREFIX}-${count++}`;
  names.push(made);
  return made;
};
const actor = (role: Role): Actor => ({ kind: 'user', userId: panel.app.random.id(), name: role, role, sessionId: null, tokenId: null, ip: '' });
let admin: Actor;

/** A panel on the real engine; what is left of the machine is made up. */
const realPanel = () => {
  const docker = engine();
  return testApp({ docker, app: { host: { ...createFakeHost({ docker }), kind: 'linux' } } });
};

if (it.ok) {
  beforeAll(async () => void (image = await busyboxImage()));
  beforeEach(() => {
    panel = realPanel();
    admin = actor('admin');
  });
  afterEach(async () => {
    await panel.close();
    for (const one of names.splice(0)) await cleanUp(one);
    for (const folder of outside.splice(0)) rmSync(folder, { recursive: true, force: true });
    expect(panel.errors).toEqual([]);
  });
}

async function cleanUp(stack: string) {
  const filters = { label: [`com.docker.compose.project=${stack}`] };
  const docker = engine();
  for (const { Id } of (await docker.ask({ path: '/containers/json', query: { all: true, filters } })) as { Id: string }[]) await docker.ask({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true, v: true } }).catch(() => {});
  for (const kind of ['networks', 'volumes']) await docker.ask({ method: 'POST', path: `/${kind}/prune`, query: { filters } });
}

const service = (command: string, more = '') => `services:\n  web:\n    image: ${image}\n    command: ${JSON.stringify(['sh', '-c', command])}\n    stop_grace_period: 1s\n${more}`;
const FOREVER = 'while true; do sleep 1; done';

/** Runs a task to its end: how it ended, and its log. */
async function ended(id: string) {
  await panel.app.tasks.settled(id);
  return { ...getTask(panel.app, admin, id), log: existsSync(panel.app.tasks.logPath(id)) ? readFileSync(panel.app.tasks.logPath(id), 'utf8') : '' };
}

async function change(stack: string, edit: (text: string) => string) {
  const found = await readTexts(await getStack(panel.app, admin, stack));
  const texts: StackText[] = found.map((one, i) => (i === 0 ? { ...one, text: edit(one.text!) } : one));
  return { texts, base: Object.fromEntries(found.map(({ path, text }) => [path, hashOf(text)])) };
}

const refused = async (work: Promise<unknown>) => {
  const error = await work.then(() => null, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

/** Ids of what runs of it. */
const ids = async (stack: string) => (await getStack(panel.app, admin, stack)).containers.map(({ id }) => id);

it('a stack is created, deployed, scaled, stopped, started, taken down and removed with its folder', async () => {
  const stack = name();
  await createStack(panel.app, admin, { name: stack, compose: service(FOREVER, '    environment:\n      WHO: ${WHO}\n'), env: 'WHO=lin\n' });
  expect(await getStack(panel.app, admin, stack)).toMatchObject({ own: true, state: 'down', gone: [] });
  expect((await refused(createStack(panel.app, admin, { name: stack, compose: service(FOREVER), env: '' }))).code).toBe('conflict');

  const done = await ended(await deployStack(panel.app, admin, stack, null));
  expect([done.state, done.error]).toEqual(['done', null]);
  expect(done.log).toContain('all services are up: web');
  expect(await getStack(panel.app, admin, stack)).toMatchObject({ state: 'running', running: 1, services: ['web'] });
  const [id] = await ids(stack);
  expect(((await engine().ask({ path: `/containers/${id}/json` })) as { Config: { Env: string[] } }).Config.Env).toContain('WHO=lin');

  expect((await ended(await scaleStack(panel.app, admin, stack, { service: 'web', count: 2 }))).state).toBe('done');
  expect((await getStack(panel.app, admin, stack)).running).toBe(2);
  expect((await ended(await actOnStack(panel.app, admin, stack, 'stop'))).state).toBe('done');
  expect((await getStack(panel.app, admin, stack)).state).toBe('stopped');
  expect((await ended(await actOnStack(panel.app, admin, stack, 'start'))).state).toBe('done');
  expect((await getStack(panel.app, admin, stack)).running).toBe(2);
  expect((await ended(await actOnStack(panel.app, admin, stack, 'restart'))).state).toBe('done');
  expect((await ended(await actOnStack(panel.app, admin, stack, 'down'))).state).toBe('done');
  expect((await getStack(panel.app, admin, stack)).state).toBe('down');

  const { folder } = await getStack(panel.app, admin, stack);
  expect((await ended(await removeStack(panel.app, admin, stack, { volumes: true }))).state).toBe('done');
  expect(existsSync(folder!)).toBe(false);
  expect((await refused(getStack(panel.app, admin, stack))).code).toBe('not_found');
}, 120_000);

it('what was started by hand is found where it is, edited and deployed in place; when its folder is deleted that is said, and it can still be stopped', async () => {
  const stack = name();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-stack-')));
  outside.push(folder);
  const file = join(folder, 'docker-compose.yml');
  writeFileSync(file, service(FOREVER), { mode: 0o640 });
  writeFileSync(join(folder, 'more.yml'), 'services:\n  side:\n    extends: {file: docker-compose.yml, service: web}\n');
  const tool = Bun.which('docker-compose') ? ['docker-compose'] : ['docker', 'compose'];
  expect(Bun.spawnSync([...tool, '-p', stack, '-f', 'docker-compose.yml', '-f', 'more.yml', 'up', '-d'], { cwd: folder }).exitCode).toBe(0);

  const found = (await listStacks(panel.app, admin)).find((one) => one.name === stack)!;
  expect(found).toMatchObject({ own: false, folder, files: [file, join(folder, 'more.yml')], gone: [], state: 'running', running: 2, services: ['side', 'web'] });
  expect((await readServices(found)).map(({ name: service, image: of, declared }) => [service, of, declared])).toEqual([['web', image, true], ['side', null, true]]);

  const before = await ids(stack);
  const done = await ended(await deployStack(panel.app, admin, stack, await change(stack, (text) => text.replace('sleep 1;', 'sleep 2;'))));
  expect([done.state, done.error]).toEqual(['done', null]);
  expect(readFileSync(file, 'utf8')).toContain('sleep 2;');
  expect((await ids(stack)).some((id) => before.includes(id))).toBe(false);
  expect((await listVersions(panel.app, stack)).map(({ state }) => state)).toEqual(['good', 'found']);

  rmSync(folder, { recursive: true });
  expect(await getStack(panel.app, admin, stack)).toMatchObject({ gone: [file, join(folder, 'more.yml')], state: 'running' });
  expect((await refused(deployStack(panel.app, admin, stack, null))).code).toBe('unsupported');
  expect((await refused(removeStack(panel.app, admin, stack, { volumes: false }))).code).toBe('unsupported');
  expect((await ended(await actOnStack(panel.app, admin, stack, 'stop'))).state).toBe('done');
  expect((await getStack(panel.app, admin, stack)).state).toBe('stopped');
  expect((await ended(await actOnStack(panel.app, admin, stack, 'down'))).state).toBe('done');
  expect((await listStacks(panel.app, admin)).some((one) => one.name === stack)).toBe(false);
}, 120_000);

it('files that Compose does not take are refused with the line, and nothing changes', async () => {
  const stack = name();
  await createStack(panel.app, admin, { name: stack, compose: service(FOREVER), env: '' });
  const fault = async (edit: (text: string) => string) => {
    const error = await refused(saveStack(panel.app, admin, stack, await change(stack, edit)));
    expect(error).toBeInstanceOf(StackFault);
    return (error as StackFault).fault;
  };
  const file = (await getStack(panel.app, admin, stack)).files[0]!;
  expect(await fault((text) => `${text}   bad: 1\n`)).toMatchObject({ file, line: 6 });
  expect(await fault((text) => `${text}\tbad: 1\n`)).toMatchObject({ file, line: 6 });
  expect(await fault((text) => `${text}    imge: x\n`)).toMatchObject({ file, line: 6, message: expect.stringContaining('imge') });
  expect((await fault((text) => `${text}    depends_on: [nowhere]\n`)).message).toContain('nowhere');
  expect(readFileSync(file, 'utf8')).toBe(service(FOREVER));
  // Nothing of what was tried is left.
  expect([...new Bun.Glob('*').scanSync({ cwd: join(file, '..'), dot: true })]).toEqual(['compose.yml']);
  const error = await refused(createStack(panel.app, admin, { name: name(), compose: 'services: [', env: '' }));
  expect(error).toBeInstanceOf(StackFault);
  expect((await listStacks(panel.app, admin)).filter((one) => one.name.startsWith(PREFIX)).map((one) => one.name)).toEqual([stack]);
  const bomb = `x-a: &a [x, x, x, x, x, x, x, x, x, x]\n${'abcdefgh'.split('').map((key, i, all) => (i === 0 ? '' : `x-${key}: &${key} [${Array(10).fill(`*${all[i - 1]}`).join(', ')}]\n`)).join('')}`;
  expect((await refused(saveStack(panel.app, admin, stack, await change(stack, (text) => bomb + text)))).say(en)).toContain('aliases');
}, 120_000);

for (const [what, edit] of [
  ['exits at once', (text: string) => text.replace(FOREVER, 'echo out of luck; exit 3')],
  ['fails its health check', (text: string) => `${text}    healthcheck: {test: ["CMD", "false"], interval: 1s, retries: 2}\n`],
  ['is ended and started again for ever', (text: string) => `${text.replace(FOREVER, 'echo out of luck; exit 4')}    restart: always\n`],
] as const) {
  it(`a service that ${what} is taken back: the last good files are on the disk again and run`, async () => {
    const stack = name();
    await createStack(panel.app, admin, { name: stack, compose: service(FOREVER), env: 'A=1\n' });
    expect((await ended(await deployStack(panel.app, admin, stack, null))).state).toBe('done');
    const bad = await change(stack, edit);
    const failed = await ended(await deployStack(panel.app, admin, stack, { ...bad, texts: bad.texts.map((one) => (one.path.endsWith('.env') ? { ...one, text: 'A=2\n' } : one)) }, 30));
    expect(failed.state).toBe('failed');
    expect(failed.error).toContain('The files that ran before run again.');
    if (what !== 'fails its health check') expect(failed.log).toContain('out of luck');
    expect((await readTexts(await getStack(panel.app, admin, stack))).map(({ text }) => text)).toEqual([service(FOREVER), 'A=1\n']);
    expect(await getStack(panel.app, admin, stack)).toMatchObject({ state: 'running', running: 1, health: null });
    expect(await readBegun(panel.app, stack)).toBeNull();
    expect((await listVersions(panel.app, stack)).map(({ state }) => state)).toEqual(['failed', 'good']);
  }, 120_000);
}

it('a first deployment that does not come up is taken down again, and its files stay; so does one that is cancelled', async () => {
  const stack = name();
  await createStack(panel.app, admin, { name: stack, compose: service('exit 1'), env: '' });
  const failed = await ended(await deployStack(panel.app, admin, stack, null));
  expect([failed.state, failed.error?.includes('taken down again')]).toEqual(['failed', true]);
  expect(await getStack(panel.app, admin, stack)).toMatchObject({ state: 'down', gone: [] });

  await saveStack(panel.app, admin, stack, await change(stack, () => service(FOREVER, '    healthcheck: {test: ["CMD", "false"], interval: 60s}\n')));
  const id = await deployStack(panel.app, admin, stack, null);
  expect((await refused(deployStack(panel.app, admin, stack, null))).code).toBe('conflict');
  while ((await ids(stack)).length === 0) await Bun.sleep(100);
  panel.app.tasks.cancel(id);
  expect((await ended(id)).state).toBe('cancelled');
  expect(await getStack(panel.app, admin, stack)).toMatchObject({ state: 'down' });
}, 120_000);

it('a deployment in which the panel stopped is taken back at its next start', async () => {
  const stack = name();
  await createStack(panel.app, admin, { name: stack, compose: service(FOREVER), env: '' });
  expect((await ended(await deployStack(panel.app, admin, stack, null))).state).toBe('done');
  await deployStack(panel.app, admin, stack, await change(stack, (text) => `${text}    healthcheck: {test: ["CMD", "false"], interval: 60s}\n`));
  while ((await getStack(panel.app, admin, stack)).health !== 'starting') await Bun.sleep(100);
  await panel.app.tasks.stop(2000);
  expect(await readBegun(panel.app, stack)).toMatchObject({ by: 'admin' });
  await settleStacks(panel.app);
  const [id] = panel.app.db.$client.query("SELECT id FROM tasks WHERE kind = 'stacks.return'").values()[0] as [string];
  const done = await ended(id);
  expect([done.state, done.error]).toEqual(['done', null]);
  expect(await getStack(panel.app, admin, stack)).toMatchObject({ state: 'running', health: null });
  expect(readFileSync((await getStack(panel.app, admin, stack)).files[0]!, 'utf8')).toBe(service(FOREVER));
  expect((await refused(returnStack(panel.app, admin, stack))).code).toBe('not_found');
}, 120_000);

it('S18 who is no administrator starts what an administrator wrote, unless it gives more than a container has', async () => {
  const stack = name();
  const operator = actor('operator');
  await createStack(panel.app, admin, { name: stack, compose: service(FOREVER, '    volumes: ["./data:/data"]\n'), env: '' });
  expect((await ended(await actOnStack(panel.app, operator, stack, 'up'))).state).toBe('done');
  for (const refusedCall of [deployStack(panel.app, operator, stack, null), actOnStack(panel.app, operator, stack, 'down'), removeStack(panel.app, operator, stack, { volumes: false }), createStack(panel.app, operator, { name: name(), compose: service(FOREVER), env: '' })]) {
    expect((await refused(refusedCall)).code).toBe('denied');
  }
  for (const more of ['privileged: true', 'network_mode: host', 'pid: host', 'ipc: host', 'cap_add: [SYS_ADMIN]', 'devices: ["/dev/null:/dev/null"]', 'volumes: ["/etc:/host:ro"]', 'volumes: ["/var/run/docker.sock:/s"]', 'volumes: ["./..:/up"]', 'security_opt: ["seccomp:unconfined"]']) {
    await saveStack(panel.app, admin, stack, await change(stack, () => service(FOREVER, `    ${more}\n`)));
    const error = await refused(actOnStack(panel.app, operator, stack, 'up'));
    expect([more, error.code, error.say(en).startsWith('Only administrators may start this stack: web: ')]).toEqual([more, 'denied', true]);
  }
}, 180_000);

it('S18 files that change after the button was pressed are judged again before they are started', async () => {
  const stack = name();
  await createStack(panel.app, admin, { name: stack, compose: service(FOREVER), env: '' });
  const { files } = await getStack(panel.app, admin, stack);
  for (const press of [() => actOnStack(panel.app, actor('operator'), stack, 'up'), () => scaleStack(panel.app, actor('operator'), stack, { service: 'web', count: 1 })]) {
    writeFileSync(files[0]!, service(FOREVER));
    const id = await press();
    writeFileSync(files[0]!, service(FOREVER, '    privileged: true\n'));
    const { state, error } = await ended(id);
    expect([state, error]).toEqual(['failed', expect.stringContaining('web: privileged')]);
  }
  expect((await getStack(panel.app, admin, stack)).containers).toEqual([]);
}, 60_000);

it('the API does all of it, with what its reference says', async () => {
  const stack = name();
  const { userId } = panel.as('admin', 'api');
  const { token } = createToken(panel.app, { ...admin, userId } as Actor, { name: 'test', role: 'admin', expiresInDays: 1 });
  const states: string[] = [];
  await stackChanges(stack, service(FOREVER), async (id, path, init) => {
    const row = ENDPOINTS.find((one) => one.id === id)!;
    const answer = await panel.request(`/api/v1${path}`, { ...init, headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${token}` } });
    expect([id, answer.status, answer.status === row.status ? '' : await answer.text()]).toEqual([id, row.status, '']);
    if (!row.response) return null;
    const body = await answer.json();
    expect(body).toEqual(row.response.parse(body));
    return body;
  }, async ({ id }) => void states.push((await ended(id)).state));
  expect(states).toEqual(['done', 'done', 'done', 'done']);
  expect((await listStacks(panel.app, admin)).some((one) => one.name === stack)).toBe(false);
}, 120_000);

it('profiles start only when asked for, and variables may hold line breaks', async () => {
  const stack = name();
  const compose = service('echo "$$TEXT" > /tmp/text; while true; do sleep 1; done', '    environment:\n      TEXT: ${TEXT}\n') + `  later:\n    image: ${image}\n    command: sleep 1000\n    profiles: [extra]\n`;
  await createStack(panel.app, admin, { name: stack, compose, env: 'TEXT="one\\ntwo"\n' });
  const done = await ended(await deployStack(panel.app, admin, stack, null));
  expect([done.state, done.error]).toEqual(['done', null]);
  const now = await getStack(panel.app, admin, stack);
  expect(now.services).toEqual(['web']);
  expect((await readServices(now)).map((one) => [one.name, one.profiles])).toEqual([['web', []], ['later', ['extra']]]);
  const { Config } = (await engine().ask({ path: `/containers/${now.containers[0]!.id}/json` })) as { Config: { Env: string[] } };
  expect(Config.Env).toContain('TEXT=one\ntwo');
}, 120_000);
