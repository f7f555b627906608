import { afterEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { audit } from '../../db/schema/audit.ts';
import type { FakeAccounts } from '../../platform/fake/accounts.ts';
import type { HostAccount } from '../../platform/accounts.ts';
import { SYSTEM, type Actor } from '../app.ts';
import { changeAccount, listAccounts, planAccount } from './accounts.ts';
import { isWayIn, shutsOut, type Door } from './guard.ts';
import { KeyLine, NewAccount, NewAccountName } from './input.ts';
import { changeKeys, createAccount } from './keys.ts';

let t: TestApp;
const start = () => (t = testApp());
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});
const ran = () => (t.app.host.accounts as FakeAccounts).ran;
const entries = () => t.app.db.select().from(audit).all();
const actor = (role: 'operator' | 'viewer'): Actor => ({ kind: 'user', userId: 'u', name: role, role, sessionId: null, tokenId: null, ip: '::1' });
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x lin@laptop';
const made = (name: string, more = {}) => NewAccount.parse({ name, shell: '/bin/bash', ...more });

test('S6 refused: whoever is no administrator sees nothing and changes nothing', async () => {
  start();
  for (const role of ['operator', 'viewer'] as const) {
    await expect(listAccounts(t.app, actor(role))).rejects.toMatchObject({ code: 'denied' });
    await expect(changeAccount(t.app, actor(role), { kind: 'lock', name: 'deploy' })).rejects.toMatchObject({ code: 'denied' });
    await expect(createAccount(t.app, actor(role), made('mei'))).rejects.toMatchObject({ code: 'denied' });
    await expect(changeKeys(t.app, actor(role), 'lin', { add: KEY })).rejects.toMatchObject({ code: 'denied' });
  }
  expect([ran(), entries()]).toEqual([[], []]);
});

test('refused: what is there already, a shell that is none, root, those of packages', async () => {
  start();
  await expect(createAccount(t.app, SYSTEM, made('lin'))).rejects.toMatchObject({ code: 'conflict', field: 'name' });
  await expect(createAccount(t.app, SYSTEM, made('docker'))).rejects.toMatchObject({ code: 'conflict', field: 'name' });
  await expect(createAccount(t.app, SYSTEM, made('mei', { shell: '/bin/evil' }))).rejects.toMatchObject({ code: 'invalid', field: 'shell' });
  await expect(changeAccount(t.app, SYSTEM, { kind: 'remove', name: 'root', home: false })).rejects.toMatchObject({ code: 'unsupported' });
  await expect(changeAccount(t.app, SYSTEM, { kind: 'remove', name: 'postgres', home: false })).rejects.toMatchObject({ code: 'unsupported' });
  await expect(changeAccount(t.app, SYSTEM, { kind: 'lock', name: 'nobody-here' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(changeAccount(t.app, SYSTEM, { kind: 'admin', name: 'lin', to: true })).rejects.toMatchObject({ code: 'conflict' });
  await expect(changeAccount(t.app, SYSTEM, { kind: 'lock', name: 'deploy' }, { seen: 'something else' })).rejects.toMatchObject({ code: 'conflict' });
  expect([ran(), entries()]).toEqual([[], []]);
});

test('nobody locks everybody out: the last way to become root is not shut, another one may be', async () => {
  start();
  // lin alone: root has neither password nor key in the demo.
  for (const change of [{ kind: 'lock', name: 'lin' }, { kind: 'admin', name: 'lin', to: false }, { kind: 'remove', name: 'lin', home: false }] as const) {
    await expect(planAccount(t.app, SYSTEM, change)).rejects.toMatchObject({ code: 'conflict' });
  }
  await createAccount(t.app, SYSTEM, made('mei', { admin: true, key: KEY }));
  await changeAccount(t.app, SYSTEM, { kind: 'admin', name: 'lin', to: false });
  const { fingerprint } = (await t.app.host.accounts.keys((await t.app.host.accounts.list()).accounts.find(({ name }) => name === 'mei')!)).keys[0]!;
  await expect(changeKeys(t.app, SYSTEM, 'mei', { remove: fingerprint })).rejects.toMatchObject({ code: 'conflict' });
  await changeAccount(t.app, SYSTEM, { kind: 'password', name: 'mei' }, { secret: 'steamed buns' });
  await changeKeys(t.app, SYSTEM, 'mei', { remove: fingerprint });
  expect(entries().map(({ action, target }) => `${action} ${target}`)).toEqual(['accounts.create mei', 'accounts.add_key mei', 'accounts.revoke lin', 'accounts.password mei', 'accounts.remove_key mei']);
  expect(JSON.stringify(entries())).not.toContain('steamed buns');
});

test('S22 two at once, each of which leaves the other as the last way in: the second is refused', async () => {
  start();
  await createAccount(t.app, SYSTEM, made('mei', { admin: true, key: KEY }));
  const both = await Promise.allSettled([changeAccount(t.app, SYSTEM, { kind: 'lock', name: 'lin' }), changeAccount(t.app, SYSTEM, { kind: 'lock', name: 'mei' })]);
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

test('a tool that fails is in the log as failed, with what ran', async () => {
  start();
  t.app.host.accounts.change = async () => { throw new Error('userdel: user deploy is currently used by process 812'); };
  await expect(changeAccount(t.app, SYSTEM, { kind: 'remove', name: 'deploy', home: true })).rejects.toThrow('process 812');
  expect(entries()).toMatchObject([{ action: 'accounts.remove', result: 'failed', commands: ['userdel --remove -- deploy'] }]);
});

test('ways in: a shell, a right to become root, and a password or a key that still counts', () => {
  start();
  const door = (more: Partial<HostAccount & { hasKeys: boolean }>): Door => ({ name: 'a', uid: 1, gid: 1, group: 'a', groups: [], sid: null, fullName: '', home: '/', shell: '/bin/sh', shellWorks: true, system: false, builtIn: false, disabled: false, password: 'locked', passwordSetAt: null, expiresAt: null, admin: 'group', remoteDesktop: null, lastSignIn: null, hasKeys: false, ...more });
  const open = (more: Parameters<typeof door>[0]) => isWayIn(door(more), 1000);
  expect([open({}), open({ password: 'set' }), open({ hasKeys: true }), open({ hasKeys: true, expiresAt: 999 }), open({ hasKeys: true, expiresAt: 1001 }), open({ password: 'set', shellWorks: false }), open({ password: 'set', admin: null })]).toEqual([false, true, true, false, true, false, false]);
  expect(open({ password: 'set', disabled: true })).toBe(false);
  const doors = [door({ name: 'a', password: 'set' }), door({ name: 'b', hasKeys: true })];
  expect([shutsOut(doors, 'a', null, 1), shutsOut([doors[0]!], 'a', null, 1) !== null, shutsOut([door({})], 'a', null, 1)]).toEqual([null, true, null]);
  // Of one whose password nobody can read it is not known whether somebody comes in: it is not shut, and no reason to shut another one.
  const unread = door({ name: 'b', password: null });
  expect([shutsOut([unread], 'b', null, 1), shutsOut([doors[0]!, unread], 'a', null, 1), shutsOut([doors[0]!, unread], 'b', null, 1)].map((why) => why !== null)).toEqual([true, true, false]);
});

test('S1 S2 S3 what is typed: names, keys', () => {
  start();
  for (const name of ['-x', 'A', '1a', 'a b', 'a:b', 'a\n', '', 'ü', `a${'b'.repeat(32)}`, 'a;b', '$(x)']) expect([name, NewAccountName.safeParse(name).success]).toEqual([name, false]);
  for (const name of ['a', '_x', 'web-1', 'a_b', 'x'.repeat(32)]) expect(NewAccountName.safeParse(name).success).toBe(true);
  expect(KeyLine.safeParse(`  ${KEY}  `).data).toBe(KEY);
  for (const line of [`${KEY}\n${KEY}`, `no-pty ${KEY}`, `command="x" ${KEY}`, '-----BEGIN OPENSSH PRIVATE KEY-----', KEY.slice(0, 60), KEY.replace('ed25519', 'dss')]) expect(KeyLine.safeParse(line).success).toBe(false);
});
