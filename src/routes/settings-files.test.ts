import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { ORIGIN, testApp, type TestApp } from '../../test/support/app.ts';
import { SYSTEM } from '../core/app.ts';
import { readSettings } from '../core/settings/change.ts';
import { getSetting } from '../core/settings/settings.ts';
import { createToken } from '../core/tokens/tokens.ts';
import { audit } from '../db/schema/audit.ts';

let t: TestApp;
beforeEach(() => void (t = testApp()));
afterEach(() => t.close());

const htmx = { 'hx-request': 'true', origin: ORIGIN };
const KEPT = { filesRootsAdmin: '/', filesRootsOperator: '', filesRootsViewer: '', trashDays: '30', versionsKept: '20', versionsMiB: '512', uploadHours: '72', uploadGiB: '0' };

describe('refused', () => {
  test('S6 those who are no administrators', async () => {
    for (const role of ['viewer', 'operator'] as const) expect((await t.as(role).request('/settings/files', { form: KEPT })).status).toBe(403);
  });

  test.each([['srv/www'], ['/srv/../etc'], ['C:\\Windows'], ['~'], ['/a\0b']])('S4 %p is no root: the form comes back, with what was typed', async (root) => {
    const answer = await t.as('admin').request('/settings/files', { headers: htmx, form: { ...KEPT, filesRootsOperator: `/srv\n${root}` } });
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(html).toContain('is no absolute path of this machine');
    expect(html).toContain('aria-invalid="true"');
    expect(getSetting(t.app, 'filesRootsOperator')).toEqual([]);
    expect(t.app.db.select().from(audit).all()).toEqual([]);
  });

  test.each([['trashDays', '-1'], ['trashDays', '3651'], ['versionsKept', '101'], ['versionsMiB', '1e9'], ['uploadHours', '0'], ['uploadGiB', 'x'], ['uploadGiB', '1.5']])('%s of %s', async (field, value) => {
    const answer = await t.as('admin').request('/settings/files', { headers: htmx, form: { ...KEPT, [field]: value } });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('Enter a whole number from');
  });

  test('more roots than 64', async () => {
    const many = Array.from({ length: 65 }, (_, i) => `/srv/${i}`).join('\n');
    expect((await t.as('admin').request('/settings/files', { headers: htmx, form: { ...KEPT, filesRootsViewer: many } })).status).toBe(422);
  });
});

test('roots are one path on each line, in their one spelling and each once; the role sees them at once', async () => {
  const operator = t.as('operator');
  expect(await (await operator.request('/files')).text()).toContain('No folders are open to your role');
  const answer = await t.as('admin').request('/settings/files', { headers: htmx, form: { ...KEPT, filesRootsOperator: ' /usr/lib/ \r\n\r\n/usr//lib\n/etc', trashDays: '0', fetchPrivate: 'on' } });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('/usr/lib\n/etc');
  expect(getSetting(t.app, 'filesRootsOperator')).toEqual(['/usr/lib', '/etc']);
  expect([getSetting(t.app, 'trashDays'), getSetting(t.app, 'fetchPrivate')]).toEqual([0, true]);
  expect(t.app.db.select().from(audit).all()).toMatchObject([
    { action: 'settings.change', params: { before: { filesRootsOperator: [], trashDays: 30, fetchPrivate: false }, after: { filesRootsOperator: ['/usr/lib', '/etc'], trashDays: 0, fetchPrivate: true } } },
  ]);
  const roots = await (await operator.request('/files')).text();
  for (const root of ['/usr/lib', '/etc']) expect(roots).toContain(`href="/files?path=${root}"`);
});

test('what was saved can be taken back, lists too', async () => {
  const { request } = t.as('admin');
  const answer = await request('/settings/files', { headers: htmx, form: { ...KEPT, filesRootsViewer: '/srv\n/var/log' } });
  const back = async (html: string) => {
    const fields = [...html.split('hx-swap-oob')[1]!.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map((match): [string, string] => [match[1]!, match[2]!]);
    return request('/settings/files', { method: 'POST', headers: htmx, body: new URLSearchParams(fields) });
  };
  const undone = await back(await answer.text());
  expect(getSetting(t.app, 'filesRootsViewer')).toEqual([]);
  await back(await undone.text());
  expect(getSetting(t.app, 'filesRootsViewer')).toEqual(['/srv', '/var/log']);
});

test('the API reads and changes the same', async () => {
  const admin = t.as('admin');
  const { token } = createToken(t.app, SYSTEM, { userId: admin.userId, name: 'script', role: 'admin', expiresInDays: 1 });
  const call = (body?: unknown) =>
    t.request('/api/v1/settings', { method: body ? 'PATCH' : 'GET', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
  expect((await call({ filesRootsOperator: ['relative'] })).status).toBe(422);
  expect((await call({ filesRootsOperator: '/srv' })).status).toBe(422);
  expect(await (await call({ filesRootsOperator: ['/srv/'], uploadGiB: 5 })).json()).toMatchObject({ filesRootsOperator: ['/srv'], uploadGiB: 5, trashDays: 30 });
  expect(await (await call()).json()).toEqual(readSettings(t.app, SYSTEM));
});
