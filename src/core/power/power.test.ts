import { afterEach, expect, test } from 'bun:test';
import { testApp, type TestApp, type TestOptions } from '../../../test/support/app.ts';
import { until } from '../../../test/support/until.ts';
import { audit } from '../../db/schema/audit.ts';
import { createFakeHost } from '../../platform/fake/host.ts';
import { en } from '../../i18n/en.ts';
import { SYSTEM, type Actor } from '../app.ts';
import { listPower, runPower } from './power.ts';

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});
function setUp(options: TestOptions = {}) {
  const host = createFakeHost();
  const t = testApp({ ...options, app: { host, ...options.app } });
  apps.push(t);
  return { ...t, ran: host.power.ran, entries: () => t.app.db.select().from(audit).all() };
}
const NAME = 'demo-01';
const operator: Actor = { kind: 'user', userId: 'u', name: 'op', role: 'operator', sessionId: null, tokenId: null, ip: '::1' };

test('refused: another role, another name, a machine that cannot', async () => {
  const t = setUp();
  await expect(runPower(t.app, operator, 'reboot', NAME)).rejects.toMatchObject({ code: 'denied' });
  for (const confirm of ['', 'demo', 'demo-011']) await expect(runPower(t.app, SYSTEM, 'reboot', confirm)).rejects.toMatchObject({ code: 'invalid', field: 'confirm' });
  expect(t.ran).toEqual([]);
  expect(t.entries()).toEqual([]);
  const host = createFakeHost();
  const container = setUp({ app: { host: { ...host, power: { ...host.power, refusal: async () => (m) => m.power.refusals.container({ container: 'docker', init: 'sh' }) } } } });
  await expect(runPower(container.app, SYSTEM, 'shutdown', NAME)).rejects.toMatchObject({ code: 'unsupported' });
  expect(container.entries()).toMatchObject([{ action: 'power.shutdown', result: 'refused', commands: [] }]);
  expect((await listPower(container.app)).find(({ action }) => action === 'reboot')!.refusal!(en)).toContain('docker');
});

test('a tool that fails is in the log as failed, and its words reach the person', async () => {
  const host = createFakeHost();
  const t = setUp({ app: { host: { ...host, power: { ...host.power, run: async () => { throw new Error('systemctl: access denied'); } } } } });
  await expect(runPower(t.app, SYSTEM, 'reboot', NAME)).rejects.toThrow('access denied');
  expect(t.entries().map(({ result }) => result)).toEqual(['ok', 'failed']);
});

test('a reboot is written down with its command before it happens', async () => {
  const t = setUp();
  await runPower(t.app, SYSTEM, 'reboot', ` ${NAME} `);
  expect(t.ran).toEqual(['reboot']);
  expect(t.entries()).toMatchObject([{ action: 'power.reboot', target: NAME, result: 'ok', commands: ['systemctl reboot'] }]);
});

test('the panel restarts after the answer; in the demo it says why not', async () => {
  const t = setUp();
  await runPower(t.app, SYSTEM, 'restart', NAME);
  expect(t.restarts).toEqual([]);
  await until(() => t.restarts.length > 0);
  expect(t.restarts).toHaveLength(1);
  const demo = setUp({ panel: { restartRefusal: () => 'demo' } });
  await expect(runPower(demo.app, SYSTEM, 'restart', NAME)).rejects.toMatchObject({ code: 'unsupported' });
  expect((await listPower(demo.app))[0]).toMatchObject({ action: 'restart', commands: ['exec mantou serve'] });
});
