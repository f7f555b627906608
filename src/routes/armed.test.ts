import { afterEach, describe, expect, test } from 'bun:test';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listAudit } from '../../test/support/audit.ts';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { SYSTEM } from '../core/app.ts';
import { applyArmed, arm, listArmed } from '../core/armed/armed.ts';
import { lookAtArmed } from '../core/armed/tend.ts';

let panel: TestApp;
let admin: Browser;
function start() {
  panel = testApp();
  admin = panel.as('admin', 'lin');
  return panel;
}
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const undone: string[] = [];
const armFirewall = (target = 'close port 443') =>
  applyArmed(panel.app, SYSTEM, { noun: 'firewall', target, revert: [{ run: ['/usr/sbin/ufw', 'delete', 'deny', '443/tcp'] }], undo: () => void undone.push(target) }, async () => {});
const read = async (path = '/settings', who = admin) => (await who.request(path, { headers: { 'accept-language': 'en' } })).text();
const post = (path: string, fields = {}) => admin.request(path, { form: { next: '/processes', ...fields } });
const actions = () => listAudit(panel.app).map(({ action, result }) => `${action} ${result}`).filter((text) => text.startsWith('armed'));

describe('refusals', () => {
  test('S6 operators see no armed change and keep none', async () => {
    start();
    const { id } = await armFirewall();
    const operator = panel.as('operator');
    expect(await read('/tasks', operator)).not.toContain('close port 443');
    for (const act of ['keep', 'revert', 'dismiss']) expect((await operator.request(`/armed/${id}/${act}`, { form: {} })).status).toBe(403);
    expect(listArmed(panel.app)).toHaveLength(1);
  });

  test('S4 ids that are none are not found', async () => {
    start();
    for (const id of ['x', '..%2F..%2Fmantou', '00000000-0000-0000-0000-000000000000']) for (const act of ['keep', 'revert', 'dismiss']) expect((await post(`/armed/${id}/${act}`)).status).toBe(404);
  });

  test('a second change of the noun waits for the first, one of another does not', async () => {
    start();
    await armFirewall();
    const refused = await armFirewall('close port 22').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'conflict' });
    await arm(panel.app, SYSTEM, { noun: 'ssh', target: 'port 2222', revert: [] });
    expect(listArmed(panel.app).map(({ target }) => target)).toEqual(['close port 443', 'port 2222']);
  });

  test('S7 the way back leads to pages of the panel only', async () => {
    start();
    const { id } = await armFirewall();
    expect((await post(`/armed/${id}/keep`, { next: '//elsewhere' })).headers.get('location')).toBe('/');
  });
});

test('every page says what is armed and when it reverts; Keep ends that', async () => {
  start();
  const { id, until } = await armFirewall();
  for (const path of ['/', '/processes', '/settings', '/armed']) {
    const html = await read(path);
    expect(html).toContain('Firewall: close port 443.');
    expect(html).toContain(`data-until="${until}"`);
    expect(html).toContain('/usr/sbin/ufw delete deny 443/tcp');
  }
  const answer = await post(`/armed/${id}/keep`);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/processes']);
  expect(await read()).not.toContain('close port 443');
  panel.clock.advance(120_000);
  await lookAtArmed(panel.app);
  expect([undone, actions()]).toEqual([[], ['armed.arm ok', 'armed.keep ok']]);
  expect((await post(`/armed/${id}/keep`)).status).toBe(404);
});

test('nobody keeps it: it reverts, every page says so until it was seen, and who is late is told', async () => {
  start();
  const { id } = await armFirewall('left alone');
  panel.clock.advance(59_000);
  await lookAtArmed(panel.app);
  expect(undone).not.toContain('left alone');
  panel.clock.advance(1000);
  await lookAtArmed(panel.app);
  expect(undone).toContain('left alone');
  expect(await read('/processes')).toContain('as nobody kept it.');
  const late = await post(`/armed/${id}/keep`);
  expect([late.status, (await late.text()).includes('left alone')]).toEqual([409, true]);
  await post(`/armed/${id}/dismiss`);
  expect(await read('/processes')).not.toContain('left alone');
  expect(actions()).toEqual(['armed.arm ok', 'armed.revert ok']);
});

test('a revert that nobody dismisses is shown for a day', async () => {
  start();
  await armFirewall('of yesterday');
  panel.clock.advance(60_000);
  await lookAtArmed(panel.app);
  panel.clock.advance(25 * 3_600_000);
  await lookAtArmed(panel.app);
  expect(await read()).not.toContain('of yesterday');
});

test('“Revert now” reverts now', async () => {
  start();
  const { id } = await armFirewall('not wanted');
  await post(`/armed/${id}/revert`);
  expect(undone).toContain('not wanted');
  expect(await read()).not.toContain('not wanted');
  expect(actions()).toEqual(['armed.arm ok', 'armed.revert ok']);
});

test('a change that cannot be made is reverted at once', async () => {
  start();
  const failing = applyArmed(panel.app, SYSTEM, { noun: 'ssh', target: 'port 2222', revert: [], undo: () => void undone.push('ssh') }, async () => {
    throw new Error('no such tool');
  });
  expect(await failing.catch(String)).toBe('Error: no such tool');
  expect([undone.includes('ssh'), listArmed(panel.app)]).toEqual([true, []]);
});

test('what is still being made cannot be kept; and what was reverted meanwhile is taken back whole', async () => {
  start();
  const steps: string[] = [];
  const making = applyArmed(panel.app, SYSTEM, { noun: 'firewall', target: 'slow', revert: [], undo: () => void steps.push('undo') }, async () => {
    const { id } = listArmed(panel.app)[0]!;
    expect((await post(`/armed/${id}/keep`)).status).toBe(409);
    panel.clock.advance(60_000);
    await lookAtArmed(panel.app);
    steps.push('made');
  });
  expect(await making.catch((error: unknown) => error)).toMatchObject({ code: 'conflict' });
  expect(steps).toEqual(['undo', 'made', 'undo']);
});

test('what is armed and not made yet cannot be kept, and reverts', async () => {
  start();
  const { id } = await arm(panel.app, SYSTEM, { noun: 'ssh', target: 'not made', revert: [], undo: () => void undone.push('not made') });
  expect((await post(`/armed/${id}/keep`)).status).toBe(409);
  panel.clock.advance(60_000);
  await lookAtArmed(panel.app);
  expect(undone).toContain('not made');
});

test('after a change of the firewall whoever comes has to come in anew; no other change asks for that', async () => {
  start();
  let renewed = 0;
  Object.assign(panel.app.panel, { renewConnections: async () => void renewed++ });
  for (const noun of ['ssh', 'firewall'] as const) await applyArmed(panel.app, SYSTEM, { noun, target: noun, revert: [] }, async () => {});
  expect(renewed).toBe(1);
});

test('of a panel that died in the moment that somebody kept it, the next one finishes that', async () => {
  start();
  const { id } = await armFirewall('kept and killed');
  const folder = join(panel.app.config.dataDir, 'armed');
  renameSync(join(folder, `${id}.json`), join(folder, `${id}.kept.json`));
  panel.clock.advance(120_000);
  await lookAtArmed(panel.app);
  expect([undone.includes('kept and killed'), actions()]).toEqual([false, ['armed.arm ok', 'armed.keep ok']]);
});

test('what a watchdog reverted while the panel was dead becomes part of the audit log, with what failed', async () => {
  start();
  const folder = join(panel.app.config.dataDir, 'armed');
  const id = panel.app.random.id();
  mkdirSync(folder, { recursive: true });
  const steps = [{ text: '/bin/false', ok: false, detail: 'exit 1: <b>no</b>' }, { text: 'write /etc/x', ok: true, detail: '' }];
  writeFileSync(join(folder, `${id}.result.json`), JSON.stringify({ id, noun: 'ssh', target: 'port 2222', by: 'lin', armedAt: 1, seconds: 60, endedAt: panel.clock.now(), reason: 'time', steps }));
  await lookAtArmed(panel.app);
  const html = await read();
  for (const text of ['SSH server: port 2222.', 'One step failed:', '&lt;b&gt;no&lt;/b&gt;']) expect(html).toContain(text);
  expect(listAudit(panel.app).at(-1)).toMatchObject({ actor: 'system', action: 'armed.revert', result: 'failed', commands: ['/bin/false', 'write /etc/x'] });
  await lookAtArmed(panel.app);
  expect(actions()).toHaveLength(1);
});

test('the seconds are a setting', async () => {
  start();
  expect((await admin.request('/settings/armed-changes', { form: { armedSeconds: '5' } })).status).toBe(303);
  expect((await armFirewall()).seconds).toBe(5);
  expect((await admin.request('/settings/armed-changes', { form: { armedSeconds: '4' } })).status).toBe(422);
});
