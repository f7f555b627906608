import type { Exec } from '../../src/platform/exec.ts';
import { NO_REGISTRY } from '../../src/platform/portable/registry.ts';
import { REG, type RegistryDriver, type RegistryValue } from '../../src/platform/registry.ts';
import { faultError } from '../../src/platform/windows/powershell/fault.ts';
import type { Fault } from '../../src/platform/windows/powershell/lane.ts';
import type { PowerShell } from '../../src/platform/windows/powershell/powershell.ts';
import { createWindowsIdentity } from '../../src/platform/windows/system/identity.ts';
import { createWindowsInterfaces } from '../../src/platform/windows/system/interfaces.ts';
import { createWindowsLocale } from '../../src/platform/windows/system/locale.ts';
import { createWindowsPowerSchedule } from '../../src/platform/windows/system/power-schedule.ts';
import { createWindowsResolver } from '../../src/platform/windows/system/resolver.ts';
import { createWindowsSwap } from '../../src/platform/windows/system/swap.ts';
import { createWindowsTime } from '../../src/platform/windows/system/time.ts';

/**
 * What the scripts of a Windows answer, in English and in Chinese, and what changes do to it. Not captured, there being no Windows at
 * hand: written from Microsoft's description of TimeZoneInfo, NetworkInterface, MSFT_NetRoute, MSFT_NetIPInterface, Win32_PageFileUsage,
 * Win32_PageFileSetting, Win32_ComputerSystem and of the registry's values. What w32tm says stands as people have shown it from such systems.
 */
const CONTROL = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet';
const NAMES = `${CONTROL}\\Control\\ComputerName`;
const CLOCK = `${CONTROL}\\Services\\W32Time\\Parameters`;
const ETHERNET = '{4D36E972-E325-11CE-BFC1-08002BE10318}';
const MIB = 2 ** 20;

export const STATUS = {
  en: `Leap Indicator: 0(no warning)\r\nStratum: 5 (secondary reference - syncd by (S)NTP)\r\nPrecision: -23 (119.209ns per tick)\r\nRoot Delay: 0.0807901s\r\nRoot Dispersion: 0.4345451s\r\nReferenceId: 0xA83DD74A (source IP:  168.61.215.74)\r\nLast Successful Sync Time: 9/9/2026 2:56:39 AM\r\nSource: time.windows.com,0x9 \r\nPoll Interval: 15 (32768s)\r\n\r\nPhase Offset: 0.0013088s\r\nClockRate: 0.0156248s\r\nState Machine: 2 (Sync)\r\nTime Source Flags: 0 (None)\r\nServer Role: 0 (None)\r\nLast Sync Error: 0 (The command completed successfully.)\r\nTime since Last Good Sync Time: 27995.8688108s\r\n\r\n`,
  'zh-CN': `Leap 指示符: 0(无警告)\r\n层次: 3 (次引用 - 与(S)NTP 同步)\r\n精度: -23 (每刻度 119.209ns)\r\n根延迟: 0.2056026s\r\n根分散: 4.0711694s\r\n引用 ID: 0xB65C0C0B (源 IP: 182.92.12.11)\r\n上次成功同步时间: 2025/4/29 8:52:14\r\n源: cn.ntp.org.cn,8\r\n轮询间隔: 6 (64s)\r\n相位偏移: -0.2507314s\r\nClockRate: 0.0156261s\r\n计算机状态: 1 (等候)\r\n时间源标志:0 (无)\r\n服务器角色: 64 (时间服务)\r\n上次同步错误: 0 (成功地执行了命令。)\r\n上次成功同步时间后的时间: 19.3403555s\r\n`,
};

export interface WindowsMachine {
  chinese?: boolean;
  elevated?: boolean;
  missing?: boolean;
  domain?: string;
  /** What a script throws, by "time.ps1 on". */
  refuse?: Record<string, Partial<Fault>>;
  /** Values that policies have set: path, name, text. */
  policy?: [string, string, string][];
  now?: () => number;
  /** What shutdown.exe /a ends with. */
  abort?: number;
}

export function createWindowsMachine({ chinese = false, elevated = true, missing = false, domain, refuse = {}, policy = [], now = Date.now, abort = 1116 }: WindowsMachine = {}) {
  const asked: [string, string, unknown][] = [];
  const ran: string[][] = [];
  const values = new Map<string, string>();
  const at = (path: string, name: string) => `${path}\\\\${name}`.toLowerCase();
  const write = (path: string, name: string, text: string) => void values.set(at(path, name), text);
  write(`${NAMES}\\ActiveComputerName`, 'ComputerName', 'SHOP-1');
  write(`${NAMES}\\ComputerName`, 'ComputerName', 'SHOP-1');
  write(CLOCK, 'Type', 'NTP');
  write(CLOCK, 'NtpServer', 'time.windows.com,0x9');
  write(`${CONTROL}\\Services\\Tcpip\\Parameters\\Interfaces\\${ETHERNET}`, 'NameServer', '');
  for (const [path, name, text] of policy) write(path, name, text);

  const registry: RegistryDriver = {
    ...NO_REGISTRY, refusal: () => null,
    async read({ path, view }) {
      if (view !== 64) throw new Error('the registry of 32 bits is another one');
      const found = [...values].filter(([key]) => key.startsWith(`${path}\\\\`.toLowerCase()));
      const value = ([key, text]: [string, string]): RegistryValue => ({ name: key.slice(key.lastIndexOf('\\') + 1), type: REG.sz, bytes: Uint8Array.from(Buffer.from(`${text}\0`, 'utf16le')) });
      return found.length ? { keys: [], values: found.map(value), writtenAt: null } : null;
    },
  };

  const clock = { zone: 'China Standard Time', service: 4 };
  const locale = { current: chinese ? 'zh-CN' : 'en-US', written: chinese ? 'zh-CN' : 'en-US' };
  const dns = { servers: ['10.0.0.1', 'fec0:0:0:ffff::1%1'] };
  const paging = { automatic: true, files: [] as { path: string; initial: number; maximum: number }[] };
  let planned: { next: number | null; begun: number | null; arguments: string | null } = { next: null, begun: null, arguments: null };

  type Given = Record<string, never> & { name: string; id: string; list: string; locale: string; reset: boolean; addresses: string[]; domains: string[]; path: string; initial: number; maximum: number; minutes: number | null; hour: number; minute: number; arguments: string };
  const acts: Record<string, (given: Given) => unknown> = {
    'identity.ps1 read': () => ({ domain: domain ?? null }),
    'identity.ps1 rename': ({ name }) => write(`${NAMES}\\ComputerName`, 'ComputerName', name.toUpperCase()),
    'time.ps1 read': () => ({
      zone: clock.zone, ahead: clock.zone === 'China Standard Time' ? 480 : -210, service: clock.service, domain: domain !== undefined,
      zones: [{ id: 'Newfoundland Standard Time', title: chinese ? '(UTC-03:30) 纽芬兰' : '(UTC-03:30) Newfoundland' }, { id: 'W. Europe Standard Time', title: chinese ? '(UTC+01:00) 阿姆斯特丹，柏林，伯尔尼' : '(UTC+01:00) Amsterdam, Berlin, Bern' }, { id: 'China Standard Time', title: chinese ? '(UTC+08:00) 北京，重庆，香港特别行政区' : '(UTC+08:00) Beijing, Chongqing, Hong Kong' }],
    }),
    'time.ps1 zone': ({ id }) => void (clock.zone = id),
    'time.ps1 on': () => (write(CLOCK, 'Type', 'NTP'), (clock.service = 4)),
    'time.ps1 off': () => (write(CLOCK, 'Type', 'NoSync'), (clock.service = 1)),
    'time.ps1 servers': ({ list }) => (write(CLOCK, 'NtpServer', list), write(CLOCK, 'Type', 'NTP'), (clock.service = 4)),
    'locale.ps1 read': () => ({ ...locale, choices: ['zh-CN', 'en-US', 'sr-Latn-RS'], languages: chinese ? ['zh-CN'] : ['en-US', 'zh-CN'] }),
    'locale.ps1 set': (given) => void (locale.written = given.locale),
    'network.ps1 interfaces': () => ({
      interfaces: [
        {
          index: 12, id: ETHERNET, name: chinese ? '以太网' : 'Ethernet', status: 1, kind: 6, mac: '525400123456', mtu: 1500, servers: dns.servers,
          addresses: [{ family: 23, address: 'fe80::5054:ff:fe12:3456%12', prefix: 64, origin: 2 }, { family: 2, address: '10.0.0.20', prefix: 24, origin: 3 }],
        },
        { index: 7, id: '{7}', name: chinese ? 'WLAN' : 'Wi-Fi', status: 2, kind: 71, mac: '', mtu: 1500, servers: [], addresses: [{ family: 2, address: '169.254.1.9', prefix: 16, origin: 2 }] },
        { index: 1, id: '{1}', name: 'Loopback Pseudo-Interface 1', status: 1, kind: 24, mac: '', mtu: -1, servers: ['fec0:0:0:ffff::1%1'], addresses: [{ family: 2, address: '127.0.0.1', prefix: 8, origin: 2 }, { family: 23, address: '::1', prefix: 128, origin: 2 }] },
      ],
      metrics: [{ index: 12, family: 2, metric: 25 }, { index: 12, family: 23, metric: 35 }, { index: 1, family: 2, metric: 75 }],
      routes: [
        { family: 2, to: '10.0.0.0/24', via: '0.0.0.0', index: 12, metric: 256, protocol: 2 }, { family: 2, to: '10.0.0.20/32', via: '0.0.0.0', index: 12, metric: 256, protocol: 2 },
        { family: 2, to: '224.0.0.0/4', via: '0.0.0.0', index: 12, metric: 256, protocol: 2 }, { family: 2, to: '127.0.0.0/8', via: '0.0.0.0', index: 1, metric: 256, protocol: 2 },
        { family: 2, to: '0.0.0.0/0', via: '10.0.0.1', index: 12, metric: 0, protocol: 3 }, { family: 2, to: '192.0.2.7/32', via: '10.0.0.9', index: 12, metric: 1, protocol: 3 },
        { family: 23, to: '::/0', via: 'fe80::1', index: 12, metric: 16, protocol: 4 }, { family: 23, to: 'ff00::/8', via: '::', index: 12, metric: 256, protocol: 2 },
      ],
    }),
    'network.ps1 servers': ({ addresses }) => {
      const of = (six: boolean) => addresses.filter((one) => one.includes(':') === six);
      for (const [part, six] of [['Tcpip', false], ['Tcpip6', true]] as const) write(`${CONTROL}\\Services\\${part}\\Parameters\\Interfaces\\${ETHERNET}`, 'NameServer', of(six).join(','));
      dns.servers = addresses.length ? addresses : ['10.0.0.1'];
    },
    'network.ps1 search': ({ domains }) => write(`${CONTROL}\\Services\\Tcpip\\Parameters`, 'SearchList', domains.join(',')),
    'swap.ps1 read': () => ({ ...paging, used: [{ path: 'C:\\pagefile.sys', size: 4096, used: 312, temporary: false }], disks: [{ path: 'C:\\', free: 40_960 * MIB }, { path: 'D:\\', free: 2048 * MIB }] }),
    'swap.ps1 automatic': () => Object.assign(paging, { automatic: true, files: [] }),
    'swap.ps1 write': ({ path, initial, maximum }) => Object.assign(paging, { automatic: false, files: [...paging.files.filter((one) => one.path !== path), { path, initial, maximum }] }),
    'swap.ps1 remove': ({ path }) => Object.assign(paging, { automatic: false, files: paging.files.filter((one) => one.path !== path) }),
    // A task that was due has run, and shutdown.exe warns people.
    'power-schedule.ps1 read': () => (planned.next !== null && planned.next <= now() ? { ...planned, next: null, begun: planned.next } : planned),
    'power-schedule.ps1 plan': (given) => void (planned = { next: given.minutes === null ? now() + 3_600_000 : now() + given.minutes * 60_000, begun: null, arguments: given.arguments }),
    'power-schedule.ps1 cancel': () => void (planned = { next: null, begun: null, arguments: null }),
  };

  const shell: PowerShell = {
    missing: () => (missing ? 'powershell.exe' : null), close() {}, show: (script, verb, given) => [script, verb, ...(Object.keys(given).length ? [JSON.stringify(given)] : [])].join(' '),
    greeting: async () => ({ version: '5.1.20348.2227', os: '10.0.20348.0', language: chinese ? 'zh-CN' : 'en-US', codePage: chinese ? 936 : 437, elevated, wide: true }),
    async call(script, verb, given, answer) {
      const what = `${script} ${verb}`;
      asked.push([script, verb, given]);
      const fault = refuse[what];
      if (fault) throw faultError({ code: 'x', category: 'NotSpecified', message: chinese ? '拒绝访问。' : 'Access is denied.', type: '', hresult: 0, native: 0, line: 1, ...fault }, what);
      const said = acts[what]!(given as Given);
      return answer.parse(JSON.parse(JSON.stringify(verb === 'read' || verb === 'interfaces' ? said : {})));
    },
  };
  const exec: Exec = {
    which: (tool) => (tool === 'w32tm' ? 'C:\\Windows\\System32\\w32tm.exe' : undefined),
    async run(argv) {
      ran.push([...argv]);
      if (argv[1] === '/a') return { code: abort, stdout: '', stderr: chinese ? '无法中止系统关机。' : 'Unable to abort the system shutdown.', truncated: false };
      return { code: 0, stdout: argv[1] === '/query' ? STATUS[chinese ? 'zh-CN' : 'en'] : '', stderr: '', truncated: false };
    },
  };
  return {
    asked, ran, changes: () => asked.filter(([, verb]) => verb !== 'read' && verb !== 'interfaces').map(([script, verb]) => `${script} ${verb}`), exec, registry, shell,
    drivers: {
      identity: createWindowsIdentity(registry, shell, () => 'shop-1'), time: createWindowsTime(exec, registry, shell, now), locale: createWindowsLocale(shell), resolver: createWindowsResolver(registry, shell),
      interfaces: createWindowsInterfaces(shell), swap: createWindowsSwap(shell), powerSchedule: createWindowsPowerSchedule(exec, shell, now),
    },
  };
}
