import { afterEach, expect, test } from 'bun:test';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { createWindowsMachine, type WindowsMachine } from '../../test/support/windows-system.ts';
import { audit } from '../db/schema/audit.ts';

/** The System page with the drivers of Windows: what reads there otherwise than on Linux. */
let panel: TestApp;
let browsers = new Map<string, Browser>();
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

function start(given: WindowsMachine = {}) {
  panel = testApp();
  browsers = new Map();
  const machine = createWindowsMachine({ ...given, now: () => panel.clock.now() });
  Object.assign(panel.app.host, machine.drivers, { kind: 'windows' });
  return machine;
}
/** One for each role: it signs in once. */
function as(role: 'admin' | 'viewer'): Browser {
  const found = browsers.get(role) ?? panel.as(role);
  browsers.set(role, found);
  return found;
}
const read = async (path: string, lang = 'en', role: 'admin' | 'viewer' = 'admin') => (await as(role).request(path, { headers: { 'accept-language': lang } })).text();
const words = (html: string) => html.replace(/<(script|style)[^]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ').replaceAll('&#39;', "'").replace(/\s+/g, ' ');
const FILE = { path: 'D:\\pagefile.sys', initial: '512', maximum: '1024' };
const CHANGES: [string, Record<string, string>, string][] = [
  ['hostname', { name: 'web-1', pretty: '' }, "Rename-Computer -NewName 'web-1' -Force"], ['time-zone', { zone: 'W. Europe Standard Time' }, "Set-TimeZone -Id 'W. Europe Standard Time'"],
  ['clock-sync', { to: 'off' }, 'Stop-Service -Name W32Time'], ['clock-sync/servers', { servers: 'ntp.example.com\n10.0.0.1' }, "'ntp.example.com,0x8 10.0.0.1,0x8'"], ['clock-sync/now', {}, 'w32tm /resync'],
  ['locale', { locale: 'zh-CN' }, "Set-WinSystemLocale -SystemLocale 'zh-CN'"], ['dns', { link: '12', servers: '9.9.9.9', search: 'example.com' }, "-InterfaceIndex 12 -ServerAddresses '9.9.9.9'"],
  ['swap/page-file', FILE, 'InitialSize = 512; MaximumSize = 1024'], ['swap/page-file/remove', { path: 'D:\\pagefile.sys' }, 'Remove-CimInstance'], ['swap/page-file/automatic', {}, 'AutomaticManagedPagefile = $true'],
  ['power/schedule', { action: 'reboot', when: '+90', message: 'Drivers' }, 'power-schedule.ps1 plan'],
];

test('S1 S2 S3 what Windows does not take is said beside its field, and nothing runs', async () => {
  const { changes } = start();
  const admin = as('admin');
  const wrong: [string, Record<string, string>, string][] = [
    ...['a.b', '12345', 'a'.repeat(16), '-x'].map((name): [string, Record<string, string>, string] => ['hostname', { name, pretty: '' }, 'f-name-error']),
    ...['Asia/Shanghai', "x'; calc", ''].map((zone): [string, Record<string, string>, string] => ['time-zone', { zone }, 'f-zone-error']),
    ...['', 'a b c d e f g h i', 'a_b', "x,0x9'", '-x', 'fe80::1%12'].map((servers): [string, Record<string, string>, string] => ['clock-sync/servers', { servers }, 'f-servers-error']),
    ['locale', { locale: 'de_DE.UTF-8' }, 'f-locale-error'],
    ...['', '1', '99', 'x', '1e9'].map((link): [string, Record<string, string>, string] => ['dns', { link, servers: '1.1.1.1', search: '' }, 'f-link-error']),
    ['dns', { link: '12', servers: '1.1.1.1;x', search: '' }, 'f-servers-error'],
    ['swap/page-file', { ...FILE, path: 'E:\\pagefile.sys' }, 'f-path-error'], ['swap/page-file', { ...FILE, path: 'C:\\Windows\\pagefile.sys' }, 'f-path-error'],
    ['swap/page-file', { ...FILE, initial: '2048' }, 'f-maximum-error'], ['swap/page-file', { ...FILE, maximum: '2000' }, 'f-maximum-error'], ['swap/page-file', { ...FILE, initial: '0' }, 'f-maximum-error'], ['swap/page-file', { ...FILE, initial: '1.5' }, 'f-initial-error'],
    ['power/schedule', { action: 'reboot', when: '+5', message: '%TEMP%' }, 'f-message-error'],
  ];
  for (const [path, form, id] of wrong) {
    const answer = await admin.request(`/system/${path}`, { form });
    expect([path, form, answer.status, (await answer.text()).includes(id)]).toEqual([path, form, 422, true]);
  }
  expect((await admin.request('/system/swap/page-file/remove', { form: { path: 'D:\\pagefile.sys' } })).status).toBe(404);
  expect((await admin.request('/system/swap/page-file/remove', { form: { path: 'C:\\Windows\\win.ini' } })).status).toBe(422);
  expect((await admin.request('/system/swap/new', { form: { size: '1024' } })).status).toBe(501);
  expect((await admin.request('/system/swap/swappiness', { form: { swappiness: '10' } })).status).toBe(501);
  expect(changes()).toEqual([]);
  expect(panel.app.db.select().from(audit).all()).toEqual([]);
});

test('each change: its commands shown first, then done, and in the log with them', async () => {
  const { changes } = start();
  const admin = as('admin');
  for (const [path, form, command] of CHANGES) {
    const shown = await (await admin.request(`/system/${path}`, { form })).text();
    expect([path, words(shown).includes(command) || shown.includes(command)]).toEqual([path, true]);
    const done = await admin.request(`/system/${path}`, { form: { ...form, do: 'apply', seen: /name="seen" value="([^"]*)"/.exec(shown)?.[1] ?? '' } });
    expect([path, done.status]).toEqual([path, 303]);
  }
  expect(changes()).toEqual(['identity.ps1 rename', 'time.ps1 zone', 'time.ps1 off', 'time.ps1 servers', 'locale.ps1 set', 'network.ps1 servers', 'network.ps1 search', 'swap.ps1 write', 'swap.ps1 remove', 'swap.ps1 automatic', 'power-schedule.ps1 plan']);
  const rows = panel.app.db.select().from(audit).all();
  expect(rows.map(({ action }) => action)).toEqual(['system.hostname', 'system.time_zone', 'system.clock_sync', 'system.time_servers', 'system.clock_resync', 'system.locale', 'system.dns', 'system.page_file', 'system.page_file_remove', 'system.page_file_automatic', 'power.schedule']);
  expect(rows.every(({ commands, result }) => commands.length > 0 && result === 'ok')).toBe(true);
  const overview = words(await read('/system'));
  for (const said of ['WEB-1', 'Amsterdam, Berlin, Bern', 'zh-CN', 'W32Time']) expect(overview).toContain(said);
  expect(words(await read('/system/power'))).toContain('Restarts at');
});

test('what a tool says when it fails is told, and the log says that it failed', async () => {
  start({ chinese: true, refuse: { 'identity.ps1 rename': { category: 'PermissionDenied', message: '拒绝访问。' } } });
  const admin = as('admin');
  const form = { name: 'web-1', pretty: '' };
  const shown = await (await admin.request('/system/hostname', { form })).text();
  const done = await admin.request('/system/hostname', { form: { ...form, do: 'apply', seen: /name="seen" value="([^"]*)"/.exec(shown)?.[1] ?? '' } });
  expect([done.status, (await done.text()).includes('拒绝访问。')]).toEqual([403, true]);
  expect(panel.app.db.select().from(audit).all().map(({ action, result }) => [action, result])).toEqual([['system.hostname', 'failed']]);
});

test('the pages in the words of Windows, in both languages', async () => {
  start({ chinese: true });
  const said: [string, string, string[]][] = [
    ['/system', 'en', ['北京，重庆，香港特别行政区', 'Right, by the network', 'cn.ntp.org.cn', 'Last set', 'Languages of Windows', '3 locales', 'Ask now', 'Servers…']],
    ['/system', 'zh-CN', ['上次校准', 'Windows 的语言', '3 个区域设置', '立即同步', '-250.73 ms']],
    ['/system/network', 'en', ['以太网', '10.0.0.1 by DHCP or advertised', 'Windows, for each interface by itself', '52:54:00:12:34:56', 'everywhere (IPv4) 10.0.0.1']],
    ['/system/network', 'zh-CN', ['WLAN 未启用', '由 DHCP 或通告获得', 'Windows，每个接口各有设置']],
    ['/system/swap', 'en', ['C:\\pagefile.sys', 'Page files From the next start on.', 'Windows decides where they lie', 'Page file…']],
    ['/system/swap', 'zh-CN', ['页面文件 下次启动后的设置。', '由 Windows 决定位置和大小。']],
    ['/system/power/schedule', 'zh-CN', ['关闭前一分钟']],
    ['/system/hostname', 'en', ['at most 15', 'value']],
    ['/system/dns?link=12', 'zh-CN', ['留空则使用 DHCP']],
    ['/system/time-zone', 'zh-CN', ['(UTC-03:30) 纽芬兰 · Newfoundland Standard Time']],
    ['/system/swap/page-file', 'en', ['D:\\ (2', '0 in both: as Windows finds good']],
  ];
  for (const [path, lang, texts] of said) {
    const html = await read(path, lang);
    // The facts beside them are those of the made-up machine.
    const text = words(html).replace('Debian GNU/Linux', '');
    for (const each of texts) expect([path, lang, each, text.includes(each) || html.includes(each)]).toEqual([path, lang, each, true]);
    for (const linux of ['systemd', 'swapfile', '/etc/', 'Priority', 'ip(8)', 'Linux', 'root']) expect([path, linux, text.includes(linux)]).toEqual([path, linux, false]);
  }
});

test('a viewer sees the same without buttons; without rights or PowerShell it is said why', async () => {
  start();
  for (const path of ['', '/network', '/swap', '/power']) expect([path, /href="\/system\/(hostname|dns|clock|locale|swap\/|power\/)/.test(await read(`/system${path}`, 'en', 'viewer'))]).toEqual([path, false]);
  await panel.close();
  start({ elevated: false });
  for (const path of ['', '/network', '/swap', '/power']) expect([path, words(await read(`/system${path}`)).includes('does not run as an administrator')]).toEqual([path, true]);
  await panel.close();
  start({ missing: true, chinese: true });
  for (const path of ['', '/network', '/swap', '/power']) expect([path, words(await read(`/system${path}`, 'zh-CN')).includes('无法启动 PowerShell')]).toEqual([path, true]);
  await panel.close();
  start({ refuse: { 'network.ps1 interfaces': { code: 'mantou:unavailable' }, 'swap.ps1 read': { code: 'CommandNotFoundException' }, 'power-schedule.ps1 read': { category: 'PermissionDenied' } } });
  for (const [path, why] of [['/network', 'network.ps1 interfaces could not do it'], ['/swap', 'This edition of Windows does not have'], ['/power', 'may not do this']]) expect([path, words(await read(`/system${path}`)).includes(why!)]).toEqual([path, true]);
  await panel.close();
  start({ domain: 'corp.example.com' });
  expect(words(await read('/system'))).toContain('member of the domain corp.example.com');
  expect((await as('admin').request('/system/hostname', { form: { name: 'a', pretty: '' } })).status).toBe(501);
});
