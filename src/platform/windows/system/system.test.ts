import { describe, expect, test } from 'bun:test';
import { createWindowsMachine, STATUS, type WindowsMachine } from '../../../../test/support/windows-system.ts';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import { argumentsOf, plannedOf } from './power-schedule.ts';
import { PagingAnswer } from './swap.ts';
import { parsePeers, parseStatus, writePeers } from './w32tm.ts';

const code = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
const of = (given: WindowsMachine = {}) => createWindowsMachine(given).drivers;
const TIME_POLICY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\W32Time\\Parameters';
const DNS_POLICY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient';

describe('refused', () => {
  test('without PowerShell, and without the rights of an administrator, what can be shown is shown, and each says why', async () => {
    const none = of({ missing: true });
    const poor = of({ elevated: false });
    for (const name of ['identity', 'time', 'locale', 'resolver', 'swap', 'powerSchedule'] as const) {
      expect([name, (await none[name].refusal())?.(en)]).toEqual([name, 'PowerShell cannot be started on this machine.']);
      expect([name, (await poor[name].refusal())?.(en)]).toEqual([name, 'The panel does not run as an administrator, so it can show this and not change it.']);
    }
    expect((await none.time.read()).zones).toEqual([]);
    expect((await none.interfaces.read()).routes).toBeNull();
    expect((await none.locale.read()).languages).toBeNull();
    expect(await none.powerSchedule.read()).toBeNull();
    expect((await poor.time.read()).zone).toBe('China Standard Time');
  });

  test('a script that fails: what Bun knows instead, or its refusal, never an answer that is none', async () => {
    const late = { code: 'mantou:unavailable' };
    const broken = of({ refuse: { 'time.ps1 read': late, 'locale.ps1 read': { code: 'CommandNotFoundException' }, 'network.ps1 interfaces': late, 'swap.ps1 read': late, 'identity.ps1 read': { code: 'mantou:denied' }, 'power-schedule.ps1 read': late } });
    expect([(await broken.time.read()).ahead, (await broken.locale.read()).installed, (await broken.interfaces.read()).routes]).toEqual([null, [], null]);
    expect(await Promise.all([code(broken.resolver.read()), code(broken.swap.read()), code(broken.powerSchedule.read())])).toEqual(['unavailable', 'unavailable', 'unavailable']);
    expect(await broken.identity.refusal()).not.toBeNull();
    for (const value of [null, {}, { automatic: true, used: [{}], files: [], disks: [] }]) expect(PagingAnswer.safeParse(value).success).toBe(false);
  });

  test('names that NetBIOS does not take, and a member of a domain', async () => {
    for (const name of ['web.example', '-web', 'web-', '12345', 'a'.repeat(16), 'a_b', "a'b"]) expect([name, await code(of().identity.plan({ name, pretty: '' }))]).toEqual([name, 'invalid']);
    expect((await of({ domain: 'corp.example.com' }).identity.refusal())?.(en)).toContain('member of the domain corp.example.com');
  });

  test('zones and locales that are none, and a clock that a domain or a policy rules', async () => {
    expect(await code(of().time.plan({ zone: 'Asia/Shanghai' }))).toBe('invalid');
    expect(await code(of().locale.plan({ locale: 'xx-XX' }))).toBe('invalid');
    for (const given of [{ domain: 'corp' }, { policy: [[TIME_POLICY, 'Type', 'NoSync']] }, { policy: [[TIME_POLICY, 'NtpServer', 'a']] }] as WindowsMachine[]) {
      const { time } = of(given);
      expect([(await time.read()).sync.can, (await time.read()).sync.servers]).toEqual([false, null]);
      for (const change of [{ sync: false }, { servers: ['a'] }, { resync: true as const }]) expect(await code(time.plan(change))).toBe('unsupported');
    }
    expect((await of({ policy: [[TIME_POLICY, 'Type', 'NoSync']] }).time.read()).sync.on).toBe(false);
  });

  test('interfaces that are none, domains that a policy rules', async () => {
    for (const link of [undefined, 1, 99]) expect(await code(of().resolver.plan({ link, servers: ['1.1.1.1'], search: [] }))).toBe('invalid');
    const ruled = of({ policy: [[DNS_POLICY, 'SearchList', 'corp.example,example']] }).resolver;
    expect((await ruled.read()).search).toEqual(['corp.example', 'example']);
    expect(await code(ruled.plan({ link: 12, servers: ['1.1.1.1'], search: [] }))).toBe('unsupported');
    expect(await code(ruled.plan({ link: 12, servers: ['1.1.1.1'], search: ['corp.example', 'example'] }))).toBe('done');
  });

  test('page files without room or disk, and what only Linux has', async () => {
    const { swap } = of();
    const file = (path: string, maximum: number) => swap.plan({ pageFile: { path, initial: maximum, maximum } });
    expect(await Promise.all([code(file('E:\\pagefile.sys', 1024)), code(file('D:\\pagefile.sys', 1025)), code(file('D:\\pagefile.sys', 1024)), code(file('C:\\pagefile.sys', 40_960 + 4096 - 1024))])).toEqual(['invalid', 'conflict', 'done', 'done']);
    expect(await Promise.all([code(swap.plan({ remove: 'D:\\pagefile.sys' })), code(swap.plan({ add: 1024 })), code(swap.plan({ swappiness: 10 }))])).toEqual(['not_found', 'unsupported', 'unsupported']);
  });

  test('S1 messages in which the Task Scheduler would put something else', async () => {
    for (const message of ['%TEMP%', 'a %x% b', '$(Arg0)']) expect([message, await code(of().powerSchedule.plan({ action: 'reboot', when: '+5', message }))]).toEqual([message, 'invalid']);
    expect(await code(of().powerSchedule.plan({ action: 'reboot', when: '+5', message: '100 % of it, $5' }))).toBe('done');
  });
});

test('a new name is there after the next start', async () => {
  const machine = createWindowsMachine();
  const { identity } = machine.drivers;
  expect(await identity.read()).toEqual({ name: 'shop-1', written: null, pretty: null, hasPretty: false, netbios: true });
  expect(await identity.plan({ name: 'web-1', pretty: '' })).toEqual({ commands: [`Rename-Computer -NewName 'web-1' -Force`], files: [] });
  await identity.apply({ name: 'web-1', pretty: '' });
  expect((await identity.read()).written).toBe('WEB-1');
  expect((await identity.plan({ name: 'web-1', pretty: '' })).commands).toEqual([]);
  // Back to what it is called still.
  expect((await identity.plan({ name: 'shop-1', pretty: '' })).commands).toHaveLength(1);
});

test('w32tm is read by its order and its numbers, in each language', () => {
  const now = 1_790_000_000_000;
  expect(parseStatus(STATUS.en, now)).toEqual({ synchronized: true, offset: 1.309, server: 'time.windows.com', lastAt: now - 27_995_869 });
  expect(parseStatus(STATUS['zh-CN'], now)).toEqual({ synchronized: true, offset: -250.731, server: 'cn.ntp.org.cn', lastAt: now - 19_340 });
  // As it comes from a code page that is taken for another one.
  expect(parseStatus(Buffer.from(STATUS['zh-CN'], 'utf8').toString('latin1'), now)).toMatchObject({ synchronized: true, offset: -250.731 });
  const free = 'Leap 指示符: 3(未同步)\n层次: 0 (未指定)\n精度: -23 (每刻度 119.209ns)\n根延迟: 0.0000000s\n根分散: 0.0000000s\n引用 ID: 0x00000000 (未指定)\n上次成功同步时间: 未指定\n源: Local CMOS Clock\n轮询间隔: 10 (1024s)\n';
  expect(parseStatus(free, now)).toEqual({ synchronized: false, offset: null, server: null, lastAt: null });
  expect(parseStatus(STATUS.en.replace('0xA83DD74A (source IP:  168.61.215.74)', '0x4C4F434C (source name:  "LOCL")'), now)).toMatchObject({ synchronized: false });
  const hyperV = STATUS.en.replace('Stratum: 5 (secondary', 'Stratum: 1 (primary').replace('0xA83DD74A (source IP:  168.61.215.74)', '0x00000000 (unspecified)').replace('time.windows.com,0x9', 'VM IC Time Synchronization Provider');
  expect(parseStatus(hyperV, now)).toMatchObject({ synchronized: true, server: 'VM IC Time Synchronization Provider' });
  for (const text of ['', 'The following error occurred: The service has not been started. (0x80070426)\n', '发生下列错误: 服务尚未启动。 (0x80070426)']) expect(parseStatus(text, now)).toBeNull();
  expect(parsePeers('time.windows.com,0x9  ntp.aliyun.com,8 10.0.0.1')).toEqual(['time.windows.com', 'ntp.aliyun.com', '10.0.0.1']);
  expect(parsePeers(writePeers(['a.example', '2001:db8::1']))).toEqual(['a.example', '2001:db8::1']);
});

test('zones by their ids, and a clock that is turned off, told whom to ask, and asked at once', async () => {
  const machine = createWindowsMachine({ chinese: true, now: () => 1_790_000_000_000 });
  const { time } = machine.drivers;
  expect(await time.read()).toMatchObject({ zone: 'China Standard Time', ahead: 480, titles: { 'China Standard Time': '(UTC+08:00) 北京，重庆，香港特别行政区' }, sync: { service: 'W32Time', on: true, synchronized: true, offset: -250.731, server: 'cn.ntp.org.cn', can: true, servers: ['time.windows.com'], lastAt: 1_789_999_980_660 } });
  await time.apply({ zone: 'W. Europe Standard Time' });
  expect((await time.read()).zone).toBe('W. Europe Standard Time');
  expect((await time.plan({ sync: false })).commands).toEqual([`Set-ItemProperty -LiteralPath 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters' -Name Type -Value 'NoSync'`, 'Stop-Service -Name W32Time']);
  await time.apply({ sync: false });
  // A service that rests is not asked.
  const before = machine.ran.length;
  expect((await time.read()).sync).toMatchObject({ on: false, synchronized: null });
  expect(machine.ran).toHaveLength(before);
  expect((await time.plan({ servers: ['ntp.example.com', '10.0.0.1'] })).commands[0]).toEndWith(`-Name NtpServer -Value 'ntp.example.com,0x8 10.0.0.1,0x8'`);
  await time.apply({ servers: ['ntp.example.com', '10.0.0.1'] });
  expect((await time.read()).sync).toMatchObject({ on: true, servers: ['ntp.example.com', '10.0.0.1'] });
  expect((await time.plan({ resync: true })).commands).toEqual(['w32tm /resync']);
  await time.apply({ resync: true });
  expect(machine.ran.at(-1)).toEqual(['C:\\Windows\\System32\\w32tm.exe', '/resync']);
  expect(machine.changes()).toEqual(['time.ps1 zone', 'time.ps1 off', 'time.ps1 servers']);
});

test('the locale of the system counts from the next start on', async () => {
  const { locale } = of();
  expect(await locale.read()).toEqual({ current: 'en-US', installed: ['en-US', 'sr-Latn-RS', 'zh-CN'], makeable: [], written: null, languages: ['en-US', 'zh-CN'] });
  expect((await locale.plan({ locale: 'zh-CN' })).commands).toEqual([`Set-WinSystemLocale -SystemLocale 'zh-CN'`]);
  await locale.apply({ locale: 'zh-CN' });
  expect(await locale.read()).toMatchObject({ current: 'en-US', written: 'zh-CN' });
});

test('addresses and routes, without what each machine has to itself', async () => {
  const { interfaces, routes } = await of({ chinese: true }).interfaces.read();
  expect(interfaces[0]).toEqual({
    name: '以太网', state: 'UP', mac: '52:54:00:12:34:56', mtu: 1500, kind: 'ether',
    addresses: [{ family: 6, address: 'fe80::5054:ff:fe12:3456', prefix: 64, scope: 'link', dynamic: false }, { family: 4, address: '10.0.0.20', prefix: 24, scope: 'global', dynamic: true }],
  });
  expect(interfaces.slice(1).map(({ name, state, mac, mtu, kind }) => [name, state, mac, mtu, kind])).toEqual([['WLAN', 'DOWN', null, 1500, 'wifi'], ['Loopback Pseudo-Interface 1', 'UP', null, null, 'loopback']]);
  expect(routes).toEqual([
    { family: 4, to: 'default', via: '10.0.0.1', dev: '以太网', source: null, metric: 25, protocol: 'static' },
    { family: 4, to: '192.0.2.7/32', via: '10.0.0.9', dev: '以太网', source: null, metric: 26, protocol: 'static' },
    { family: 4, to: '10.0.0.0/24', via: null, dev: '以太网', source: null, metric: 281, protocol: 'kernel' },
    { family: 6, to: 'default', via: 'fe80::1', dev: '以太网', source: null, metric: 51, protocol: 'redirect' },
  ]);
});

test('DNS of one interface: by hand, by DHCP again, and the domains of all', async () => {
  const machine = createWindowsMachine();
  const { resolver } = machine.drivers;
  expect(await resolver.read()).toMatchObject({ owner: 'windows', servers: ['10.0.0.1'], search: [], links: [{ id: 12, name: 'Ethernet', up: true, servers: ['10.0.0.1'], fixed: [] }, { id: 7, up: false }] });
  const both = { link: 12, servers: ['1.1.1.1', '2606:4700:4700::1111'], search: ['example.com'] };
  expect((await resolver.plan(both)).commands).toEqual([`Set-DnsClientServerAddress -InterfaceIndex 12 -ServerAddresses '1.1.1.1', '2606:4700:4700::1111'`, `Set-DnsClientGlobalSetting -SuffixSearchList @('example.com')`]);
  await resolver.apply(both);
  expect((await resolver.read()).links![0]).toMatchObject({ fixed: ['1.1.1.1', '2606:4700:4700::1111'] });
  expect((await resolver.plan(both)).commands).toEqual([]);
  // Setting those of IPv4 leaves those of IPv6 as they are.
  expect((await resolver.plan({ ...both, servers: ['9.9.9.9'] })).commands).toEqual(['Set-DnsClientServerAddress -InterfaceIndex 12 -ResetServerAddresses', `Set-DnsClientServerAddress -InterfaceIndex 12 -ServerAddresses '9.9.9.9'`]);
  await resolver.apply({ link: 12, servers: [], search: [] });
  expect(await resolver.read()).toMatchObject({ servers: ['10.0.0.1'], search: [] });
  expect(machine.asked.findLast(([, verb]) => verb === 'servers')![2]).toEqual({ index: 12, reset: true, addresses: [] });
});

test('page files: what is in use now, and what is written down', async () => {
  const machine = createWindowsMachine();
  const { swap } = machine.drivers;
  expect(await swap.read()).toMatchObject({ areas: [{ path: 'C:\\pagefile.sys', size: 4096 * 2 ** 20, used: 312 * 2 ** 20, priority: null, kept: true }], paging: { automatic: true, files: [] }, swappiness: null });
  const pageFile = { path: 'D:\\pagefile.sys', initial: 512, maximum: 1024 };
  expect((await swap.plan({ pageFile })).commands).toEqual([
    'Get-CimInstance Win32_ComputerSystem | Set-CimInstance -Property @{ AutomaticManagedPagefile = $false }',
    `New-CimInstance -ClassName Win32_PageFileSetting -Property @{ Name = 'D:\\pagefile.sys' }`,
    `Get-CimInstance Win32_PageFileSetting | Where-Object Name -EQ 'D:\\pagefile.sys' | Set-CimInstance -Property @{ InitialSize = 512; MaximumSize = 1024 }`,
  ]);
  await swap.apply({ pageFile });
  expect(await swap.read()).toMatchObject({ areas: [{ kept: false }], paging: { automatic: false, files: [pageFile] } });
  expect((await swap.plan({ pageFile })).commands).toEqual([]);
  await swap.apply({ remove: 'd:\\PAGEFILE.sys' });
  expect((await swap.read()).paging).toMatchObject({ automatic: false, files: [] });
  await swap.apply({ automatic: true });
  expect((await swap.plan({ automatic: true })).commands).toEqual([]);
  expect(machine.changes()).toEqual(['swap.ps1 write', 'swap.ps1 remove', 'swap.ps1 automatic']);
});

test('a planned end: what it says is read back letter for letter', async () => {
  const messages = ['', 'New drivers', 'He said "now"', 'C:\\', 'a\\"b\\\\', '重启 “更新”', '"'];
  for (const message of messages) expect(plannedOf({ next: 5, begun: null, arguments: argumentsOf('reboot', message) }, 0)).toEqual({ action: 'reboot', at: 5, message });
  expect(argumentsOf('shutdown', 'a "b"\\')).toBe('/s /t 60 /c "a \\"b\\"\\\\"');
  for (const words of [null, '', '/a', '/r /t 60 & calc', '-c "x"']) expect(plannedOf({ next: 5, begun: null, arguments: words }, 0)).toBeNull();
  expect(plannedOf({ next: null, begun: null, arguments: '/r /t 60' }, 0)).toBeNull();
  // It ran a minute ago, or less.
  expect([60_999, 61_000].map((now) => plannedOf({ next: null, begun: 1000, arguments: '/r /t 60' }, now)?.at)).toEqual([61_000, undefined]);
  const machine = createWindowsMachine({ now: () => 1000 });
  const { powerSchedule } = machine.drivers;
  const change = { action: 'shutdown' as const, when: '+90', message: 'Move' };
  expect((await powerSchedule.plan(change)).commands).toEqual(['power-schedule.ps1 plan {"minutes":90,"hour":null,"minute":null,"arguments":"/s /t 60 /c \\"Move\\""}']);
  await powerSchedule.apply(change);
  expect(await powerSchedule.read()).toEqual({ action: 'shutdown', at: 5_401_000, message: 'Move' });
  await powerSchedule.apply({ action: 'reboot', when: '03:30', message: '' });
  expect(machine.asked.findLast(([, verb]) => verb === 'plan')![2]).toEqual({ minutes: null, hour: 3, minute: 30, arguments: '/r /t 60' });
  expect((await powerSchedule.plan({ cancel: true })).commands).toEqual(['power-schedule.ps1 cancel', 'shutdown.exe /a']);
  await powerSchedule.apply({ cancel: true });
  expect(await powerSchedule.read()).toBeNull();
});

test('a shutdown that has begun is shown with its end, and taken back; that there is none is fine, that it fails is not', async () => {
  let now = 1000;
  const begun = async (abort: number) => {
    now = 1000;
    const machine = createWindowsMachine({ now: () => now, abort });
    await machine.drivers.powerSchedule.apply({ action: 'reboot', when: '+5', message: '' });
    now = 331_000;
    expect(await machine.drivers.powerSchedule.read()).toEqual({ action: 'reboot', at: 361_000, message: '' });
    return machine;
  };
  for (const code of [0, 1116]) {
    const machine = await begun(code);
    await machine.drivers.powerSchedule.apply({ cancel: true });
    expect(machine.ran.at(-1)?.slice(1)).toEqual(['/a']);
    expect(await machine.drivers.powerSchedule.read()).toBeNull();
  }
  expect(await code((await begun(5)).drivers.powerSchedule.apply({ cancel: true }))).toBe('unavailable');
});
