import { afterEach, describe, expect, test } from 'bun:test';
import { audit } from '../db/schema/audit.ts';
import type { FakeHost } from '../platform/fake/host.ts';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { until } from '../../test/support/until.ts';

let panel: TestApp;
const start = (...options: Parameters<typeof testApp>) => (panel = testApp(...options));
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const NAME = 'demo-01';
const ran = () => (panel.app.host as FakeHost).power.ran;
const PATHS = ['/power/panel', '/power/reboot', '/power/shutdown'];
const actions = () => panel.app.db.select().from(audit).all().filter((row) => row.action.startsWith('power.'));

describe('refusals', () => {
  test.each(PATHS)('S6 %s asks for an administrator', async (path) => {
    start();
    panel.as('admin');
    expect((await panel.request(path, { form: { confirm: NAME } })).headers.get('location')).toBe('/signin');
    for (const role of ['viewer', 'operator'] as const) {
      expect((await panel.as(role).request(path, { form: { confirm: NAME } })).status).toBe(403);
    }
    expect([ran(), panel.restarts]).toEqual([[], []]);
  });

  test.each(PATHS)('S7 %s is not taken from another page', async (path) => {
    start();
    const answer = await panel.as('admin').request(path, { form: { confirm: NAME }, headers: { origin: 'http://evil.example' } });
    expect(answer.status).toBe(403);
    expect([ran(), panel.restarts]).toEqual([[], []]);
  });

  test.each(PATHS)('%s wants the name typed exactly: else the question comes back with 422', async (path) => {
    start();
    const browser = panel.as('admin');
    for (const confirm of ['', 'demo', 'DEMO-01', 'demo-011']) {
      const answer = await browser.request(path, { form: { confirm } });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain('Type demo-01, the name of this server, to confirm.');
    }
    const htmx = await browser.request(path, { form: { confirm: 'x' }, headers: { 'hx-request': 'true' } });
    expect([htmx.status, htmx.headers.get('hx-trigger')]).toEqual([422, expect.stringContaining('demo-01')]);
    expect(ran()).toEqual([]);
    expect(actions()).toEqual([]);
  });

  test('where it is not possible the entry says why, and the route does too', async () => {
    start({ panel: { restartRefusal: () => 'demo' } });
    panel.app.host.power.refusal = async () => (t) => t.power.refusals.notRoot({ container: '', init: '' });
    const browser = panel.as('admin');
    const html = await (await browser.request('/')).text();
    expect(html).toContain('aria-disabled="true" aria-describedby="why-reboot"');
    expect(html).toContain('The panel does not run as root');
    expect(html).toContain('This is a demo: the panel does not restart.');
    expect(html).not.toContain('id="power-reboot"');
    for (const path of PATHS) expect((await browser.request(path, { form: { confirm: NAME } })).status).toBe(501);
    expect([ran(), panel.restarts]).toEqual([[], []]);
    expect(actions().map((row) => row.result)).toEqual(['refused', 'refused', 'refused']);
  });
});

test('the dialog says what will run and what it costs', async () => {
  start();
  const html = await (await panel.as('admin').request('/')).text();
  for (const part of ['systemctl reboot', 'systemctl poweroff', 'exec mantou serve', 'of uptime end', 'processes end', 'data-confirm="demo-01"']) expect(html).toContain(part);
});

test('reboot and shutdown run after the answer was given a moment, and are audited with their commands', async () => {
  start();
  const browser = panel.as('admin', 'lin');
  const plain = await browser.request('/power/reboot', { form: { confirm: NAME } });
  expect([plain.status, plain.headers.get('refresh')]).toEqual([200, '60; url=/']);
  expect(await plain.text()).toContain('The server is restarting');
  const htmx = await browser.request('/power/shutdown', { form: { confirm: NAME }, headers: { 'hx-request': 'true' } });
  expect(htmx.status).toBe(204);
  await until(() => ran().length === 2);
  expect(ran()).toEqual(['reboot', 'shutdown']);
  expect(actions().map((row) => [row.actor, row.action, row.target, row.result, row.commands])).toEqual([
    ['lin', 'power.reboot', NAME, 'ok', ['systemctl reboot']],
    ['lin', 'power.shutdown', NAME, 'ok', ['systemctl poweroff']],
  ]);
});

test('the panel restarts after its answer', async () => {
  start();
  const answer = await panel.as('admin').request('/power/panel', { form: { confirm: NAME } });
  expect([answer.status, answer.headers.get('refresh')]).toEqual([200, '4; url=/']);
  await until(() => panel.restarts.length === 1);
});
