import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import type { FakeDockerd } from '../../../platform/fake/dockerd.ts';
import { SYSTEM } from '../../app.ts';
import { getTask } from '../../tasks/tasks.ts';
import { configureDaemon, DaemonFault, settleDaemon } from './apply.ts';
import { needDaemon, planDaemon, readDaemon } from './daemon.ts';
import { setValue } from './document.ts';
import { keepDaemonBegun, listDaemonVersions, readDaemonBegun, type Begun } from './kept.ts';

/** Nothing else is waited for in vain. */
const SHORT = { containersMs: 500 };
const PATH = '/etc/docker/daemon.json';
let panel: TestApp;
let dockerd: FakeDockerd;
beforeEach(() => {
  panel = testApp();
  dockerd = panel.app.host.dockerd as FakeDockerd;
});
afterEach(async () => {
  await panel.close();
  expect(panel.errors).toEqual([]);
});

const words = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)}` : String(error));
async function ended(id: string | null) {
  await panel.app.tasks.settled(id!);
  return { ...getTask(panel.app, SYSTEM, id!), log: existsSync(panel.app.tasks.logPath(id!)) ? readFileSync(panel.app.tasks.logPath(id!), 'utf8') : '' };
}
async function change(key: string, value: unknown, more: { startAgain?: boolean } = {}) {
  const { text, hash } = await needDaemon(panel.app, SYSTEM);
  return configureDaemon(panel.app, SYSTEM, { text: setValue(text!, [key], value), hash, startAgain: true, ...more }, SHORT);
}
const states = async () => (await listDaemonVersions(panel.app)).map(({ state }) => state);

test('what the engine takes while it runs is told to it, and nothing is restarted', async () => {
  const task = await ended(await change('registry-mirrors', ['https://other.example']));
  expect([task.state, task.error]).toEqual(['done', null]);
  expect(dockerd.did).toEqual(['write', 'reload']);
  expect(task.log).toContain('Reloaded configuration');
  expect([await states(), await readDaemonBegun(panel.app)]).toEqual([['good', 'found'], null]);
});

test('anything else restarts it; what has no policy is started again when that was asked for', async () => {
  const { docker } = panel.app.host;
  const ask = docker.ask;
  const told: string[] = [];
  docker.ask = (call) => (call.method === 'POST' && told.push(call.path), ask(call));
  // Two that a restart stops: the made-up engine itself stops nothing.
  const policy = (name: string) => ask({ method: 'POST', path: `/containers/${name}/update`, body: { RestartPolicy: { Name: name === 'gitea' ? 'no' : 'always', MaximumRetryCount: 0 } } });
  await policy('gitea');
  const restart = dockerd.restart.bind(dockerd);
  Object.assign(dockerd, { restart: async (...args: Parameters<typeof restart>) => (await ask({ method: 'POST', path: '/containers/gitea/stop' }), restart(...args)) });
  const plan = await planDaemon(panel.app, SYSTEM, await needDaemon(panel.app, SYSTEM), '{"mtu": 1400}');
  expect([plan.how, plan.ran.filter(({ starts }) => !starts).map(({ name }) => name)]).toEqual(['restart', ['gitea']]);
  const task = await ended(await change('mtu', 1400));
  expect([task.state, dockerd.did]).toEqual(['done', ['write', 'restart']]);
  expect(told.some((path) => path.endsWith('/start'))).toBe(true);
  told.length = 0;
  expect((await ended(await change('mtu', 1300, { startAgain: false }))).state).toBe('done');
  expect(told.some((path) => path.endsWith('/start'))).toBe(false);
});

test('one that the engine does not start with is taken back by itself, and the log says why', async () => {
  const before = await dockerd.read(PATH);
  const task = await ended(await change('storage-driver', 'floppy'));
  expect([task.state, task.error?.en]).toEqual(['failed', expect.stringContaining('The file of before is back')]);
  expect(task.log).toContain('driver not supported: floppy');
  expect([await dockerd.read(PATH), dockerd.did]).toEqual([before, ['write', 'restart', 'write', 'restart']]);
  expect([await states(), await readDaemonBegun(panel.app)]).toEqual([['failed', 'found'], null]);
});

test('one with which a container does not run again is taken back, too', async () => {
  const { docker } = panel.app.host;
  const ask = docker.ask;
  const restart = dockerd.restart.bind(dockerd);
  Object.assign(dockerd, {
    async restart(...args: Parameters<typeof restart>) {
      await ask({ method: 'POST', path: `/containers/registry/${((await dockerd.read(PATH)) ?? '').includes('"bip"') ? 'stop' : 'start'}` });
      return restart(...args);
    },
  });
  const task = await ended(await change('bip', '10.0.0.1/24'));
  expect([task.state, task.error?.en]).toEqual(['failed', expect.stringContaining('These do not run again: registry.')]);
  expect(await dockerd.read(PATH)).not.toContain('bip');
});

describe('refused', () => {
  test('what is wrong, what changed meanwhile, who may not, and twice at once', async () => {
    const { hash } = await needDaemon(panel.app, SYSTEM);
    const apply = (text: string, base = hash) => configureDaemon(panel.app, SYSTEM, { text, hash: base, startAgain: true }, SHORT);
    expect(await apply('{').catch((error) => error)).toBeInstanceOf(DaemonFault);
    expect(await apply('{"hosts": []}').catch((error) => error)).toBeInstanceOf(DaemonFault);
    expect(await apply('{}', 'a'.repeat(64)).catch(words)).toStartWith('conflict: Somebody has changed the file');
    expect(await apply((await dockerd.read(PATH))!)).toBeNull();
    const operator = { kind: 'user', userId: 'x', name: 'x', role: 'operator', sessionId: null, tokenId: null, ip: '' } as const;
    expect(await configureDaemon(panel.app, operator, { text: '{}', hash, startAgain: true }).catch(words)).toStartWith('denied: ');
    expect(await readDaemon(panel.app, operator).catch(words)).toStartWith('denied: ');
    const first = await change('mtu', 1400);
    expect(await change('mtu', 1300).catch(words)).toStartWith('conflict: ');
    expect((await ended(first)).state).toBe('done');
  });

  test('where the engine is not of this machine', async () => {
    for (const away of ['remote', 'unseen', 'desktop'] as const) {
      Object.assign(dockerd, { find: async () => away });
      expect(await readDaemon(panel.app, SYSTEM)).toBe(away);
      expect(await configureDaemon(panel.app, SYSTEM, { text: '{}', hash: '', startAgain: true }).catch(words)).toStartWith('unsupported: ');
    }
    expect(dockerd.did).toEqual([]);
  });
});

test('without a service that the panel knows, the file is written and the engine left alone', async () => {
  const real = (await dockerd.find('')) as object;
  Object.assign(dockerd, { find: async () => ({ ...real, service: null }) });
  const task = await ended(await change('mtu', 1400));
  expect([task.state, dockerd.did, task.log]).toEqual(['done', ['write'], expect.stringContaining('by hand')]);
  expect(await states()).toEqual(['saved', 'found']);
});

describe('a panel that was killed in the middle', () => {
  const AFTER = '{\n  "mtu": 1400\n}\n';
  const begun = async (phase: Begun['phase'], after = AFTER) => {
    const before = await dockerd.read(PATH);
    await keepDaemonBegun(panel.app, { at: 1, by: 'lin', path: PATH, before, after, how: 'restart', startAgain: true, ran: [], phase });
    return before;
  };
  test.each([
    ['write', false, []], ['write', true, ['restart']], ['tell', true, ['restart']], ['wait', true, []], ['back', true, ['write', 'restart']],
  ] as const)('at "%s" (written: %p) does %p at its next start', async (phase, written, did) => {
    const before = await begun(phase);
    if (written) await dockerd.write(PATH, AFTER);
    dockerd.did.length = 0;
    expect((await ended(await settleDaemon(panel.app, SHORT))).state).toBe('done');
    expect([dockerd.did, await dockerd.read(PATH), await readDaemonBegun(panel.app)]).toEqual([[...did], written && phase !== 'back' ? AFTER : before, null]);
    expect(await settleDaemon(panel.app, SHORT)).toBeNull();
  });
  test('with a file that the engine does not take, returns to the one of before', async () => {
    const bad = '{"storage-driver": "floppy"}';
    const before = await begun('tell', bad);
    await dockerd.write(PATH, bad);
    expect((await ended(await settleDaemon(panel.app, SHORT))).state).toBe('failed');
    expect([await dockerd.read(PATH), await readDaemonBegun(panel.app)]).toEqual([before, null]);
  });
  test('and somebody wrote the file since: it stays', async () => {
    await begun('write');
    await dockerd.write(PATH, '{"debug": true}');
    expect((await ended(await settleDaemon(panel.app, SHORT))).state).toBe('done');
    expect(await dockerd.read(PATH)).toBe('{"debug": true}');
  });
});
