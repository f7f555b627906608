import { afterEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { changeAccount, listAccounts, planAccount } from '../../../core/accounts/accounts.ts';
import { AccountName, NewAccount, WindowsAccountName } from '../../../core/accounts/input.ts';
import { createAccount, planNewAccount } from '../../../core/accounts/keys.ts';
import { SYSTEM } from '../../../core/app.ts';
import { AppError } from '../../../lib/errors.ts';
import type { AccountChange } from '../../accounts.ts';
import { faultError } from '../powershell/fault.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { createWindowsAccounts } from './accounts.ts';
import { createWindowsKeys } from './keys.ts';
import { AccountList, accountsOf, signInsOf } from './answers.ts';

/**
 * What accounts.ps1 answers, in English and in German and Chinese. Not captured, there being no Windows at hand: written from
 * Microsoft's description of Get-LocalUser, Get-LocalGroup, Win32_UserProfile, well-known SIDs and the event 4624.
 */
const MACHINE = 'S-1-5-21-1004336348-1177238915-682003330';
const DAY = 86_400_000;
const user = (rid: number, name: string, more: object = {}) => ({ sid: `${MACHINE}-${rid}`, name, fullName: '', enabled: true, passwordSetAt: 1_790_000_000_000, expiresAt: null, lastSignIn: null, profile: '', ...more });
const member = (rid: number, name: string) => ({ sid: `${MACHINE}-${rid}`, name });
/** Somebody of a domain that no longer tells the name. */
const ORPHAN = 'S-1-5-21-3623811015-3361044348-30300820-1013';
const users = [
  user(500, 'Administrator', { lastSignIn: 1_790_000_000_000, profile: 'C:\\Users\\Administrator' }), user(501, 'Guest', { enabled: false, passwordSetAt: null }),
  user(503, 'DefaultAccount', { enabled: false, passwordSetAt: null }), user(504, 'WDAGUtilityAccount', { enabled: false }),
  user(1001, 'lin', { fullName: 'Lin Chen', profile: 'C:\\Users\\lin' }), user(1002, 'back up', { expiresAt: DAY }), user(1003, 'mei', { enabled: false, expiresAt: 4_000_000_000_000 }), user(1004, 'kiosk', { passwordSetAt: null }),
];
const groupsIn = (administrators: string, remote: string) => [
  { sid: 'S-1-5-32-544', name: administrators, members: [member(500, 'Administrator'), member(1003, 'mei'), { sid: ORPHAN, name: '' }, { sid: 'S-1-5-21-9-9-9-512', name: 'SHOP\\Domain Admins' }] },
  { sid: 'S-1-5-32-545', name: 'Users', members: [member(1001, 'lin'), { sid: 'S-1-5-11', name: 'NT AUTHORITY\\Authenticated Users' }] }, { sid: 'S-1-5-32-555', name: remote, members: [member(1001, 'lin')] },
  { sid: `${MACHINE}-1010`, name: 'docker-users', members: [member(1001, 'lin')] },
];
const english = { controller: false, elevated: true, own: 'S-1-5-18', users, groups: groupsIn('Administrators', 'Remote Desktop Users') };
const german = { ...english, groups: groupsIn('Administratoren', 'Remotedesktopbenutzer') };
const chinese = { ...english, users: [...users.map((each) => (each.name === 'lin' ? { ...each, name: '林晨', fullName: '林晨' } : each))], groups: groupsIn('Administrators', 'Remote Desktop Users') };

/** Where OpenSSH is not there (keys.test.ts has the others). */
const NO_KEYS = createWindowsKeys(async () => null, 'C:\\ProgramData', () => {
  throw new Error('nothing is opened');
});

/** As ConvertTo-Fault of host.ps1 tells it; messages are in the language of the system. */
const fault = (code: string, category: string) => ({ code: `${code},Microsoft.PowerShell.Commands.X`, category, message: '无法更新密码。为新密码提供的值不符合域的长度、复杂性或历史要求。', type: 'X', hresult: -2_146_233_088, native: 0, line: 1 });
const REFUSED = {
  password: fault('InvalidPassword', 'InvalidArgument'), taken: fault('NameInUse', 'InvalidArgument'), exists: fault('UserExists', 'ResourceExists'), group: fault('GroupExists', 'ResourceExists'),
  name: fault('InvalidName', 'InvalidArgument'), gone: fault('UserNotFound', 'ObjectNotFound'), denied: fault('AccessDenied', 'PermissionDenied'), loaded: { ...fault('', 'NotSpecified'), code: 'mantou:conflict' },
};

interface Told { list?: object; signIns?: object[] | 'denied'; refuse?: object; asked?: unknown[][] }
function machine({ list = english, signIns = [], refuse, asked = [] }: Told = {}): PowerShell {
  return {
    missing: () => null, show: () => '', close() {}, greeting: () => Promise.reject(new Error('none')),
    async call(script, verb, given, answer, options) {
      asked.push([script, verb, given, ...(options?.secret === undefined ? [] : [options.secret])]);
      const failed = verb === 'sign-ins' && signIns === 'denied' ? REFUSED.denied : verb !== 'list' && verb !== 'sign-ins' ? refuse : undefined;
      if (failed) throw faultError(failed as never, `${script} ${verb}`);
      return answer.parse(verb === 'list' ? list : verb === 'sign-ins' ? { signIns } : {});
    },
  };
}

let t: TestApp | undefined;
const start = (told: Told = {}) => {
  t = testApp();
  Object.assign(t.app.host.accounts, createWindowsAccounts(machine(told), NO_KEYS));
  return t;
};
afterEach(async () => {
  expect(t?.errors ?? []).toEqual([]);
  await t?.close();
  t = undefined;
});
const code = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

describe('refused', () => {
  test('answers that are none', () => {
    for (const value of [null, [], {}, { ...english, own: null }, { ...english, users: [{}] }, { ...english, users: [user(1, 'a', { enabled: 1 })] }, { ...english, groups: [{ sid: 'S-1', name: 'a' }] }]) expect(AccountList.safeParse(value).success).toBe(false);
  });

  test('a domain controller has none, without PowerShell nothing is known, and without its rights nothing changes', async () => {
    const controller = start({ list: { ...english, controller: true, users: [], groups: [] } });
    const shown = await controller.as('admin').request('/system/accounts', { headers: { 'accept-language': 'en' } });
    expect([shown.status, (await shown.text()).includes('This machine is a domain controller')]).toEqual([501, true]);
    expect(createWindowsAccounts({ ...machine(), missing: () => 'powershell.exe' }, NO_KEYS).refusal()).not.toBeNull();
    const plain = createWindowsAccounts(machine({ list: { ...english, elevated: false } }), NO_KEYS);
    expect(plain.refusal()).toBeNull();
    await plain.list();
    expect(plain.refusal()).not.toBeNull();
  });

  test('S1 S2 names: of new ones, and of those in an address', () => {
    for (const name of ['', '-x', ' x', 'x ', 'x.', '...', 'a"b', 'a/b', 'a\\b', 'a[b', 'a]b', 'a:b', 'a;b', 'a|b', 'a=b', 'a,b', 'a+b', 'a*b', 'a?b', 'a<b', 'a>b', 'a@b', 'a\nb', 'a\u202eb', 'x'.repeat(21)]) {
      expect([name, WindowsAccountName.safeParse(name).success]).toEqual([name, false]);
      if (name.length < 20 && !/[ .]$/.test(name)) expect([name, AccountName.safeParse(name).success]).toEqual([name, false]);
    }
    for (const name of ['Administrator', '林晨', 'back up', 'a.b', "o'neil", '$(calc)', 'x'.repeat(20)]) expect([name, WindowsAccountName.safeParse(name).success, AccountName.safeParse(name).success]).toEqual([name, true, true]);
  });

  test('what Windows says no to is told by its name, in whatever language', async () => {
    const said = async (refuse: object, change: AccountChange) => createWindowsAccounts(machine({ refuse }), NO_KEYS).change(change, 's').then(() => 'done', (error: AppError) => [error.code, error.field]);
    expect(await said(REFUSED.password, { kind: 'password', name: 'lin' })).toEqual(['invalid', 'password']);
    const create: AccountChange = { kind: 'create', name: 'a', fullName: '', shell: '', admin: false };
    for (const refuse of [REFUSED.taken, REFUSED.exists, REFUSED.group]) expect(await said(refuse, create)).toEqual(['conflict', 'name']);
    expect(await said(REFUSED.name, create)).toEqual(['invalid', 'name']);
    expect(await said(REFUSED.gone, { kind: 'lock', name: 'lin' })).toEqual(['not_found', undefined]);
    expect(await said(REFUSED.denied, { kind: 'lock', name: 'lin' })).toEqual(['denied', undefined]);
    expect(await said(REFUSED.loaded, { kind: 'remove', name: 'lin', home: true })).toEqual(['conflict', undefined]);
    expect(await said(REFUSED.loaded, { kind: 'lock', name: 'lin' })).toEqual(['conflict', undefined]);
    expect(await said(REFUSED.denied, { kind: 'lock', name: 'nobody' })).toEqual(['not_found', undefined]);
  });

  test('SSH keys of an account that is yet to come: there is no place for them', async () => {
    const { app } = start();
    expect(await code(planNewAccount(app, SYSTEM, { ...NewAccount.parse({ name: 'new' }), key: 'ssh-ed25519 A' }))).toBe('unsupported');
  });
});

test('who is there: by numbers and SIDs, whatever groups are called; members that nobody has any more stay', () => {
  for (const list of [english, german, chinese]) {
    const { accounts, groups, adminGroup, own } = accountsOf(AccountList.parse(list));
    expect([adminGroup, own]).toEqual([list.groups[0]!.name, null]);
    expect(accounts.map(({ system, builtIn, disabled, password, admin, remoteDesktop }) => [builtIn, system, disabled, password, admin, remoteDesktop])).toEqual([
      [true, false, false, 'set', 'group', true], [false, true, true, null, null, false], [false, true, true, null, null, false], [false, true, true, 'set', null, false],
      [false, false, false, 'set', null, true], [false, false, false, 'set', null, false], [false, false, true, 'set', 'group', true], [false, false, false, null, null, false],
    ]);
    expect(groups[0]).toEqual({ name: list.groups[0]!.name, sid: 'S-1-5-32-544', gid: null, system: true, members: ['Administrator', 'mei', ORPHAN, 'SHOP\\Domain Admins'] });
    expect(groups.map(({ system }) => system)).toEqual([true, true, true, false]);
    expect(accounts[4]).toMatchObject({ uid: null, gid: null, group: null, shell: null, groups: ['Users', list.groups[2]!.name, 'docker-users'], home: 'C:\\Users\\lin' });
  }
  expect(accountsOf({ ...english, own: `${MACHINE}-1001` }).own).toBe('lin');
});

test('sign-ins: the kinds by their numbers, the machine itself as nobody else, what is told twice once', async () => {
  const told = [
    { at: 5000, type: 10, from: '198.51.100.23' }, { at: 4990, type: 10, from: '198.51.100.23' }, { at: 4980, type: 2, from: '127.0.0.1' }, { at: 2000, type: 2, from: '-' }, { at: 1000, type: 11, from: '::1' },
    { at: 900, type: 3, from: '198.51.100.9' }, { at: null, type: 2, from: '-' }, { at: 800, type: 10, from: '::ffff:198.51.100.7' },
  ];
  expect(signInsOf({ signIns: told })).toEqual([
    { at: 5000, line: 'rdp', from: '198.51.100.23' }, { at: 4980, line: 'console', from: '' }, { at: 2000, line: 'console', from: '' }, { at: 1000, line: 'cached', from: '' }, { at: 800, line: 'rdp', from: '198.51.100.7' },
  ]);
  const asked: unknown[][] = [];
  const driver = createWindowsAccounts(machine({ signIns: told, asked }), NO_KEYS);
  expect(await driver.signIns('lin', 2)).toHaveLength(2);
  expect(asked.at(-1)).toEqual(['accounts.ps1', 'sign-ins', { sid: `${MACHINE}-1001`, most: 4, patience: 10_000 }]);
  expect(await createWindowsAccounts(machine({ signIns: 'denied' }), NO_KEYS).signIns('lin', 5)).toEqual([]);
});

test('S13 each change by its SID; a password goes beside the values, and what is shown has none', async () => {
  const asked: unknown[][] = [];
  const driver = createWindowsAccounts(machine({ asked }), NO_KEYS);
  const name = 'lin';
  const changes: AccountChange[] = [
    { kind: 'create', name: "o'neil", fullName: 'Pat', shell: '', admin: true }, { kind: 'lock', name }, { kind: 'unlock', name }, { kind: 'unlock', name: 'back up' }, { kind: 'unlock', name: 'mei' }, { kind: 'password', name },
    { kind: 'admin', name, to: true }, { kind: 'admin', name, to: false }, { kind: 'remove', name, home: true }, { kind: 'remove', name: 'mei', home: true },
  ];
  const shown: string[][] = [];
  for (const change of changes) {
    shown.push(await driver.commands(change));
    await driver.change(change, change.kind === 'password' ? 'steamed buns' : undefined);
  }
  expect(shown).toEqual([
    ["New-LocalUser -Name 'o''neil' -FullName 'Pat' -Password …", "Add-LocalGroupMember -SID S-1-5-32-545 -Member 'o''neil'", "Add-LocalGroupMember -SID S-1-5-32-544 -Member 'o''neil'"],
    ["Disable-LocalUser -Name 'lin'"], ["Enable-LocalUser -Name 'lin'"], ["Enable-LocalUser -Name 'back up'", "Set-LocalUser -Name 'back up' -AccountNeverExpires"], ["Enable-LocalUser -Name 'mei'"], ["Set-LocalUser -Name 'lin' -Password …"],
    ["Add-LocalGroupMember -SID S-1-5-32-544 -Member 'lin'"], ["Remove-LocalGroupMember -SID S-1-5-32-544 -Member 'lin'"],
    ["Remove-LocalUser -Name 'lin'", `Get-CimInstance Win32_UserProfile -Filter "SID='${MACHINE}-1001'" | Remove-CimInstance`], ["Remove-LocalUser -Name 'mei'"],
  ]);
  const sid = `${MACHINE}-1001`;
  expect(asked.filter(([, verb]) => verb !== 'list').map(([, ...rest]) => rest)).toEqual([
    ['create', { name: "o'neil", fullName: 'Pat', admin: true }], ['disable', { sid }], ['enable', { sid, endless: false }], ['enable', { sid: `${MACHINE}-1002`, endless: true }], ['enable', { sid: `${MACHINE}-1003`, endless: false }], ['password', { sid }, 'steamed buns'],
    ['grant', { sid }], ['revoke', { sid }], ['remove', { sid, profile: true }], ['remove', { sid: `${MACHINE}-1003`, profile: true }],
  ]);
});

test('nobody locks everybody out, nor the panel; what came with Windows stays', async () => {
  const { app } = start();
  const plan = (change: AccountChange) => code(planAccount(app, SYSTEM, change));
  const name = 'Administrator';
  // mei is an administrator too, but locked.
  expect(await plan({ kind: 'lock', name })).toBe('conflict');
  for (const change of [{ kind: 'remove', name, home: false }, { kind: 'remove', name: 'Guest', home: false }, { kind: 'admin', name, to: false }] as const) expect(await plan(change)).toBe('unsupported');
  expect([await plan({ kind: 'remove', name: 'mei', home: true }), await plan({ kind: 'admin', name: 'mei', to: false }), await plan({ kind: 'lock', name: 'lin' }), await plan({ kind: 'admin', name: 'lin', to: true })]).toEqual(['done', 'done', 'done', 'done']);
  expect([await plan({ kind: 'admin', name: 'mei', to: true }), await plan({ kind: 'admin', name: 'lin', to: false })]).toEqual(['conflict', 'conflict']);
  const create = (more: object) => plan({ kind: 'create', name: 'new', fullName: '', shell: '', admin: false, ...more });
  expect([await create({}), await create({ name: 'LIN' }), await create({ name: 'DOCKER-users' }), await create({ shell: '/bin/sh' }), await create({ name: 'x'.repeat(21) })]).toEqual(['done', 'conflict', 'conflict', 'invalid', 'invalid']);
  Object.assign(app.host.accounts, createWindowsAccounts(machine({ list: { ...english, own: `${MACHINE}-1003`, users: users.map((each) => ({ ...each, enabled: true })) } }), NO_KEYS));
  for (const change of [{ kind: 'lock', name: 'mei' }, { kind: 'remove', name: 'mei', home: false }, { kind: 'admin', name: 'mei', to: false }] as const) expect(await plan(change)).toBe('unsupported');
  expect(await plan({ kind: 'lock', name })).toBe('done');
});

test('through core: made, given a password, and written down without it', async () => {
  const asked: unknown[][] = [];
  const { app } = start({ asked });
  await createAccount(app, SYSTEM, NewAccount.parse({ name: '新用户', admin: true }));
  await changeAccount(app, SYSTEM, { kind: 'password', name: 'lin' }, { secret: 'steamed buns' });
  const rows = app.db.$client.query("SELECT action, target, commands FROM audit WHERE action LIKE 'accounts.%' ORDER BY id").all();
  expect(rows).toEqual([
    { action: 'accounts.create', target: '新用户', commands: JSON.stringify(["New-LocalUser -Name '新用户' -Password …", "Add-LocalGroupMember -SID S-1-5-32-545 -Member '新用户'", "Add-LocalGroupMember -SID S-1-5-32-544 -Member '新用户'"]) },
    { action: 'accounts.password', target: 'lin', commands: JSON.stringify(["Set-LocalUser -Name 'lin' -Password …"]) },
  ]);
  expect((await listAccounts(app, SYSTEM)).accounts).toHaveLength(8);
});

test('the pages of a Windows: its words, no columns of Unix, and each form works', async () => {
  const panel = start({ list: chinese, signIns: [{ at: 1_790_000_000_000, type: 10, from: '198.51.100.23' }] });
  const admin = panel.as('admin');
  const read = async (path: string, language = 'en') => (await (await admin.request(path, { headers: { 'accept-language': language } })).text()).replace(/<(script|style)[^]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  const list = await read('/system/accounts');
  for (const said of ['林晨', 'back up', 'administrator', 'Profile', 'are administrators of this machine', ORPHAN, 'Password unknown']) expect(list).toContain(said);
  for (const unsaid of ['UID', 'GID', 'Shell', 'root', 'sudo', 'Guest']) expect(list).not.toContain(unsaid);
  expect(await read('/system/accounts?view=all', 'zh-CN')).toContain('Guest');
  const one = await read(`/system/accounts/${encodeURIComponent('林晨')}`);
  for (const said of [`${MACHINE}-1001`, '198.51.100.23 Remote Desktop', 'lets it in, where it is on', 'OpenSSH Server is not installed on this Windows', 'Make it an administrator', 'docker-users']) expect(one).toContain(said);
  for (const unsaid of ['UID', 'Shell', 'root', 'Add key']) expect(one).not.toContain(unsaid);
  expect(await read('/system/accounts/kiosk', 'zh-CN')).toContain('尚无：首次登录时由 Windows 创建');
  const fields = await read('/system/new-account');
  expect([fields.includes('Shell'), fields.includes('.pub'), fields.includes('It gets a password that nobody knows')]).toEqual([false, false, true]);
  const made = await (await admin.request('/system/new-account', { form: { name: 'new one', fullName: '', admin: 'on' } })).text();
  expect(made).toContain('New-LocalUser -Name &#39;new one&#39;');
  const bad = await admin.request('/system/new-account', { form: { name: 'a/b', fullName: '' }, headers: { 'accept-language': 'en' } });
  expect([bad.status, (await bad.text()).includes('At most 20 characters')]).toEqual([422, true]);
  expect(await read('/system/accounts/kiosk/remove')).not.toContain('Also delete');
  expect(await read('/system/accounts/back%20up/unlock')).toContain('-AccountNeverExpires');
  Object.assign(panel.app.host.accounts, createWindowsAccounts(machine({ refuse: REFUSED.password }), NO_KEYS));
  const refused = await admin.request('/system/accounts/lin/password', { form: { password: 'steamed buns' }, headers: { 'accept-language': 'en' } });
  expect([refused.status, (await refused.text()).includes('Windows refuses this password')]).toEqual([422, true]);
});
