import { afterEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { audit } from '../db/schema/audit.ts';
import { NOT_HERE } from '../platform/portable/not-here.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});
const did = () => (panel.app.host as unknown as { did: string[] }).did;
const sealIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '';
const CHANGES: Record<string, Record<string, string>> = {
  hostname: { name: 'web-1', pretty: '' }, 'time-zone': { zone: 'Europe/Berlin' }, 'clock-sync': { to: 'off' }, locale: { locale: 'zh_CN.UTF-8' }, dns: { servers: '9.9.9.9', search: '' },
  'swap/new': { size: '1024' }, 'swap/remove': { path: '/swapfile' }, 'swap/swappiness': { swappiness: '10' }, 'power/schedule': { action: 'reboot', when: '+90', message: 'x' },
};

describe('refusals', () => {
  test('S6 viewers look, only administrators change', async () => {
    start();
    for (const role of ['viewer', 'operator'] as const) {
      const browser = panel.as(role);
      for (const path of ['', '/network', '/swap', '/power']) {
        const answer = await browser.request(`/system${path}`);
        expect([answer.status, /href="\/system\/(hostname|dns|swap\/|power\/)/.test(await answer.text())]).toEqual([200, false]);
      }
      for (const [path, form] of Object.entries(CHANGES)) expect([path, (await browser.request(`/system/${path}`, { form })).status]).toEqual([path, 403]);
    }
    expect(did()).toEqual([]);
  });

  test('S1 S2 S3 what does not fit is said beside its field, and nothing runs', async () => {
    start();
    const admin = panel.as('admin');
    const wrong: [string, Record<string, string>, string][] = [
      ...['-x', 'a_b', 'a..b', 'x'.repeat(65), '1.2.3.4', 'a\nb', ''].map((name): [string, Record<string, string>, string] => ['hostname', { name, pretty: '' }, 'f-name-error']),
      ['hostname', { name: 'a', pretty: 'a\u0007' }, 'f-pretty-error'],
      ...['../../etc/passwd', '-x', 'Asia/Nowhere'].map((zone): [string, Record<string, string>, string] => ['time-zone', { zone }, 'f-zone-error']),
      ...['xx', '$(x)'].map((locale): [string, Record<string, string>, string] => ['locale', { locale }, 'f-locale-error']),
      ...['', 'x', '1.1.1.1 2.2.2.2 3.3.3.3 4.4.4.4', 'fe80::1%eth0', '1.1.1.1;x'].map((servers): [string, Record<string, string>, string] => ['dns', { servers, search: '' }, 'f-servers-error']),
      ['dns', { servers: '1.1.1.1', search: '-x' }, 'f-search-error'],
      ...['', '63', '1.5', 'x', '1e9'].map((size): [string, Record<string, string>, string] => ['swap/new', { size }, 'f-size-error']),
      ...['', '-1', '201'].map((swappiness): [string, Record<string, string>, string] => ['swap/swappiness', { swappiness }, 'f-swappiness-error']),
      ...['', 'now', '+0', '24:00', '+99999'].map((when): [string, Record<string, string>, string] => ['power/schedule', { action: 'reboot', when, message: '' }, 'f-when-error']),
      ['power/schedule', { action: 'reboot', when: '+5', message: '-h' }, 'f-message-error'],
    ];
    for (const [path, form, id] of wrong) {
      const answer = await admin.request(`/system/${path}`, { form });
      expect([path, form, answer.status, (await answer.text()).includes(id)]).toEqual([path, form, 422, true]);
    }
    expect((await admin.request('/system/swap/remove', { form: { path: '/etc/passwd' } })).status).toBe(404);
    expect((await admin.request('/system/swap/new', { form: { size: '200000' } })).status).toBe(422);
    expect(did()).toEqual([]);
    expect(panel.app.db.select().from(audit).all()).toEqual([]);
  });

  test('nothing is done that was not shown', async () => {
    start();
    const admin = panel.as('admin');
    for (const [path, form] of Object.entries(CHANGES)) expect([path, [409, 422].includes((await admin.request(`/system/${path}`, { form: { ...form, do: 'apply', seen: '0'.repeat(64) } })).status)]).toEqual([path, true]);
    expect(did()).toEqual([]);
  });
});

test('each change: shown first, then done, and in the log with its commands', async () => {
  start();
  const admin = panel.as('admin');
  for (const [path, form] of Object.entries(CHANGES)) {
    const shown = await (await admin.request(`/system/${path}`, { form })).text();
    const done = await admin.request(`/system/${path}`, { form: { ...form, do: 'apply', seen: sealIn(shown) } });
    expect([path, done.status]).toEqual([path, 303]);
    const task = /^\/tasks\/(.+)$/.exec(done.headers.get('location')!)?.[1];
    if (task) await panel.app.tasks.settled(task);
  }
  const entries = panel.app.db.select().from(audit).all();
  expect(entries.map(({ action, result }) => `${action} ${result}`)).toEqual(['system.hostname', 'system.time_zone', 'system.clock_sync', 'system.locale', 'system.dns', 'system.swap_add', 'system.swap_remove', 'system.swappiness', 'power.schedule'].map((action) => `${action} ok`));
  expect(entries.every(({ commands }) => commands.length > 0)).toBe(true);
  const pages = await Promise.all(['', '/network', '/swap', '/power'].map(async (path) => (await admin.request(`/system${path}`)).text()));
  for (const text of ['web-1', 'Europe/Berlin', 'zh_CN.UTF-8']) expect(pages[0]).toContain(text);
  expect([pages[1]!.includes('9.9.9.9'), pages[2]!.includes('/swapfile2'), pages[3]!.includes('Restarts at')]).toEqual([true, true, true]);
  // Asked for anew at once, not when the minute is over.
  expect((await panel.app.host.identity.read()).name).toBe('web-1');
});

test('a system on which this cannot be changed shows what it knows and says why', async () => {
  start();
  for (const [name, driver] of Object.entries(NOT_HERE)) if (name !== 'accounts' && name !== 'packages') Object.assign((panel.app.host as unknown as Record<string, object>)[name]!, driver);
  const admin = panel.as('admin');
  for (const path of ['', '/network', '/swap', '/power']) {
    const answer = await admin.request(`/system${path}`);
    expect([path, answer.status, (await answer.text()).includes('does not change this on this operating system')]).toEqual([path, 200, true]);
  }
  for (const [path, form] of Object.entries(CHANGES)) expect([path, (await admin.request(`/system/${path}`, { form })).status]).toEqual([path, 501]);
});

test('the reasons for a restart stand where one is planned', async () => {
  start();
  const html = await (await panel.as('admin').request('/system/power')).text();
  for (const text of ['linux-image-6.1.0-26-amd64', '/system/power/schedule', 'power-reboot']) expect(html).toContain(text);
});
