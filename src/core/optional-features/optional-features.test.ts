import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { until } from '../../../test/support/until.ts';
import { AppError } from '../../lib/errors.ts';
import { createFakeOptionalFeatures } from '../../platform/fake/optional-features.ts';
import type { FeatureChange, OptionalFeaturesDriver } from '../../platform/optional-features.ts';
import { NO_OPTIONAL_FEATURES } from '../../platform/portable/optional-features.ts';
import { createWindowsOptionalFeatures, FeatureAnswer, RoleAnswer } from '../../platform/windows/optional-features.ts';
import { faultError } from '../../platform/windows/powershell/fault.ts';
import type { PowerShell } from '../../platform/windows/powershell/powershell.ts';
import { SYSTEM, type App } from '../app.ts';
import { changeFeature, FeatureInput, FeatureName, listFeatures, planFeature, readFeature } from './optional-features.ts';

let t: TestApp;
let app: App;
beforeAll(() => (t = testApp()));
afterAll(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});
const withDriver = (optionalFeatures: OptionalFeaturesDriver) => ({ ...t.app, host: { ...t.app.host, optionalFeatures } });
beforeEach(() => void (app = withDriver(createFakeOptionalFeatures())));

/**
 * What optional-features.ps1 answers, in English and in Chinese. Not captured, there being no Windows at hand: written from
 * Microsoft's description of Get-WindowsOptionalFeature, Win32_OptionalFeature, Get-WindowsFeature, Install-WindowsFeature, Get-WindowsCapability and Add-WindowsCapability.
 */
const english = {
  server: true, whole: true, features: [
    { name: 'TelnetClient', title: 'Telnet Client', state: 'Disabled', install: 2 }, { name: 'NetFx3', title: '.NET Framework 3.5 (includes .NET 2.0 and 3.0)', state: 'DisabledWithPayloadRemoved', install: 3 },
    { name: 'IIS-WebServerRole', title: 'Internet Information Services', state: 'EnablePending', install: 1 }, { name: 'SMB1Protocol', title: '', state: 'DisablePending', install: 4 },
    { name: 'Printing-Foundation-Features', title: 'Print and Document Services', state: 'PartiallyInstalled', install: 1 }, { name: 'Odd', title: 'Odd', state: 'Dreaming', install: 1 },
  ],
};
const plain = { server: false, whole: false, features: [{ name: 'TelnetClient', title: 'Telnet 客户端', state: '', install: 2 }, { name: 'NetFx4', title: '.NET Framework 4.8', state: '', install: 1 }, { name: 'Odd', title: '', state: '', install: 4 }] };
const chinese = {
  server: true, features: [
    { name: 'Web-Server', title: 'Web 服务器(IIS)', description: 'Web 服务器(IIS)提供可靠、可管理且可扩展的 Web 应用程序基础结构。', state: 'Available', parent: '', needs: [], holds: ['Web-WebServer'] },
    { name: 'Web-WebServer', title: 'Web 服务器', description: '', state: 'Removed', parent: 'Web-Server', needs: [], holds: [] },
    { name: 'RSAT-AD-Tools', title: 'AD DS 和 AD LDS 工具', description: '', state: 'InstallPending', parent: 'RSAT', needs: ['RSAT'], holds: [] },
  ],
};

const capabilities = { server: false, capabilities: [{ name: 'OpenSSH.Server~~~~0.0.1.0', state: 'NotPresent' }, { name: 'OpenSSH.Client~~~~0.0.1.0', state: 'Installed' }, { name: 'Language.Basic~~~zh-CN~0.0.1.0', state: 'InstallPending' }, { name: 'Odd~~~~1', state: 'Resolved' }] };
const capability = { state: 'NotPresent', title: 'OpenSSH 服务器', description: '基于 OpenSSH 的安全 shell (SSH) 服务器。' };

const fault = (over: object) => ({ code: 'Microsoft.Dism.Commands.EnableWindowsOptionalFeatureCommand', category: 'NotSpecified', message: '找不到源文件。', type: 'System.Runtime.InteropServices.COMException', hresult: 0, native: 0, line: 60, ...over });
interface Told {
  asked?: unknown[][];
  refuse?: object;
  answers?: Record<string, object>;
  /** A change takes until then. */
  done?: Promise<unknown>;
}
function machine({ asked = [], refuse, answers = {}, done }: Told = {}): PowerShell {
  return {
    missing: () => null, show: () => '', close() {}, greeting: () => Promise.reject(new Error('none')),
    async call(script, verb, given, answer, options) {
      asked.push([script, verb, given, options?.signal instanceof AbortSignal]);
      if (CHANGES.includes(verb)) await done;
      if (refuse) throw faultError(fault(refuse), `${script} ${verb}`);
      return answer.parse(answers[verb] ?? { list: english, roles: chinese, capabilities, capability: capability, one: { state: 'Disabled', title: 'Telnet 客户端', description: '允许远程连接到其他计算机。', restart: 'Possible' } }[verb as string] ?? { restart: 'False' });
    },
  };
}
/** The shared one answers, and changes have one of their own. */
const windowsDriver = (told: Told = {}, closed: number[] = []) =>
  createWindowsOptionalFeatures({ ...machine(told), call: (script, verb, given, answer, options) => (CHANGES.includes(verb) ? Promise.reject(new Error('the shared one is taken')) : machine(told).call(script, verb, given, answer, options)) }, () => ({ ...machine(told), close: () => void closed.push(1) }));
const CHANGES: string[] = ['enable', 'disable', 'add', 'remove', 'install', 'uninstall'];
const code = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
const input = (name: string, on: boolean, more: object = {}) => FeatureInput.parse({ list: 'optional', name, on, ...more });
const audits = () => t.app.db.$client.query("SELECT action, target, commands FROM audit WHERE action LIKE 'optional_features.%' ORDER BY id").all() as { action: string; target: string; commands: string }[];

describe('refused', () => {
  test('S1 S2 names that are none, answers that are none', () => {
    for (const name of ['', '-x', '*', 'a b', 'a*', "a'b", 'a;b', '$(a)', 'a\nb', '[a]', 'a/b', 'a\\b', 'x'.repeat(201)]) expect([name, FeatureName.safeParse(name).success]).toEqual([name, false]);
    for (const name of ['NetFx3', 'Microsoft-Hyper-V-All', 'WCF-HTTP-Activation45', 'Windows.Identity~x+1']) expect(FeatureName.safeParse(name).success).toBe(true);
    for (const value of [null, {}, { ...english, whole: 'yes' }, { ...english, features: [{ name: 'a' }] }]) expect(FeatureAnswer.safeParse(value).success).toBe(false);
    expect(RoleAnswer.safeParse({ server: true, features: [{ ...chinese.features[0], needs: null }] }).success).toBe(false);
  });

  test('elsewhere than on Windows, without PowerShell, what is not there, and roles where there is no Server', async () => {
    const list = { q: '', list: 'optional' } as const;
    expect(await code(listFeatures(withDriver(NO_OPTIONAL_FEATURES), SYSTEM, list))).toBe('unsupported');
    expect(await code(changeFeature(withDriver(NO_OPTIONAL_FEATURES), SYSTEM, input('NetFx3', true)))).toBe('unsupported');
    expect(await code(listFeatures(withDriver(createWindowsOptionalFeatures({ ...machine(), missing: () => 'powershell.exe' }, machine)), SYSTEM, list))).toBe('unsupported');
    expect(await code(readFeature(app, SYSTEM, 'optional', 'None'))).toBe('not_found');
    expect(await code(listFeatures(withDriver(windowsDriver({ answers: { roles: { server: false, features: [] } } })), SYSTEM, { q: '', list: 'server' }))).toBe('unsupported');
  });

  test('what is so already, what the panel lives by, and a name that was not typed', async () => {
    expect(await code(changeFeature(app, SYSTEM, input('Containers', true)))).toBe('conflict');
    expect(await code(changeFeature(app, SYSTEM, input('TelnetClient', false, { confirm: 'TelnetClient' })))).toBe('conflict');
    expect(await code(changeFeature(app, SYSTEM, input('Microsoft-Windows-Subsystem-Linux', true)))).toBe('conflict');
    for (const change of [{ list: 'optional', name: 'NetFx4', on: false }, { list: 'server', name: 'PowerShellRoot', on: false }] as FeatureChange[]) expect(await code(planFeature(app, SYSTEM, change))).toBe('unsupported');
    for (const confirm of ['', 'containers', 'Container']) expect(await code(changeFeature(app, SYSTEM, input('Containers', false, { confirm })))).toBe('invalid');
    expect(await code(changeFeature(app, SYSTEM, input('NetFx3', true), 'another seal'))).toBe('conflict');
    expect(audits()).toEqual([]);
  });

  test('what Windows says no to is told by its number, in whatever language', async () => {
    const said = (refuse: object) => code(windowsDriver({ refuse }).change({ list: 'optional', name: 'NetFx3', on: true }));
    expect(await said({ hresult: 0x800f080c | 0 })).toBe('not_found');
    expect(await said({ hresult: 0x800f081f | 0 })).toBe('unavailable');
    // "The requested operation requires elevation."
    expect(await said({ hresult: 0x800702e4 | 0 })).toBe('denied');
    expect(await said({ code: 'mantou:unavailable', message: 'Failed' })).toBe('unavailable');
    expect(await said({ code: 'CommandNotFoundException', category: 'ObjectNotFound' })).toBe('unsupported');
    expect(await windowsDriver({ refuse: { hresult: 0x800f080c | 0 } }).one('optional', 'None')).toBeNull();
    expect(await code(windowsDriver({ refuse: { hresult: 0x800702e4 | 0 } }).one('optional', 'None'))).toBe('denied');
  });
});

test('answers of Windows: states by their names, and by the numbers of CIM where the panel is no administrator', async () => {
  const windows = windowsDriver();
  expect((await windows.list('optional')).features.map(({ title, state }) => [title, state])).toEqual([
    ['Telnet Client', 'off'], ['.NET Framework 3.5 (includes .NET 2.0 and 3.0)', 'absent'], ['Internet Information Services', 'turning-on'], ['SMB1Protocol', 'turning-off'], ['Print and Document Services', 'partly'], ['Odd', 'other'],
  ]);
  const less = await windowsDriver({ answers: { list: plain } }).list('optional');
  expect([less.whole, less.server, ...less.features.map(({ state }) => state)]).toEqual([false, false, 'off', 'on', 'other']);
  expect((await windows.list('server')).features.map(({ name, state, parent }) => [name, state, parent])).toEqual([['Web-Server', 'off', null], ['Web-WebServer', 'absent', 'Web-Server'], ['RSAT-AD-Tools', 'turning-on', 'RSAT']]);
  expect(await windows.one('server', 'RSAT-AD-Tools')).toMatchObject({ title: 'AD DS 和 AD LDS 工具', needs: ['RSAT'], restart: null });
  expect(await windows.one('server', 'None')).toBeNull();
  expect(await windows.one('optional', 'TelnetClient')).toEqual({ name: 'TelnetClient', title: 'Telnet 客户端', description: '允许远程连接到其他计算机。', state: 'off', restart: 'maybe', parent: null, needs: [], holds: [] });
});

test('what Windows fetches on demand: by its name, with a title where one is asked for, and by its own verbs', async () => {
  const asked: unknown[][] = [];
  const windows = windowsDriver({ asked, answers: { add: { restart: 'False' }, remove: { restart: 'True' } } });
  const found = await windows.list('capability');
  expect([found.server, found.whole, ...found.features.map(({ title, state }) => `${title} ${state}`)]).toEqual([false, true, 'OpenSSH.Server absent', 'OpenSSH.Client on', 'Language.Basic zh-CN turning-on', 'Odd other']);
  const name = 'OpenSSH.Server~~~~0.0.1.0';
  expect(await windows.one('capability', name)).toMatchObject({ name, title: 'OpenSSH 服务器', state: 'absent', restart: null });
  expect(await windowsDriver({ refuse: { code: 'mantou:not_found' } }).one('capability', 'None')).toBeNull();
  expect(await code(windowsDriver({ refuse: { hresult: 0x800702e4 | 0 } }).list('capability'))).toBe('denied');
  expect([(await windows.change({ list: 'capability', name, on: true })).restart, (await windows.change({ list: 'capability', name, on: false })).restart]).toEqual([false, true]);
  expect(asked.map(([, verb]) => verb)).toEqual(['capabilities', 'capability', 'add', 'remove']);
  expect([true, false].flatMap((on) => windows.commands({ list: 'capability', name, on }))).toEqual([`Add-WindowsCapability -Online -Name '${name}'`, `Remove-WindowsCapability -Online -Name '${name}'`]);
  await app.tasks.settled(await changeFeature(app, SYSTEM, FeatureInput.parse({ list: 'capability', name, on: true })));
  expect(await readFeature(app, SYSTEM, 'capability', name)).toMatchObject({ state: 'on' });
});

test('each change by its own verb; what is shown is what a person would type; a start that is due is told', async () => {
  const asked: unknown[][] = [];
  const said: string[] = [];
  const signal = new AbortController().signal;
  const windows = windowsDriver({ asked, answers: { enable: { restart: 'True' }, install: { restart: 'Maybe' }, uninstall: { restart: 'No' } } });
  const restarts = [];
  for (const [list, on] of [['optional', true], ['optional', false], ['server', true], ['server', false]] as const) restarts.push((await windows.change({ list, name: 'A', on }, { signal, onOutput: (text) => said.push(text) })).restart);
  expect(asked.map(([, verb, given, stops]) => [verb, given, stops])).toEqual(['enable', 'disable', 'install', 'uninstall'].map((verb) => [verb, { name: 'A' }, false]));
  expect([restarts, said[0]]).toEqual([[true, false, true, false], 'RestartNeeded: True\n']);
  expect([true, false].flatMap((on) => [...windows.commands({ list: 'optional', name: 'A', on }), ...windows.commands({ list: 'server', name: 'A', on })])).toEqual([
    "Enable-WindowsOptionalFeature -Online -FeatureName 'A' -All -NoRestart", "Install-WindowsFeature -Name 'A'", "Disable-WindowsOptionalFeature -Online -FeatureName 'A' -NoRestart", "Uninstall-WindowsFeature -Name 'A'",
  ]);
});

test('the list: what waits for a start first, by title, narrowed by words and by state; kept until something changed', async () => {
  const names = async (query: object = {}) => (await listFeatures(app, SYSTEM, { q: '', list: 'optional', ...query })).features.map(({ name }) => name);
  expect((await names())[0]).toBe('Microsoft-Windows-Subsystem-Linux');
  expect(await names({ q: 'TELNET' })).toEqual(['TelnetClient']);
  expect(await names({ only: 'on', q: 'net' })).toEqual(['NetFx4']);
  let reads = 0;
  const driver = createFakeOptionalFeatures();
  const counted = withDriver({ ...driver, list: (list) => (reads++, driver.list(list)) });
  for (const q of ['', 't', 'te']) await listFeatures(counted, SYSTEM, { q, list: 'optional' });
  expect(reads).toBe(1);
  const task = await changeFeature(counted, SYSTEM, input('TelnetClient', true));
  expect(await code(changeFeature(counted, SYSTEM, input('NetFx3', true)))).toBe('conflict');
  await counted.tasks.settled(task);
  expect((await listFeatures(counted, SYSTEM, { q: 'telnet', list: 'optional' })).features).toMatchObject([{ state: 'on' }]);
  expect(reads).toBe(2);
  expect(audits().slice(-1)).toEqual([{ action: 'optional_features.enable', target: 'TelnetClient', commands: JSON.stringify(["Enable-WindowsOptionalFeature -Online -FeatureName 'TelnetClient' -All -NoRestart"]) }]);
});

test('one that wants a start of the machine waits for it', async () => {
  await app.tasks.settled(await changeFeature(app, SYSTEM, input('Microsoft-Hyper-V', true)));
  expect(await readFeature(app, SYSTEM, 'optional', 'Microsoft-Hyper-V')).toMatchObject({ state: 'turning-on', restart: 'yes' });
});

test('cancelled, Windows goes on: its process is not ended, nothing else is begun before it is done, and the log says so', async () => {
  const closed: number[] = [];
  const asked: unknown[][] = [];
  const done = Promise.withResolvers<void>();
  const windows = withDriver(windowsDriver({ asked, done: done.promise }, closed));
  const task = await changeFeature(windows, SYSTEM, input('NetFx3', true));
  await until(() => asked.some(([, verb]) => verb === 'enable'));
  expect(await (await t.as('admin').request(`/tasks/${task}`)).text()).toContain('Windows is not stopped in the middle of this');
  windows.tasks.cancel(task);
  await Bun.sleep(30);
  expect([closed.length, await code(changeFeature(windows, SYSTEM, input('TelnetClient', true)))]).toEqual([0, 'conflict']);
  done.resolve();
  await windows.tasks.settled(task);
  expect(closed).toEqual([1]);
  const log = await Bun.file(windows.tasks.logPath(task)).text();
  expect([log.includes('it goes on'), log.includes('RestartNeeded')]).toEqual([true, true]);
});

test('a panel that stops waits for nothing, and leaves the process to Windows', async () => {
  const closed: number[] = [];
  const done = Promise.withResolvers<void>();
  const stop = new AbortController();
  const said: string[] = [];
  const change = windowsDriver({ done: done.promise }, closed).change({ list: 'optional', name: 'NetFx3', on: true }, { signal: stop.signal, onOutput: (text) => said.push(text) });
  stop.abort('stop');
  expect([await change.then(() => 'done', (reason: unknown) => reason), closed.length, said.join('')]).toEqual(['stop', 0, expect.stringContaining('by itself')]);
  done.resolve();
  expect(await code(windowsDriver().change({ list: 'optional', name: 'NetFx3', on: true }, { signal: AbortSignal.abort('cancel') }))).toBe('cancel');
});
