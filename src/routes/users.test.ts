import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { SYSTEM } from '../core/app.ts';
import { verifyPassword } from '../core/users/password.ts';
import { findUserByName, listUsers, removeUser, setDisabled, setRole } from '../core/users/users.ts';
import { audit } from '../db/schema/audit.ts';

let t: TestApp;
let admin: Browser;

beforeEach(() => {
  t = testApp();
  admin = t.as('admin');
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const post = (path: string, form: Record<string, string> = {}) => admin.request(path, { form, headers: { 'accept-language': 'en' } });
const people = () => listUsers(t.app, SYSTEM).map(({ name, role, disabled }) => `${name} ${role}${disabled ? ' off' : ''}`);
const isIn = async (browser: Browser) => (await browser.request('/account')).status === 200;

describe('the last administrator', () => {
  test('can be neither demoted, disabled nor removed, not even by the command line', () => {
    const userId = admin.userId;
    expect(() => setRole(t.app, SYSTEM, { userId, role: 'viewer' })).toThrow();
    expect(() => setDisabled(t.app, SYSTEM, { userId, disabled: true })).toThrow();
    expect(() => removeUser(t.app, SYSTEM, { userId, confirm: 'admin' })).toThrow();
    expect(people()).toEqual(['admin admin']);
  });

  test('a disabled one does not count as another', async () => {
    const second = t.as('admin', 'second');
    expect((await post(`/users/${second.userId}/disable`)).status).toBe(303);
    expect((await post(`/users/${admin.userId}/role`, { role: 'viewer' })).status).toBe(422);
    expect((await post(`/users/${second.userId}/enable`)).status).toBe(303);
    expect((await post(`/users/${admin.userId}/role`, { role: 'viewer' })).status).toBe(303);
    expect(people()).toEqual(['admin viewer', 'second admin']);
  });

  test('two who demote each other at the same moment leave one', async () => {
    const second = t.as('admin', 'second');
    await Promise.all([
      post(`/users/${second.userId}/role`, { role: 'viewer' }),
      second.request(`/users/${admin.userId}/role`, { form: { role: 'viewer' } }),
    ]);
    expect(people().filter((line) => line.endsWith('admin'))).toHaveLength(1);
  });
});

describe('adding', () => {
  test('with a typed password, or with one that is made and shown once', async () => {
    const typed = await post('/users', { name: 'lin', role: 'operator', password: 'bamboo steamer hill' });
    expect(typed.headers.get('location')).toMatch(/^\/users\/[\w-]+\?done=created$/);
    const html = await (await post('/users', { name: 'eva', role: 'viewer', password: '' })).text();
    const made = /id="generated-password" value="([a-z2-9-]{24})"/.exec(html)![1]!;
    expect(await verifyPassword(made, findUserByName(t.app, 'eva')!.passwordHash)).toBe(true);
    expect(people()).toEqual(['admin admin', 'eva viewer', 'lin operator']);
    expect(JSON.stringify(t.app.db.select().from(audit).all())).not.toContain(made);
  });

  test('a name that exists in any case, a role that does not, a weak password: the same form, with what was typed', async () => {
    for (const [form, text] of [
      [{ name: 'ADMIN', role: 'viewer', password: '' }, 'already a user ADMIN'],
      [{ name: 'eva', role: 'root', password: '' }, 'The roles are'],
      [{ name: 'eva', role: 'viewer', password: 'password123' }, 'first that are tried'],
    ] as const) {
      const answer = await post('/users', form);
      expect(answer.status).toBe(422);
      const html = await answer.text();
      expect(html).toContain(text);
      expect(html).toContain(`value="${form.name}"`);
    }
    expect(people()).toEqual(['admin admin']);
  });
});

describe('S10 what ends sessions', () => {
  test('role, disabling, password, second factor, deleting and "end sessions" do, at once', async () => {
    const acts: [string, Record<string, string>][] = [
      ['role', { role: 'operator' }], ['disable', {}], ['password', { password: 'bamboo steamer hill' }], ['password', { password: '' }],
      ['second-factor/reset', {}], ['sessions/end', {}], ['remove', {}],
    ];
    for (const [i, [path, form]] of acts.entries()) {
      const name = `user${i}`;
      const user = t.as('viewer', name);
      expect(await isIn(user)).toBe(true);
      const answer = await post(`/users/${user.userId}/${path}`, path === 'remove' ? { confirm: name } : form);
      expect([path, answer.status]).toEqual([path, path === 'password' && !form.password ? 200 : 303]);
      expect([path, await isIn(user)]).toEqual([path, false]);
    }
  });

  test('the same role again ends nothing', async () => {
    const user = t.as('viewer', 'lin');
    await post(`/users/${user.userId}/role`, { role: 'viewer' });
    expect(await isIn(user)).toBe(true);
  });
});

test('deleting needs the name, typed', async () => {
  const user = t.as('viewer', 'lin');
  const refused = await post(`/users/${user.userId}/remove`, { confirm: 'Lin' });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('Type lin exactly');
  expect((await post(`/users/${user.userId}/remove`, { confirm: 'lin' })).headers.get('location')).toBe('/users?done=removed');
  expect((await admin.request(`/users/${user.userId}`)).status).toBe(404);
});

test('an administrator cannot use this page to go around their own password', async () => {
  t.as('admin', 'second');
  for (const [path, form] of [['password', { password: 'bamboo steamer hill' }], ['password', { password: '' }], ['second-factor/reset', {}], ['disable', {}], ['remove', { confirm: 'admin' }]] as const) {
    expect([path, (await post(`/users/${admin.userId}/${path}`, form)).status]).toEqual([path, 422]);
  }
  expect(await isIn(admin)).toBe(true);
});

test('every act is in the audit log with who, on whom and from where', async () => {
  const user = t.as('viewer', 'lin');
  await post(`/users/${user.userId}/role`, { role: 'operator' });
  await post(`/users/${user.userId}/disable`);
  const rows = t.app.db.select().from(audit).all();
  expect(rows.map(({ actor, action, target, ip, params }) => ({ actor, action, target, ip, params }))).toEqual([
    { actor: 'admin', action: 'users.role', target: 'lin', ip: '127.0.0.1', params: { from: 'viewer', to: 'operator' } },
    { actor: 'admin', action: 'users.disable', target: 'lin', ip: '127.0.0.1', params: {} },
  ]);
});

test('a long and a Chinese name are shown whole and lead to their page', async () => {
  for (const name of ['名'.repeat(64), 'a'.repeat(64)]) {
    const user = t.as('viewer', name);
    expect(await (await admin.request('/users')).text()).toContain(`href="/users/${user.userId}"`);
    expect(await (await admin.request(`/users/${user.userId}`)).text()).toContain(name);
  }
});
