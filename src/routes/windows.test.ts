import { afterAll, beforeAll, expect, test } from 'bun:test';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { NO_OPTIONAL_FEATURES } from '../platform/portable/optional-features.ts';
import { NO_RDP } from '../platform/portable/rdp.ts';
import { NO_REGISTRY } from '../platform/portable/registry.ts';
import { NO_SCHEDULED_TASKS } from '../platform/portable/scheduled-tasks.ts';

/** Pages of what only Windows has: registry, Remote Desktop, scheduled tasks, optional features. */
let t: TestApp;
let admin: Browser;
beforeAll(() => {
  t = testApp();
  admin = t.as('admin');
});
afterAll(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const en = { 'accept-language': 'en' };
const text = async (path: string, who = admin) => (await who.request(path, { headers: en })).text();
const post = (path: string, form: Record<string, string>) => admin.request(path, { form, headers: en });
const SSH = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\OpenSSH';
const query = (key: string, more = '') => `?key=${encodeURIComponent(key)}${more}`;

test('elsewhere than on Windows each page says that there is none, and the navigation leaves them out', async () => {
  const other = testApp();
  const who = other.as('admin');
  // `kind` and drivers are those of a Linux.
  Object.assign(other.app.host, { kind: 'linux', registry: NO_REGISTRY, rdp: NO_RDP, scheduledTasks: NO_SCHEDULED_TASKS, optionalFeatures: NO_OPTIONAL_FEATURES });
  for (const [path, said] of [['/registry', 'Only Windows has a registry'], ['/rdp', 'Remote Desktop is part of Windows'], ['/scheduled-tasks', 'The Task Scheduler is part of Windows'], ['/optional-features', 'Optional features are parts of Windows']] as const) {
    const answer = await who.request(path, { headers: en });
    expect([path, answer.status]).toEqual([path, 200]);
    const html = await answer.text();
    expect(html).toContain(said);
    expect(html).not.toContain('href="/registry"');
  }
  expect((await who.request('/optional-features/optional/NetFx3', { headers: en })).status).toBe(501);
  expect((await who.request(`/registry/export${query(SSH)}`, { headers: en })).status).toBe(501);
  expect(other.errors).toEqual([]);
  await other.close();
});

test('the registry: forms that do not fit are drawn again, and work without JavaScript', async () => {
  const at = { key: SSH, view: '64' };
  expect((await post('/registry/value', { ...at, name: 'n', type: 'REG_DWORD', value: 'many' })).status).toBe(422);
  expect((await post('/registry/value', { ...at, name: 'n', type: 'REG_DWORD', value: '7' })).headers.get('location')).toStartWith('/registry?key=');
  expect(await text(`/registry${query(SSH)}`)).toContain('0x00000007 (7)');
  expect(await text(`/registry/value/edit${query(SSH, '&name=n')}`)).toContain('reg add HKLM\\SOFTWARE\\OpenSSH /v n /t REG_DWORD');
  expect((await post('/registry/value/remove', { ...at, name: 'n' })).status).toBe(303);
  expect((await post('/registry/key', { ...at, name: 'a\\b' })).status).toBe(422);
  expect((await post('/registry/key', { ...at, name: 'a' })).status).toBe(303);
  expect((await post('/registry/key/rename', { ...at, key: `${SSH}\\a`, name: 'b' })).headers.get('location')).toContain('OpenSSH%5Cb');
  expect((await post('/registry/key/remove', { ...at, key: `${SSH}\\b`, confirm: 'a' })).status).toBe(422);
  expect((await post('/registry/key/remove', { ...at, key: `${SSH}\\b`, confirm: 'b' })).status).toBe(303);
  expect((await post('/registry/value', { ...at, key: 'HKLM\\SAM', name: 'n', type: 'REG_SZ', value: '' })).status).toBe(403);
  expect((await post('/registry/value', { key: 'nonsense' })).status).toBe(422);
  expect(await text(`/registry${query('HKLM\\SAM')}`)).toContain('is protected');
  expect(await text(`/registry${query('HKLM\\SYSTEM\\CurrentControlSet\\Control')}`)).toContain('Windows starts and runs by what stands here');
  expect((await admin.request(`/registry${query('HKLM\\none')}`, { headers: en })).status).toBe(404);
});

test('the registry: an import is shown first, and one that no longer fits is shown again', async () => {
  const plan = await (await post('/registry/import/plan', { text: `Windows Registry Editor Version 5.00\n[${SSH}]\n"a"="<b>"`, view: '64' })).text();
  expect(plan).toContain('&lt;b&gt;');
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(plan)?.[1] ?? '';
  const form = { file: field('file'), view: '64', digest: field('digest') };
  await post('/registry/value', { key: SSH, view: '64', name: 'a', type: 'REG_SZ', value: 'other' });
  const late = await post('/registry/import', form);
  expect([late.status, (await late.text()).includes('has changed since')]).toEqual([409, true]);
  expect((await post('/registry/import/plan', { text: 'hello', view: '64' })).status).toBe(422);
  expect((await post('/registry/import', { ...form, digest: 'x' })).status).toBe(422);
  expect(await text('/registry/changes')).toContain('Value set');
});

test('Remote Desktop: commands are shown before, a change waits to be kept, and an operator may look only', async () => {
  const shown = await (await post('/rdp', { on: 'on', nla: 'on', port: '3390', preview: 'on' })).text();
  expect(shown).toContain('name=Mantou-RDP-3390');
  expect((await post('/rdp', { on: 'on', nla: 'on', port: '70000' })).status).toBe(422);
  expect((await post('/rdp', { on: 'on', nla: 'on', port: '22' })).status).toBe(422);
  expect((await post('/rdp', { on: 'on', nla: 'on', port: '3390' })).status).toBe(303);
  expect(await text('/rdp')).toContain('3389 → 3390');
  expect(await text('/rdp', t.as('operator'))).not.toContain('Show commands');
});

test('scheduled tasks: the failed one first, asked before it is run', async () => {
  const html = await text('/scheduled-tasks');
  expect(html.indexOf('Renew certificates')).toBeLessThan(html.indexOf('Backup shop'));
  expect(html).toContain('failed with 0x80070002');
  const path = '\\Microsoft\\Windows\\Defrag\\ScheduledDefrag';
  expect(await text(`/scheduled-tasks/change?${new URLSearchParams({ path, change: 'disable' })}`)).toContain('Windows made this task');
  expect((await post('/scheduled-tasks/change', { path, change: 'disable' })).headers.get('location')).toBe('/scheduled-tasks');
  expect((await post('/scheduled-tasks/change', { path: '\\none', change: 'run' })).status).toBe(404);
});

test('optional features: what waits for a restart first, the name typed before one is turned off, done as a task', async () => {
  const html = await text('/optional-features');
  expect(html).toContain('1 feature waits for a restart');
  expect(html.indexOf('Windows Subsystem for Linux')).toBeLessThan(html.indexOf('.NET Framework 3.5'));
  expect(await text('/optional-features?only=on&q=pdf')).not.toContain('TelnetClient');
  expect(await text('/optional-features?list=server')).toContain('/optional-features/server/Web-WebServer');
  const one = '/optional-features/optional/Printing-PrintToPDFServices-Features';
  expect(await text(one)).toContain(`${one}/disable`);
  expect(await text(one, t.as('operator', 'watcher'))).not.toContain(`${one}/disable`);
  const refused = await post(`${one}/disable`, { confirm: 'printing' });
  expect([refused.status, (await refused.text()).includes('f-confirm-error')]).toEqual([422, true]);
  const confirm = 'Printing-PrintToPDFServices-Features';
  const review = await (await post(`${one}/disable`, { confirm })).text();
  expect(review).toContain('Disable-WindowsOptionalFeature -Online -FeatureName &#39;Printing-PrintToPDFServices-Features&#39; -NoRestart');
  const seen = /name="seen" value="([^"]*)"/.exec(review)![1]!;
  expect((await post(`${one}/disable`, { confirm, do: 'apply', seen: 'x' })).status).toBe(422);
  const started = await post(`${one}/disable`, { confirm, do: 'apply', seen });
  const at = started.headers.get('location')!;
  expect([started.status, at.startsWith('/tasks/')]).toEqual([303, true]);
  await t.app.tasks.settled(at.slice('/tasks/'.length));
  expect(await text(one)).toContain(`${one}/enable`);
  for (const [path, status] of [['optional/None-Such', 404], ['optional/-x', 404], ['other/NetFx3', 404], ['optional/NetFx4/enable', 409], ['optional/NetFx4/disable', 200]] as const) expect([path, (await admin.request(`/optional-features/${path}`)).status]).toEqual([path, status]);
  expect((await post('/optional-features/optional/NetFx4/disable', { confirm: 'NetFx4' })).status).toBe(501);
  expect(await text('/optional-features/optional/NetFx4')).not.toContain('/disable');
});
