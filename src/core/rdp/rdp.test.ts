import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { AppError } from '../../lib/errors.ts';
import { createFakeRegistry } from '../../platform/fake/registry.ts';
import type { Exec } from '../../platform/exec.ts';
import { NO_RDP } from '../../platform/portable/rdp.ts';
import { REG } from '../../platform/registry.ts';
import { createWindowsRdp, rdpPlan } from '../../platform/windows/rdp.ts';
import type { PowerShell } from '../../platform/windows/powershell/powershell.ts';
import { keepArmed, listArmed, revertArmed } from '../armed/armed.ts';
import { SYSTEM } from '../app.ts';
import { changeRdp, rdpCommands, RdpInput, readRdp } from './rdp.ts';

let t: TestApp;
beforeEach(() => void (t = testApp()));
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const code = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
const state = async () => {
  const { on, port, nla } = (await readRdp(t.app, SYSTEM)).state;
  return { on, port, nla };
};
const tool = (name: string) => `C:\\Windows\\System32\\${name}.exe`;
const words = (argv: readonly string[]) => argv.join(' ').replace('C:\\Windows\\System32\\', '');

describe('refused', () => {
  test('elsewhere than on Windows; ports that are none; a port of somebody else; a second change while one waits', async () => {
    expect(await code(readRdp({ ...t.app, host: { ...t.app.host, rdp: NO_RDP } }, SYSTEM))).toBe('unsupported');
    for (const port of [0, 65_536, 1.5, -1, 'x', '3389\n3390', '']) expect(RdpInput.safeParse({ on: true, nla: true, port }).success, String(port)).toBe(false);
    expect(await code(changeRdp(t.app, SYSTEM, { on: true, nla: true, port: 22 }))).toBe('conflict');
    expect(await code(changeRdp(t.app, SYSTEM, { on: true, nla: true, port: t.app.config.port }))).toBe('conflict');
    await changeRdp(t.app, SYSTEM, { on: true, nla: false, port: 3389 });
    expect(await code(changeRdp(t.app, SYSTEM, { on: true, nla: true, port: 3390 }))).toBe('conflict');
    expect(await state()).toEqual({ on: true, port: 3389, nla: false });
  });
});

test('a change is armed, and taken back whole unless it is kept', async () => {
  const before = await state();
  const to = { on: false, port: 3390, nla: false };
  const change = (await changeRdp(t.app, SYSTEM, to))!;
  expect(change).toMatchObject({ noun: 'rdp', target: 'off, port 3389 → 3390, NLA off' });
  expect(await state()).toEqual(to);
  await revertArmed(t.app, SYSTEM, change.id);
  expect(await state()).toEqual(before);
  const again = (await changeRdp(t.app, SYSTEM, to))!;
  keepArmed(t.app, SYSTEM, again.id);
  expect([await state(), listArmed(t.app)]).toEqual([to, []]);
  expect(await changeRdp(t.app, SYSTEM, to)).toBeNull();
  const rows = t.app.db.$client.query("SELECT action FROM audit WHERE action LIKE 'rdp.%' OR action LIKE 'armed.%' ORDER BY id").all() as { action: string }[];
  expect(rows.map(({ action }) => action)).toEqual(['armed.arm', 'rdp.change', 'armed.revert', 'armed.arm', 'rdp.change', 'armed.keep']);
});

test('one that a tool refuses is taken back at once', async () => {
  const { rdp } = t.app.host;
  const applied: number[] = [];
  const app = { ...t.app, host: { ...t.app.host, rdp: { ...rdp, apply: async (_from: never, to: { port: number }) => {
    applied.push(to.port);
    if (to.port === 3390) throw new AppError('unavailable', () => 'netsh');
  } } } };
  expect(await code(changeRdp(app, SYSTEM, { on: true, nla: true, port: 3390 }))).toBe('unavailable');
  expect([applied, listArmed(t.app)]).toEqual([[3390, 3389], []]);
  expect(t.app.db.$client.query("SELECT result FROM audit WHERE action = 'rdp.change'").all()).toEqual([{ result: 'failed' }]);
});

test('commands: the new door is open before the service moves, and each has its way back', () => {
  const on = { on: true, port: 3389, nla: true };
  const lines = (from: typeof on, to: typeof on) => {
    const { apply, revert } = rdpPlan(tool, from, to);
    return { apply: apply.map(words), revert: revert.map((step) => ('run' in step ? words(step.run) : '')) };
  };
  const LISTENER = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp';
  const rule = (port: number, protocol: string) => `netsh.exe advfirewall firewall add rule name=Mantou-RDP-${port} dir=in action=allow protocol=${protocol} localport=${port}`;
  expect(lines(on, { ...on, port: 3390 })).toEqual({
    apply: [rule(3390, 'TCP'), rule(3390, 'UDP'), `reg.exe add ${LISTENER} /v PortNumber /t REG_DWORD /d 3390 /f`, 'net.exe stop TermService /y', 'net.exe start TermService'],
    revert: ['netsh.exe advfirewall firewall delete rule name=Mantou-RDP-3390', `reg.exe add ${LISTENER} /v PortNumber /t REG_DWORD /d 3389 /f`, 'net.exe stop TermService /y', 'net.exe start TermService'],
  });
  expect(lines({ ...on, port: 3390 }, { ...on, port: 3391 }).apply.slice(0, 3)).toEqual([rule(3391, 'TCP'), rule(3391, 'UDP'), 'netsh.exe advfirewall firewall delete rule name=Mantou-RDP-3390']);
  expect(lines({ ...on, on: false }, on)).toEqual({
    apply: ['netsh.exe advfirewall firewall set rule group=@FirewallAPI.dll,-28752 new enable=yes', 'reg.exe add HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server /v fDenyTSConnections /t REG_DWORD /d 0 /f'],
    // Rules of Windows that were open before would be closed by it.
    revert: ['reg.exe add HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server /v fDenyTSConnections /t REG_DWORD /d 1 /f'],
  });
  expect(lines(on, { ...on, nla: false }).apply).toEqual([`reg.exe add ${LISTENER} /v UserAuthentication /t REG_DWORD /d 0 /f`]);
  // As when it is applied: a rule that is gone and a service that rests are as they should be.
  expect(rdpPlan(tool, on, { ...on, port: 3390 }).revert.map((step) => 'run' in step && step.mayFail === true)).toEqual([true, false, true, false]);
  expect(rdpPlan(tool, on, on)).toEqual({ apply: [], revert: [] });
  expect(rdpCommands(t.app, on, { ...on, nla: false })).toHaveLength(1);
});

/** A service that rests already is no fault; anything else that a tool refuses is. */
test('on Windows: values as the registry has them, policies above them, and tools by their exit codes', async () => {
  const ran: string[] = [];
  const exec = (refuse: string): Exec => ({
    which: tool,
    run: async (argv) => (ran.push(words(argv)), { code: argv.includes(refuse) ? 1 : 0, stdout: '', stderr: '发生系统错误 1062。', truncated: false }),
  });
  const policy = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services';
  const registry = createFakeRegistry(t.clock, [[policy, { name: 'UserAuthentication', type: REG.dword, bytes: Uint8Array.of(1, 0, 0, 0) }]]);
  const shell = (answers: Record<string, unknown>): PowerShell => ({
    missing: () => null, show: () => '', close() {}, greeting: () => Promise.reject(new Error('none')), call: async (_script, verb, _given, answer) => answer.parse(answers[verb]),
  });
  const sessions = { sessions: [{ id: 2, name: 'RDP-Tcp#0', user: '李四', domain: 'SHOP', client: 'LAPTOP', state: 0 }, { id: 65_536, name: 'RDP-Tcp', user: '', domain: '', client: '', state: 6 }, { id: 9, name: '', user: '', domain: '', client: '', state: 99 }] };
  const driver = createWindowsRdp(exec('stop'), registry, shell({ state: { service: 1 }, sessions }));
  expect(await driver.read()).toEqual({ on: false, port: 3389, nla: false, policy: { on: null, nla: true }, service: 1 });
  expect((await driver.sessions())?.map(({ id, user, state: how }) => [id, user, how])).toEqual([[2, '李四', 'active'], [65_536, '', 'listen']]);
  await driver.apply({ on: true, port: 3389, nla: true }, { on: true, port: 3390, nla: true });
  expect(ran.at(-1)).toBe('net.exe start TermService');
  expect(await code(createWindowsRdp(exec('add'), registry, shell({})).apply({ on: true, port: 3389, nla: true }, { on: true, port: 3390, nla: true }))).toBe('unavailable');
  const silent = createWindowsRdp(exec(''), registry, { ...shell({}), missing: () => 'powershell.exe' });
  expect([(await silent.read()).service, await silent.sessions()]).toEqual([null, null]);
});
