import { afterEach, describe, expect, test } from 'bun:test';
import { cpuMs } from '../../../../test/support/cpu.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp } from '../../../../test/support/app.ts';
import { RULES, windowsFirewall, type Machine } from '../../../../test/support/windows-firewall.ts';
import { SYSTEM } from '../../../core/app.ts';
import { blockAddress } from '../../../core/blocks/change.ts';
import { adviceFor } from '../../../core/exposure/local-only/advice.ts';
import { readExposure } from '../../../core/exposure/exposure.ts';
import type { ProcessRow } from '../../processes.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { createWindowsExposure, createWindowsListeners, Listeners, Look } from './exposure.ts';

const folder = mkdtempSync(join(tmpdir(), 'mantou-exposure-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/**
 * What exposure.ps1 answers on a server with Remote Desktop, file sharing, SQL Server and a panel. Not captured, there being no Windows
 * at hand: written from the classes that Microsoft documents (MSFT_NetTCPConnection, MSFT_NetUDPEndpoint, MSFT_NetConnectionProfile,
 * Win32_Process, Win32_Service) and .NET's NetworkInterface. Only names of interfaces are in the language of the system.
 */
const LISTENERS = [
  { udp: false, address: '0.0.0.0', port: 3389, pid: 1180 }, { udp: false, address: '::', port: 3389, pid: 1180 }, { udp: true, address: '0.0.0.0', port: 3389, pid: 1180 },
  { udp: false, address: '0.0.0.0', port: 445, pid: 4 }, { udp: false, address: '::', port: 445, pid: 4 }, { udp: false, address: '0.0.0.0', port: 135, pid: 900 }, { udp: false, address: '::', port: 8686, pid: 7000 },
  { udp: false, address: '127.0.0.1', port: 1434, pid: 3000 }, { udp: false, address: '0.0.0.0', port: 1433, pid: 3000 }, { udp: true, address: 'fe80::1%12', port: 546, pid: 1500 },
];
const look = (name: string, category: number | null = 0) => ({
  interfaces: [
    { id: '{0F1E2D3C-0000-4000-8000-000000000001}', name, type: 6, category, addresses: [{ address: '203.0.113.10', prefix: 24 }, { address: '2001:db8::10', prefix: 64 }, { address: 'fe80::1%12', prefix: 64 }] },
    { id: '{0F1E2D3C-0000-4000-8000-000000000002}', name: 'vEthernet (WSL)', type: 6, category: null, addresses: [{ address: '172.29.0.1', prefix: 20 }] },
  ],
  programs: [{ pid: 1180, path: 'C:\\Windows\\System32\\svchost.exe' }, { pid: 900, path: 'C:\\Windows\\System32\\svchost.exe' }, { pid: 7000, path: 'C:\\Mantou\\mantou.exe' }, { pid: 3000, path: 'C:\\Program Files\\SQL\\sqlservr.exe' }],
  services: [{ pid: 1180, name: 'TermService' }, { pid: 900, name: 'RpcEptMapper' }, { pid: 900, name: 'RpcSs' }, { pid: 3000, name: 'MSSQLSERVER' }, { pid: 1500, name: 'Dhcp' }],
  excluded: [{ type: 1, names: [] }, { type: 2, names: [] }, { type: 4, names: [] }],
});
const ROWS = [[4, 'System'], [900, 'svchost.exe'], [1180, 'svchost.exe'], [1500, 'svchost.exe'], [3000, 'sqlservr.exe'], [7000, 'mantou.exe']] as const;
const VARIABLES = { SystemRoot: 'C:\\Windows' };

function panel(options: Machine = {}) {
  const windows = windowsFirewall(folder, { listeners: LISTENERS, look: look('以太网'), ...options });
  const t = testApp({ firewall: windows.driver });
  const rows = ROWS.map(([pid, name]): ProcessRow => ({ pid, parent: 0, name, command: name, user: 'SYSTEM', state: 'R', threads: 1, cpu: 0, memory: 1, startedAt: 1, nice: null, service: null, container: null, read: null, written: null, received: null, sent: null }));
  Object.assign(t.app.host.processes, { listeners: createWindowsListeners(windows.shell), list: async () => rows });
  Object.assign(t.app.host, { blocks: windows.blocks, exposure: createWindowsExposure(windows.registry, windows.shell, VARIABLES), kind: 'windows' });
  closing.push(async () => {
    expect(t.errors).toEqual([]);
    await t.close();
  });
  const read = async () => {
    const found = await readExposure(t.app, SYSTEM, { again: true });
    return { ...found, of: (id: string) => found.ports.find((one) => one.id === id)! };
  };
  return { ...windows, t, app: t.app, read };
}

describe('refused', () => {
  test('no PowerShell, a firewall whose service rests, one that cannot be read', async () => {
    const { registry, shell } = windowsFirewall(folder);
    const without: PowerShell = { ...shell, missing: () => 'powershell.exe' };
    expect(await createWindowsExposure(registry, without).look()).toEqual({ rules: { unknown: 'system' }, interfaces: null, bound: null });
    expect((await createWindowsExposure(registry, windowsFirewall(folder, { service: 1, look: look('x') }).shell).look()).rules).toEqual({ unknown: 'failed', detail: 'mpssvc' });
    const failing = windowsFirewall(folder, { fails: (what) => what === 'state', look: look('x') });
    expect((await createWindowsExposure(failing.registry, failing.shell).look()).rules).toEqual({ unknown: 'failed' });
  });

  test('rules without the networks: what is about a program or a kind of network nobody knows; nothing is claimed', async () => {
    const { read } = panel({ look: null });
    const { of, unknown } = await read();
    expect([unknown, of('tcp-0.0.0.0-3389').verdict, of('tcp-127.0.0.1-1434').level]).toEqual([null, 'unknown', 'machine']);
  });

  test('what a script must not answer is refused', () => {
    expect(Listeners.safeParse({ listeners: [{ udp: 'no', address: '::', port: 1, pid: 1 }] }).success).toBe(false);
    expect(Look.safeParse({ ...look('x'), excluded: null }).success).toBe(false);
  });
});

describe('who reaches what', () => {
  test.each(['Ethernet', '以太网'])('a server on the internet, its interface called %s', async (name) => {
    const { read } = panel({ look: look(name) });
    const { of, filtered, ports } = await read();
    expect(filtered).toBe(true);
    expect(of('tcp-0.0.0.0-3389')).toMatchObject({ level: 'danger', verdict: 'open', risk: 'rdp', service: 'TermService', process: { name: 'svchost.exe' }, families: [4, 6], addresses: ['0.0.0.0', '::'] });
    expect(of('tcp-0.0.0.0-3389').reach[0]!.reasons.map(({ text }) => text)).toContain('远程桌面 - 用户模式(TCP-In): Action=Allow Protocol=6 LPort=3389 App=%SystemRoot%\\system32\\svchost.exe Svc=termservice');
    expect(of('udp-0.0.0.0-3389')).toMatchObject({ level: 'closed', verdict: 'closed' });
    // Its rule is switched off, and would be for private networks.
    expect(of('tcp-0.0.0.0-445')).toMatchObject({ level: 'closed', process: { name: 'System' }, risk: 'smb' });
    expect(of('tcp-0.0.0.0-135')).toMatchObject({ level: 'danger', risk: 'rpc', service: null });
    expect(of('tcp-::-8686')).toMatchObject({ verdict: 'open', families: [4, 6], risk: 'panel', level: 'warn' });
    expect(of('tcp-0.0.0.0-1433')).toMatchObject({ verdict: 'closed', service: 'MSSQLSERVER', risk: 'otherDatabase' });
    expect(of('tcp-127.0.0.1-1434')).toMatchObject({ scope: 'machine', level: 'machine' });
    expect(of('udp-fe80::1-546').scope).toBe('address');
    expect(ports.every(({ reach }) => reach.every(({ interfaces }) => !interfaces.includes('vEthernet (WSL)')))).toBe(true);
  });

  test('in a private network other rules count; an interface in no network is in a public one', async () => {
    const rules = { home: 'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Private|LPort=445|RA4=LocalSubnet|RA6=LocalSubnet|App=System|Name=x|' };
    const level = async (category: number | null) => (await panel({ rules, look: look('x', category) }).read()).of('tcp-0.0.0.0-445');
    expect(await level(1)).toMatchObject({ level: 'some', verdict: 'some', reach: [{ family: 4, networks: ['203.0.113.0/24'] }, { family: 6, networks: ['2001:db8::/64'] }, { neighbours: true }] });
    for (const category of [0, 2, null]) expect((await level(category)).verdict).toBe('closed');
  });

  test('off, everybody is let in; blocked addresses are told as who is not', async () => {
    const off = await panel({ off: [4] }).read();
    expect([off.filtered, off.of('tcp-0.0.0.0-445').level]).toEqual([false, 'danger']);
    const { app, read } = panel();
    await blockAddress(app, SYSTEM, { address: '198.51.100.0/24', until: null, comment: '' });
    const [line] = (await read()).of('tcp-0.0.0.0-3389').reach;
    expect(line).toMatchObject({ verdict: 'open', networks: ['198.51.100.0/24'] });
    expect(line!.reasons[0]).toMatchObject({ verdict: 'drop', table: 'NetSecurity', text: expect.stringContaining('Mantou blocked addresses 1') });
  });

  test('the page says so in both languages; what cannot be kept to the machine is not said to be', async () => {
    const { app, t } = panel();
    const admin = t.as('admin');
    const html = async (path: string, language: string) => (await admin.request(path, { headers: { 'accept-language': language } })).text();
    const chinese = await html('/exposure', 'zh-CN');
    for (const said of ['id="tcp-0.0.0.0-3389" data-level="danger"', 'TermService', '远程桌面 - 用户模式(TCP-In)', '>Windows<']) expect([said, chinese.includes(said)]).toEqual([said, true]);
    expect((await html('/exposure', 'en')).includes('Public: DefaultInboundAction=Block')).toBe(true);
    expect((await adviceFor(app, SYSTEM, 'tcp-0.0.0.0-3389')).advice).toEqual({ kind: 'firewall' });
    expect((await html('/exposure/local-only?id=tcp-0.0.0.0-3389', 'en')).includes('/etc/')).toBe(false);
  });

  test('two thousand rules and three hundred sockets are looked at in a moment', async () => {
    const rules = { ...RULES, ...Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`r${i}`, `v2.31|Action=${i % 3 ? 'Allow' : 'Block'}|Active=TRUE|Dir=In|Protocol=6|LPort=${i + 1}|RA4=10.${i % 256}.0.0/16|Name=r${i}|`])) };
    const listeners = Array.from({ length: 300 }, (_, i) => ({ udp: false, address: '0.0.0.0', port: i + 1, pid: 1180 }));
    const begun = cpuMs();
    const found = await panel({ rules, listeners }).read();
    expect(found.ports.filter(({ how }) => how === 'program').length).toBe(300);
    expect(cpuMs() - begun).toBeLessThan(5000);
  });

  test('sockets are asked for once where several want them; a failure is asked again', async () => {
    let calls = 0;
    let bad = true;
    const { shell } = windowsFirewall(folder, { listeners: LISTENERS });
    const list = createWindowsListeners({ ...shell, call: (...args: Parameters<PowerShell['call']>) => (calls++, bad ? Promise.reject(new Error('died')) : shell.call(...args)) } as PowerShell);
    await expect(list()).rejects.toThrow('died');
    bad = false;
    const [one, two] = await Promise.all([list(), list()]);
    expect([calls, one, one.at(-1)]).toEqual([2, two, { protocol: 'udp', address: 'fe80::1', port: 546, pid: 1500 }]);
  });
});
