import { describe, expect, test } from 'bun:test';
import { changeService, planChange } from '../../../core/services/change.ts';
import { guardOf } from '../../../core/services/guard.ts';
import { readService } from '../../../core/services/services.ts';
import { SYSTEM } from '../../../core/app.ts';
import { testApp } from '../../../../test/support/app.ts';
import { AppError } from '../../../lib/errors.ts';
import { NO_REGISTRY } from '../../portable/registry.ts';
import { REG, type RegistryDriver, type RegistryKey, type RegistryValue } from '../../registry.ts';
import { faultError } from '../powershell/fault.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { ServiceAnswer, ServicesAnswer } from './answers.ts';
import { createWindowsServices } from './services.ts';
import { recoveryOf, SERVICES, settingsOf } from './settings.ts';

/**
 * What services.ps1 answers, in English and in Chinese. Not captured, there being no Windows at hand: written from Microsoft's
 * description of Win32_Service, and of the registry's "Services" tree and SERVICE_FAILURE_ACTIONS.
 */
const spooler = { name: 'Spooler', title: 'Print Spooler', state: 'Running', mode: 'Auto', pid: 2310, code: 0, specific: 0, memory: 9_437_184, startedAt: 1_790_000_000_000 };
const english = {
  services: [
    spooler, { ...spooler, name: 'RpcSs', title: 'Remote Procedure Call (RPC)', pid: 812, memory: null, startedAt: null },
    { ...spooler, name: 'Fax', title: 'Fax', state: 'Stopped', mode: 'Manual', pid: 0, code: 1077, memory: null, startedAt: null },
    { ...spooler, name: 'W32Time', title: 'Windows Time', state: 'Start Pending', mode: 'Manual' },
    { ...spooler, name: 'wuauserv', title: 'Windows Update', state: 'Stopped', mode: 'Disabled', pid: 0, memory: null, startedAt: null },
    { ...spooler, name: 'edgeupdate', title: 'Microsoft Edge Update Service (edgeupdate)', mode: 'Auto', state: 'Paused' },
    { ...spooler, name: 'CDPUserSvc', title: 'CDPUserSvc', state: 'Stopped', pid: 0, code: 1077, memory: null, startedAt: null },
    { ...spooler, name: 'Odd', title: 'Odd', state: 'Dreaming', mode: 'Unknown' },
  ],
};
const chinese = {
  services: [
    { name: '同步服务', title: '数据同步', state: 'Stopped', mode: 'Auto', pid: 0, code: 1066, specific: 42, memory: null, startedAt: null },
    { name: 'Schedule', title: '任务计划程序', state: 'Running', mode: 'Auto', pid: 1200, code: 0, specific: 0, memory: 12_345_678, startedAt: null },
  ],
};
const more = { description: '', command: 'C:\\Windows\\System32\\spoolsv.exe', account: 'LocalSystem', stops: true };

const dword = (name: string, value: number): RegistryValue => ({ name, type: REG.dword, bytes: Uint8Array.from(Buffer.from(new Uint32Array([value]).buffer)) });
const text = (name: string, type: number, value: string): RegistryValue => ({ name, type, bytes: Uint8Array.from(Buffer.from(`${value}\0`, 'utf16le')) });
const multi = (name: string, ...values: string[]) => text(name, REG.multi, values.map((value) => `${value}\0`).join(''));
const failures = '80510100 00000000 00000000 03000000 14000000 01000000 60ea0000 02000000 c0d40100 00000000 00000000';
const binary = (name: string, hex: string): RegistryValue => ({ name, type: REG.binary, bytes: Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')) });
const key = (values: RegistryValue[], keys: string[] = []): RegistryKey => ({ keys, values, writtenAt: null });

const KEYS: Record<string, RegistryKey> = {
  Spooler: key([dword('Type', 0x110), multi('DependOnService', 'RPCSS', 'http'), binary('FailureActions', failures)]),
  RpcSs: key([dword('Type', 0x20), multi('DependOnService')]),
  Fax: key([dword('Type', 0x10), multi('DependOnService', 'TapiSrv', 'RpcSs', 'Spooler'), multi('DependOnGroup', 'TDI')]),
  W32Time: key([dword('Type', 0x20)], ['Parameters', 'TriggerInfo']),
  edgeupdate: key([dword('Type', 0x10), dword('DelayedAutostart', 1)]),
  CDPUserSvc: key([dword('Type', 0x60)]),
  HTTP: key([dword('Type', 1), text('ImagePath', REG.expand, 'system32\\drivers\\HTTP.sys')]),
};

const registry: RegistryDriver = {
  ...NO_REGISTRY, refusal: () => null,
  async read({ path, view }) {
    expect(view).toBe(64);
    if (path === SERVICES) return key([], Object.keys(KEYS));
    const name = path.slice(SERVICES.length + 1).toLowerCase();
    return Object.entries(KEYS).find(([each]) => each.toLowerCase() === name)?.[1] ?? null;
  },
};

const fault = (over: object) => ({ code: 'CouldNotStartService,Microsoft.PowerShell.Commands.StartServiceCommand', category: 'OpenError', message: '无法启动服务。', type: 'Microsoft.PowerShell.Commands.ServiceCommandException', hresult: -2_146_233_087, native: 0, line: 92, ...over });

/** Answers what the scripts would; changes are noted, or refused. */
function machine({ services = [...english.services, ...chinese.services], refuse, asked = [] }: { services?: object[]; refuse?: object; asked?: unknown[][] } = {}): PowerShell {
  return {
    missing: () => null, show: () => '', close() {}, greeting: () => Promise.reject(new Error('none')),
    async call(script, verb, given, answer) {
      asked.push([script, verb, given]);
      if (verb === 'list') return answer.parse({ services });
      if (verb === 'log') return answer.parse({ lines });
      if (verb !== 'one') return refuse ? Promise.reject(faultError(fault(refuse), `${script} ${verb}`)) : answer.parse({});
      const found = (services as { name: string }[]).find(({ name }) => name.toLowerCase() === (given as { name: string }).name.toLowerCase());
      if (!found) throw faultError(fault({ code: 'HRESULT 0x80041002', category: 'ObjectNotFound' }), 'services.ps1 one');
      return answer.parse({ services: [{ ...found, ...more }] });
    },
  };
}

const lines = [
  { at: 1_790_000_002_000, level: 2, from: 'Service Control Manager', text: 'Fax 服务意外终止，这种情况已出现了 1 次。' },
  { at: 1_790_000_001_000, level: 4, from: 'Service Control Manager', text: 'The Fax service entered the running state.' },
  { at: null, level: 0, from: 'Service Control Manager', text: '' },
];

const code = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

describe('refused', () => {
  test('answers that are none', () => {
    for (const value of [null, [], { services: [{}] }, { services: [{ ...spooler, pid: '2310' }] }, { services: [{ ...spooler, state: 4 }] }]) expect(ServicesAnswer.safeParse(value).success).toBe(false);
    for (const services of [[], [spooler], [{ ...spooler, ...more }, { ...spooler, ...more }]]) expect(ServiceAnswer.safeParse({ services }).success).toBe(false);
  });

  test('verbs that Windows has not, services that are gone, names that would lead elsewhere, and no PowerShell', async () => {
    const asked: unknown[][] = [];
    const driver = createWindowsServices(machine({ asked }), registry);
    for (const verb of ['mask', 'unmask', 'reload', 'reset'] as const) {
      expect(await code(driver.change('Spooler', verb))).toBe('unsupported');
      expect(driver.commands('Spooler', verb)).toEqual([]);
    }
    expect(await driver.one('Spooler\\Parameters')).toBeNull();
    expect(asked).toEqual([]);
    expect(await driver.one('Nothing')).toBeNull();
    const none = createWindowsServices({ ...machine(), missing: () => 'powershell.exe' }, registry);
    expect(await none.about()).toEqual({ system: 'windows', away: 'no-powershell', verbs: [], units: false, programs: null });
    expect([await none.list(), await none.one('Spooler')]).toEqual([[], null]);
  });

  test('what Windows refuses is told by its number, in whatever language', async () => {
    const said = (refuse: object, verb: 'start' | 'stop' | 'disable' = 'start') => code(createWindowsServices(machine({ refuse }), registry).change('Spooler', verb));
    expect(await said({ native: 5 })).toBe('denied');
    expect(await said({ native: 1058 })).toBe('conflict');
    expect(await said({ native: 1053 })).toBe('unavailable');
    expect(await said({ native: 1060 })).toBe('not_found');
    // The program of the service is missing, not the service.
    expect(await said({ native: 2 })).toBe('unavailable');
    expect(await said({ native: 2 }, 'stop')).toBe('not_found');
    expect(await said({ category: 'PermissionDenied' }, 'disable')).toBe('denied');
  });

  test('S2 a name with signs of PowerShell is a value, and in what is shown it stays one word', async () => {
    const asked: unknown[][] = [];
    const driver = createWindowsServices(machine({ asked }), registry);
    const name = `a'; Remove-Item C:\\ -Recurse; \u2019$(calc)[a]*`;
    await driver.change(name, 'stop');
    expect(asked).toEqual([['services.ps1', 'stop', { name }]]);
    expect(driver.commands(name, 'stop')).toEqual([`Stop-Service -Name 'a''; Remove-Item C:\\ -Recurse; \u2019\u2019$(calc)[a]*' -Force`]);
  });
});

test('the list: states, starts and processes by values that are the same in every language', async () => {
  const rows = await createWindowsServices(machine(), registry).list();
  const shown = rows.map(({ name, state, start, startWord, pid }) => [name, state, start, startWord, pid]);
  expect(shown).toEqual([
    ['Spooler', 'running', 'auto', 'auto', 2310], ['RpcSs', 'running', 'auto', 'auto', 812], ['Fax', 'stopped', 'manual', 'manual', null],
    ['W32Time', 'starting', 'dependent', 'manual, trigger', 2310], ['wuauserv', 'stopped', 'off', 'disabled', null], ['edgeupdate', 'paused', 'delayed', 'delayed-auto', 2310],
    ['CDPUserSvc', 'stopped', 'auto', 'auto', null], ['Odd', 'unknown', 'unknown', 'unknown', 2310], ['同步服务', 'failed', 'auto', 'auto', null], ['Schedule', 'running', 'auto', 'auto', 1200],
  ]);
  expect(rows.filter(({ template }) => template).map(({ name }) => name)).toEqual(['CDPUserSvc']);
  expect(rows[0]).toMatchObject({ title: 'Print Spooler', word: 'running', memory: 9_437_184, startedAt: 1_790_000_000_000 });
  expect(rows.at(-1)!.title).toBe('任务计划程序');
});

test('one: what it needs and what needs it, how its last run ended, what happens then, what can be done now', async () => {
  const driver = createWindowsServices(machine(), registry);
  const one = (await driver.one('spooler'))!;
  expect(one).toMatchObject({ command: 'C:\\Windows\\System32\\spoolsv.exe', account: 'LocalSystem', last: null, verbs: ['stop', 'restart', 'manual', 'disable'] });
  expect(one.dependencies).toMatchObject({ requires: ['RpcSs', 'HTTP.sys'], requiredBy: ['Fax'] });
  expect((await driver.one('RpcSs'))!.dependencies.requiredBy).toEqual(['Fax', 'Spooler']);
  expect((await driver.one('Fax'))!.dependencies.requires).toEqual(['TapiSrv', 'RpcSs', 'Spooler', '+TDI']);
  expect(one.recovery).toEqual([{ when: 'first', action: 'restart', delay: 60_000 }, { when: 'second', action: 'reboot', delay: 120_000 }, { when: 'later', action: 'none', delay: null }]);
  expect((await driver.one('同步服务'))!).toMatchObject({ last: { result: 'exit-code', code: 42 }, verbs: ['start', 'manual', 'disable'], recovery: [{ when: 'always', action: 'none' }] });
  expect((await driver.one('Fax'))!).toMatchObject({ last: null, verbs: ['start', 'enable', 'disable'] });
  expect((await driver.one('wuauserv'))!).toMatchObject({ last: { result: 'success', code: null }, verbs: ['enable', 'manual'] });
  expect((await driver.one('CDPUserSvc'))!.verbs).toEqual(['manual', 'disable']);
});

test('what the Service Control Manager said of it, oldest first; a log that cannot be read is none', async () => {
  const driver = createWindowsServices(machine(), registry);
  expect(await driver.log('Fax', 20)).toEqual([
    { at: 1_790_000_001_000, priority: 6, from: 'Service Control Manager', text: 'The Fax service entered the running state.' },
    { at: 1_790_000_002_000, priority: 3, from: 'Service Control Manager', text: 'Fax 服务意外终止，这种情况已出现了 1 次。' },
  ]);
  const denied: PowerShell = { ...machine(), call: () => Promise.reject(faultError(fault({ category: 'PermissionDenied' }), 'services.ps1 log')) };
  expect(await createWindowsServices(denied, registry).log('Fax', 20)).toBeNull();
});

test('recovery: bytes that are cut, that promise more than there is, one action for all, more than three', () => {
  const of = (hex: string) => recoveryOf(Buffer.from(hex.replaceAll(' ', ''), 'hex')).map(({ when, action, delay }) => [when, action, delay]);
  const nothing = [['always', 'none', null]];
  expect(of('')).toEqual(nothing);
  expect(of('80510100 00000000 00000000 00000000 14000000')).toEqual(nothing);
  expect(of('80510100 00000000 00000000 ffffffff 14000000')).toEqual(nothing);
  expect(of('00000000 00000000 00000000 03000000 14000000 01000000 00000000 0300')).toEqual([['first', 'restart', 0], ['second', 'restart', 0], ['later', 'restart', 0]]);
  expect(of('00000000 00000000 00000000 04000000 14000000 01000000 01000000 01000000 01000000 00000000 00000000 03000000 05000000')).toEqual([['first', 'restart', 1], ['second', 'restart', 1], ['later', 'run', 5]]);
  expect(settingsOf(key([text('FailureActions', REG.sz, 'no bytes'), text('Type', REG.sz, '16')])).recovery).toEqual([{ when: 'always', action: 'none', delay: null }]);
});

test('the panel itself: known by its process, and not restarted by what would end with it', async () => {
  const driver = createWindowsServices(machine(), registry, [2310]);
  expect(driver.own()).toBeNull();
  expect((await driver.one('Spooler'))!.verbs).not.toContain('restart');
  expect(driver.own()).toBe('Spooler');
  const other = createWindowsServices(machine(), registry, [0, 1]);
  await other.one('Fax');
  expect(other.own()).toBeNull();
});

test('changes go through core: the command a person would type, the typed name of critical ones, what ends along, and the audit', async () => {
  const t = testApp();
  const asked: unknown[][] = [];
  const up = english.services.map((each) => (each.name === 'Fax' ? { ...each, state: 'Running', pid: 77, code: 0 } : each));
  const app = { ...t.app, host: { ...t.app.host, services: createWindowsServices(machine({ services: up, asked }), registry) } };
  expect(await planChange(app, SYSTEM, 'rpcss', 'stop')).toMatchObject({ guard: 'system', along: ['Fax', 'Spooler'], commands: [`Stop-Service -Name 'RpcSs' -Force`], system: 'windows' });
  for (const verb of ['stop', 'restart', 'disable', 'manual'] as const) expect(await code(changeService(app, SYSTEM, 'RpcSs', { verb, confirm: '' })), verb).toBe('invalid');
  expect(await code(changeService(app, SYSTEM, 'Spooler', { verb: 'start', confirm: '' }))).toBe('conflict');
  expect(await code(changeService(app, SYSTEM, 'Spooler', { verb: 'mask', confirm: '' }))).toBe('unsupported');
  expect(['TermService', 'termservice', 'WinRM', 'BFE', 'WireGuardTunnel$home', 'LSM', 'QEMU-GA', 'Spooler', 'Power2'].map((name) => guardOf(name, 'stop', null))).toEqual(['access', 'access', 'access', 'access', 'access', 'system', 'system', null, null]);
  expect([guardOf('TermService', 'manual', null), guardOf('TermService', 'enable', null)]).toEqual(['access', null]);
  expect(asked.every(([, verb]) => verb === 'one' || verb === 'list')).toBe(true);
  expect(await readService(app, SYSTEM, 'Spooler')).toMatchObject({ texts: [], log: [{ priority: 6 }, { priority: 3 }] });
  await changeService(app, SYSTEM, 'Spooler', { verb: 'manual', confirm: '' });
  await changeService(app, SYSTEM, 'RpcSs', { verb: 'stop', confirm: 'RpcSs' });
  const rows = t.app.db.$client.query("SELECT action, target, commands FROM audit WHERE action LIKE 'services.%' ORDER BY id").all();
  expect(rows).toEqual([
    { action: 'services.manual', target: 'Spooler', commands: `["Set-Service -Name 'Spooler' -StartupType Manual"]` },
    { action: 'services.stop', target: 'RpcSs', commands: `["Stop-Service -Name 'RpcSs' -Force"]` },
  ]);
  expect(t.errors).toEqual([]);
  await t.close();
});

test('the pages of a Windows: its words for what is changed, what happens after a failure, no files and no timers', async () => {
  const t = testApp();
  Object.assign(t.app.host, { services: createWindowsServices(machine(), registry) });
  const admin = t.as('admin');
  const read = async (path: string, language: string) => (await (await admin.request(path, { headers: { 'accept-language': language } })).text()).replace(/<(script|style)[^]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  const list = await read('/services', 'en');
  for (const said of ['10 services', 'Windows', '同步服务', 'After the machine']) expect(list).toContain(said);
  expect(list).not.toContain('Timers');
  const one = await read('/services/Spooler', 'en');
  for (const said of ['LocalSystem', 'starts again the first time, after 60 s · the machine starts again the second time, after 120 s · stays ended from then on', 'HTTP.sys', 'Start only when asked…', 'Disable…', 'entered the running state']) expect(one).toContain(said);
  expect(one).not.toContain('No file: it was made');
  const chinese = await read('/services/Spooler', 'zh-CN');
  for (const said of ['第一次失败后重启，等待 60 秒', '第二次失败后重启机器', '改为手动启动…', '禁用…']) expect(chinese).toContain(said);
  const ask = await read('/services/Spooler/change?verb=disable', 'zh-CN');
  for (const said of ['禁用 Spooler？', '都无法启动它', "Set-Service -Name &#39;Spooler&#39; -StartupType Disabled"]) expect(ask).toContain(said);
  expect(await read('/services/RpcSs/change?verb=stop', 'en')).toContain('These need it and end with it: Spooler');
  expect(t.errors).toEqual([]);
  Object.assign(t.app.host, { services: createWindowsServices({ ...machine(), missing: () => 'powershell.exe' }, registry) });
  expect(await read('/services', 'zh-CN')).toContain('无法启动 PowerShell');
  await t.close();
});
