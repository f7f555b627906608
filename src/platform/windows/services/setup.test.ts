import { afterEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { windowsServices, type WindowsServicesOptions } from '../../../../test/support/windows-services.ts';
import { SYSTEM } from '../../../core/app.ts';
import { AccountInput, changeSetup, RecoveryInput } from '../../../core/services/setup.ts';
import { readService } from '../../../core/services/services.ts';
import { AppError } from '../../../lib/errors.ts';
import { REG } from '../../registry.ts';
import { scripts } from '../../scripts.ts';
import { isManaged, needsLogonRight, needsPassword } from '../../service-setup.ts';
import { recoverySettingsOf } from './settings.ts';
import { setupCommands } from './setup.ts';

let t: TestApp;
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});
const PASSWORD = 'canary; steam "buns" $(x)';
function start(options: WindowsServicesOptions = {}) {
  t = testApp();
  const asked: unknown[][] = [];
  Object.assign(t.app.host, { services: windowsServices({ asked, ...options }) });
  return { admin: t.as('admin'), changes: () => asked.filter(([script]) => script === 'service-setup.ps1').map(([, verb, given, secret]) => [verb, given, ...(secret === undefined ? [] : [secret])]) };
}
const code = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? `${error.code} ${error.field ?? ''}`.trim() : String(error)));
const account = (name: string, to: string, secret = '') => changeSetup(t.app, SYSTEM, name, { kind: 'account', account: to }, { secret });
const sealIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '';
const steps = (...actions: ('none' | 'restart' | 'reboot' | 'run')[]) => actions.map((action) => ({ action, delay: 1000 }));
const rows = () => t.app.db.$client.query("SELECT action, target, params, commands, result FROM audit WHERE action LIKE 'services.%' ORDER BY id").all() as Record<string, string>[];

describe('refused', () => {
  test('S6 viewers and operators neither see the forms nor send them; elsewhere than on Windows there are none', async () => {
    const { changes } = start();
    for (const role of ['viewer', 'operator'] as const) {
      const who = t.as(role);
      expect(await (await who.request('/services/Spooler')).text()).not.toContain('/services/Spooler/recovery');
      for (const path of ['recovery', 'account']) expect([(await who.request(`/services/Spooler/${path}`)).status, (await who.request(`/services/Spooler/${path}`, { form: {} })).status]).toEqual([403, 403]);
    }
    expect(changes()).toEqual([]);
    const demo = testApp();
    const who = demo.as('admin');
    expect((await who.request('/services/nginx.service/recovery')).status).toBe(501);
    expect(await (await who.request('/services/nginx.service')).text()).not.toContain('/recovery');
    await demo.close();
  });

  test('S1 figures and names that are none', async () => {
    start();
    const good = { steps: steps('restart', 'restart', 'none'), reset: 60, command: '', onErrors: false };
    expect(RecoveryInput.safeParse(good).success).toBe(true);
    for (const bad of [{ steps: steps('restart') }, { steps: steps('restart', 'none', 'explode' as 'none') }, { reset: -1 }, { reset: 1e12 }, { command: 'a\nb' }, { steps: [...steps('none', 'none'), { action: 'restart', delay: -1 }] }, { steps: [...steps('none', 'none'), { action: 'restart', delay: 1e9 }] }])
      expect(RecoveryInput.safeParse({ ...good, ...bad }).success, JSON.stringify(bad)).toBe(false);
    for (const name of ['', ' ', 'a"b', 'a\nb', 'a/b', 'a|b', "DOM*", 'a;b']) expect(AccountInput.safeParse({ account: name }).success, name).toBe(false);
    for (const name of ['LocalSystem', '.\\lin', 'SHOP\\backup$', 'lin@shop.example', 'NT SERVICE\\Spooler', '.\\李四', "O'Neil"]) expect(AccountInput.safeParse({ account: name }).success, name).toBe(true);
    for (const secret of ['a\nb', 'a\0b', 'x'.repeat(257)]) expect(AccountInput.safeParse({ account: '.\\lin', password: secret }).success).toBe(false);
  });

  test('the account of the panel, of what the system needs, of what people come in by; no password; what was not shown; what is gone', async () => {
    const { admin, changes } = start({ own: 4711 });
    expect(await code(account('Mantou', 'LocalSystem'))).toBe('conflict');
    expect(await code(account('RpcSs', 'LocalSystem'))).toBe('conflict');
    expect(await code(account('Spooler', '.\\lin'))).toBe('invalid password');
    expect(await code(account('Nothing', 'LocalSystem'))).toBe('not_found');
    expect(await code(changeSetup(t.app, SYSTEM, 'Spooler', { kind: 'account', account: 'LocalSystem' }, { seen: 'x' }))).toBe('conflict');
    expect(await code(changeSetup(t.app, SYSTEM, 'Spooler', { kind: 'recovery', to: { steps: steps('none', 'run', 'none'), reset: 0, command: '', onErrors: false } }))).toBe('invalid command');
    expect(changes()).toEqual([]);
    expect((await admin.request('/services/Mantou/account')).status).toBe(409);
    // What happens when it fails may be set for all of them.
    expect((await admin.request('/services/RpcSs/recovery')).status).toBe(200);
  });

  test('what Windows refuses: an account that is none, no right to do it; it is in the audit as failed, without the password', async () => {
    const { admin } = start({ refuse: { code: 'mantou:invalid' } });
    expect(await code(account('Spooler', '.\\nobody', PASSWORD))).toBe('invalid account');
    const first = await (await admin.request('/services/Spooler/account', { form: { who: 'named', named: '.\\nobody' } })).text();
    const again = await admin.request('/services/Spooler/account', { form: { do: 'apply', seen: sealIn(first), who: 'named', named: '.\\nobody', password: PASSWORD } });
    const html = await again.text();
    expect([again.status, html.includes('Windows does not take this account'), html.includes('canary')]).toEqual([422, true, false]);
    expect(rows().map(({ result }) => result)).toEqual(['failed', 'failed']);
    expect(JSON.stringify(rows())).not.toContain('canary');
    Object.assign(t.app.host, { services: windowsServices({ refuse: { native: 5 } }) });
    expect(await code(changeSetup(t.app, SYSTEM, 'Spooler', { kind: 'recovery', to: { steps: steps('none', 'none', 'none'), reset: 0, command: '', onErrors: false } }))).toBe('denied');
  });
});

test('recovery as a form: as it is now, what will run, and then numbers of winsvc.h', async () => {
  const failures = Buffer.from('80510100 00000000 00000000 03000000 14000000 01000000 60ea0000 02000000 c0d40100 03000000 dc050000'.replaceAll(' ', ''), 'hex');
  const { admin, changes } = start({ values: [{ name: 'FailureActions', type: REG.binary, bytes: Uint8Array.from(failures) }, { name: 'FailureCommand', type: REG.sz, bytes: Uint8Array.from(Buffer.from('C:\\a b\\tell.exe /x\0', 'utf16le')) }] });
  const page = await (await admin.request('/services/Spooler', { headers: { 'accept-language': 'zh-CN' } })).text();
  for (const said of ['/services/Spooler/recovery', '失败时…', '运行账户…']) expect(page).toContain(said);
  const form = await (await admin.request('/services/Spooler/recovery')).text();
  for (const said of ['value="1.5"', 'value="86400"', 'value="C:\\a b\\tell.exe /x"', 'value="60"']) expect(form).toContain(said);
  const typed = { first: 'restart', firstDelay: '2.5', second: 'run', secondDelay: '0', later: 'none', laterDelay: '0', forget: '', command: 'C:\\a b\\tell.exe "%1%"', onErrors: 'on' };
  const send = async (values: Record<string, string>) => admin.request('/services/Spooler/recovery', { form: values });
  for (const bad of [{ firstDelay: '-1' }, { firstDelay: '90000' }, { firstDelay: 'x' }, { forget: 'x' }, { command: '' }, { later: 'explode' }]) expect((await send({ ...typed, ...bad })).status, JSON.stringify(bad)).toBe(422);
  const shown = await (await send(typed)).text();
  expect(shown).toContain('sc.exe failure Spooler reset= INFINITE actions= restart/2500/run/0//0 command= &quot;C:\\a b\\tell.exe \\&quot;%1%\\&quot;&quot;');
  expect(changes()).toEqual([]);
  expect((await send({ ...typed, do: 'apply', seen: sealIn(shown) })).status).toBe(303);
  expect(changes()).toEqual([['recovery', { name: 'Spooler', steps: [{ action: 1, delay: 2500 }, { action: 3, delay: 0 }, { action: 0, delay: 0 }], reset: null, command: 'C:\\a b\\tell.exe "%1%"', errors: true }]]);
  expect(rows()).toMatchObject([{ action: 'services.recovery', target: 'Spooler', result: 'ok', commands: expect.stringContaining('sc.exe failureflag Spooler 1') }]);
});

test('S13 what runs after a failure is shown to whoever may change it, and hidden in the audit log', async () => {
  start({ values: [{ name: 'FailureCommand', type: REG.sz, bytes: Uint8Array.from(Buffer.from('C:\\tell.exe --token canary-7\0', 'utf16le')) }] });
  for (const role of ['viewer', 'operator'] as const) expect((await readService(t.app, { kind: 'user', userId: 'u', name: role, role, sessionId: null, tokenId: null, ip: '::1' }, 'Spooler')).settings).toBeNull();
  expect((await readService(t.app, SYSTEM, 'Spooler')).settings?.command).toContain('canary-7');
  await changeSetup(t.app, SYSTEM, 'Spooler', { kind: 'recovery', to: { steps: steps('run', 'none', 'none'), reset: null, command: 'C:\\tell.exe --token canary-8', onErrors: false } });
  expect(JSON.stringify(rows())).toContain('tell.exe');
  expect(JSON.stringify(rows())).not.toContain('canary');
});

test('S13 an account with its password: typed in the last step, handed on by the values, and nowhere else', async () => {
  const { admin, changes } = start();
  const first = await (await admin.request('/services/Spooler/account')).text();
  for (const said of ['Now: LocalSystem', 'Network Service']) expect(first).toContain(said);
  expect((await admin.request('/services/Spooler/account', { form: { who: 'named', named: 'a"b' } })).status).toBe(422);
  const review = await (await admin.request('/services/Spooler/account', { form: { who: 'named', named: '.\\lin' } })).text();
  for (const said of ['sc.exe config Spooler obj= &quot;.\\lin&quot; password= •••', 'SeServiceLogonRight', 'name="password"', 'also gets the right']) expect(review).toContain(said);
  const apply = (password: string) => admin.request('/services/Spooler/account', { form: { do: 'apply', seen: sealIn(review), who: 'named', named: '.\\lin', password } });
  const without = await apply('');
  expect([without.status, (await without.text()).includes('needs its password')]).toEqual([422, true]);
  expect((await apply(PASSWORD)).status).toBe(303);
  expect(changes()).toEqual([['account', { name: 'Spooler', account: '.\\lin', managed: false, right: true }, PASSWORD]]);
  expect(JSON.stringify(rows())).not.toContain('canary');
  // Those that Windows has for services need none, and what is typed for them is not handed on.
  const local = await (await admin.request('/services/Spooler/account', { form: { who: 'local' } })).text();
  expect([local.includes('name="password"'), local.includes('NT AUTHORITY\\LocalService')]).toEqual([false, true]);
  await account('Spooler', 'NT SERVICE\\Spooler', PASSWORD);
  expect(changes().at(-1)).toEqual(['account', { name: 'Spooler', account: 'NT SERVICE\\Spooler', managed: true, right: false }, '']);
  // NULL and an empty password are not the same to ChangeServiceConfig: the first is for accounts whose password Windows has.
  expect(['LocalSystem', 'nt authority\\localservice', 'SHOP\\backup$', 'nt service\\Spooler', '.\\lin'].map((name) => [needsPassword(name), needsLogonRight(name), isManaged(name)])).toEqual([[false, false, false], [false, false, false], [false, true, true], [false, false, true], [true, true, false]]);
  const alone = setupCommands('Spooler', { kind: 'account', account: 'LocalSystem' });
  expect(alone).toEqual(['sc.exe config Spooler obj= LocalSystem']);
});

test('an account that Windows does not know, or a right that it does not grant, is told before the service is changed; what is shown has the same order', () => {
  t = testApp();
  const script = scripts['service-setup.ps1']!;
  const body = script.slice(script.indexOf('function Set-Account'), script.indexOf('switch ($Verb)'));
  expect([body.indexOf('Grant-LogonRight') > 0, body.indexOf('[MantouServiceAccount]::Set') > body.indexOf('Grant-LogonRight')]).toEqual([true, true]);
  expect(script).toContain('if (!managed) text = Marshal.SecureStringToGlobalAllocUnicode(password);');
  expect(setupCommands('Spooler', { kind: 'account', account: 'SHOP\\backup$' })).toEqual(["# LsaAddAccountRights 'SHOP\\backup$' SeServiceLogonRight", 'sc.exe config Spooler obj= "SHOP\\backup$"']);
});

test('what is shown is one word where it must be, and settings of the registry that are cut, without end, more than three', () => {
  t = testApp();
  expect(setupCommands('a"; calc', { kind: 'account', account: "O'Neil \u2019" })).toEqual(["# LsaAddAccountRights 'O''Neil \u2019\u2019' SeServiceLogonRight", 'sc.exe config "a\\"; calc" obj= "O\'Neil \u2019" password= •••']);
  expect(setupCommands('My Service', { kind: 'recovery', to: { steps: steps('none', 'none', 'none'), reset: 5, command: '', onErrors: false } })).toEqual(['sc.exe failure "My Service" reset= 5 actions= "" command= ""', 'sc.exe failureflag "My Service" 0']);
  const of = (hex: string) => recoverySettingsOf(Buffer.from(hex.replaceAll(' ', ''), 'hex'), '', true);
  const kinds = (hex: string) => of(hex).steps.map(({ action, delay }) => `${action} ${delay}`);
  expect([kinds(''), of('ffffffff').reset, recoverySettingsOf(null, 'x', false).command]).toEqual([['none 0', 'none 0', 'none 0'], null, 'x']);
  expect(kinds('00000000 00000000 00000000 01000000 14000000 01000000 07000000')).toEqual(['restart 7', 'restart 7', 'restart 7']);
  expect(kinds('00000000 00000000 00000000 04000000 14000000 01000000 01000000 01000000 01000000 00000000 00000000 03000000 05000000')).toEqual(['restart 1', 'restart 1', 'run 5']);
});
