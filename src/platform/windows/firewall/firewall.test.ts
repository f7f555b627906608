import { afterEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp } from '../../../../test/support/app.ts';
import { dword, RULES, windowsFirewall, type Machine } from '../../../../test/support/windows-firewall.ts';
import { SYSTEM, type Actor } from '../../../core/app.ts';
import { listArmed } from '../../../core/armed/armed.ts';
import { readFirewall } from '../../../core/firewall/firewall.ts';
import { addForward, ForwardInput, removeForward } from '../../../core/firewall/forwards.ts';
import { RuleInput } from '../../../core/firewall/rule.ts';
import { addRule, changeRule, removeRule } from '../../../core/firewall/rules.ts';
import { enableFirewall, PolicyInput, setPolicy } from '../../../core/firewall/settings.ts';
import { en } from '../../../i18n/en.ts';
import { zhCN } from '../../../i18n/zh-CN.ts';
import { AppError } from '../../../lib/errors.ts';
import { fieldsOf, ruleOf } from './rules.ts';
import { powerShellWord } from './words.ts';

const folder = mkdtempSync(join(tmpdir(), 'mantou-firewall-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const machine = (options: Machine = {}) => windowsFirewall(folder, options);

function panel(options: Machine = {}) {
  const windows = machine(options);
  const t = testApp({ firewall: windows.driver });
  closing.push(async () => {
    expect(t.errors).toEqual([]);
    await t.close();
  });
  return { ...windows, app: t.app, admin: t.as('admin') };
}

const code = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)}` : String(error)));
const far: Actor = { ...SYSTEM, ip: '203.0.113.9' };
const input = (more: object) => RuleInput.parse({ action: 'allow', ...more });
const netsh = (text: string) => text.replace(/\S*before-[\w-]+\.wfw/, 'FILE');

describe('refused', () => {
  test('what Windows has no rule for: limit, reject, a version of IP alone, an interface, notes that are no name, UDP forwards', async () => {
    const { app, ran } = panel();
    const add = (more: object) => code(addRule(app, SYSTEM, input({ ports: '443', ...more }), { armed: false }));
    for (const action of ['limit', 'reject']) expect(await add({ action })).toBe(`conflict: ${en.firewall.windows.action}`);
    expect(await add({ family: 'v6' })).toBe(`conflict: ${en.firewall.windows.family}`);
    expect(await add({ interface: 'Ethernet' })).toBe(`conflict: ${en.firewall.windows.interface}`);
    for (const comment of ['a|b', '@FirewallAPI.dll,-1', 'All']) expect(await add({ comment })).toBe(`conflict: ${en.firewall.windows.note}`);
    expect(await code(addForward(app, SYSTEM, ForwardInput.parse({ protocol: 'udp', port: 53, toAddress: '10.0.0.5', toPort: 53 }), { armed: false }))).toBe(`unsupported: ${en.firewall.windows.forwardUdp}`);
    expect(await code(setPolicy(app, SYSTEM, PolicyInput.parse({ direction: 'in', policy: 'reject' }), { armed: false }))).toStartWith('unsupported: Windows Defender Firewall');
    expect(ran).toEqual([]);
  });

  test('what Group Policy decides, names that PowerShell would read as a pattern, a service that does not run', async () => {
    const policy = { '{1}': 'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=5985|Name=WinRM|' };
    const { app, ran, driver } = panel({ policy, ruled: [dword('DefaultInboundAction', 1)], rules: { ...RULES, '[ab]*': 'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=9|Name=x|' } });
    const { rules } = await readFirewall(app, SYSTEM);
    const of = (name: string) => rules.find(({ comment }) => comment === name)!;
    expect(of('WinRM').extra).toBe('GroupPolicy');
    expect(await code(removeRule(app, SYSTEM, of('WinRM').id, { armed: true }))).toBe(`unsupported: ${en.firewall.windows.byPolicy}`);
    expect(await code(removeRule(app, SYSTEM, of('x').id, { armed: false }))).toBe(`unsupported: ${en.firewall.windows.pattern}`);
    expect(await code(setPolicy(app, SYSTEM, PolicyInput.parse({ direction: 'in', policy: 'allow' }), { armed: false }))).toBe(`unsupported: ${en.firewall.windows.byPolicy}`);
    const off = machine({ service: 1 });
    const state = await off.read();
    expect([state.active, state.rules.length]).toEqual([false, 9]);
    expect(await code(off.driver.plan({ verb: 'enable', allow: [] }, state))).toBe(`conflict: ${en.firewall.windows.service}`);
    expect([ran, off.ran, await code(driver.plan({ verb: 'remove', rule: { ...of('x'), id: 'gone' } }, await driver.read()))]).toEqual([[], [], `not_found: ${en.firewall.gone}`]);
  });

  test('rules of this machine, where Group Policy lets only its own count', async () => {
    const { app, ran, read } = panel({ ruled: [dword('AllowLocalPolicyMerge', 0)] });
    expect(new Set((await read()).rules.map(({ aside, extra }) => aside && extra?.endsWith('AllowLocalPolicyMerge=0')))).toEqual(new Set([true]));
    expect(await code(addRule(app, SYSTEM, input({ ports: '443' }), { armed: false }))).toBe(`unsupported: ${en.firewall.windows.byPolicy}`);
    expect(ran).toEqual([]);
  });

  test('locking out: the panel’s port, whoever else may come in', async () => {
    const { app, ran } = panel();
    const { rules } = await readFirewall(app, far);
    const own = rules.find(({ comment }) => comment === '面板')!;
    expect(await code(removeRule(app, far, own.id, { armed: false }))).toContain('your browser from the panel on port 8686');
    expect(await code(addRule(app, far, input({ action: 'deny', source: '203.0.113.0/24', protocol: 'any' }), { armed: false }))).toContain('your browser from the panel');
    expect(ran).toEqual([]);
  });
});

describe('rules of the registry', () => {
  test('ports, ranges, networks, programs, profiles; what the model has no words for is shown as it is, and lets nobody in', async () => {
    const { rules, policies, active, boot, forwards } = await machine().read();
    const of = (port: number) => rules.find(({ spec }) => spec?.ports.some(({ from }) => from === port))!;
    expect([active, boot, policies]).toEqual([true, true, { in: 'deny', out: 'allow', forward: null }]);
    expect(of(3389)).toMatchObject({ comment: '远程桌面 - 用户模式(TCP-In)', aside: false, extra: 'App=%SystemRoot%\\system32\\svchost.exe, Svc=termservice', spec: { action: 'allow', protocol: 'tcp', program: '%SystemRoot%\\system32\\svchost.exe' } });
    expect(of(25)).toMatchObject({ comment: 'No mail', aside: true, extra: null, spec: { action: 'deny', direction: 'out', ports: [{ from: 25, to: 26 }, { from: 587, to: 587 }], destination: '10.0.0.0/8', source: null, family: 'v4' } });
    const silent = rules.filter(({ spec }) => spec === null);
    expect(silent.map(({ aside }) => aside)).toEqual([true, true, true, true]);
    expect(silent.map(({ text }) => text)).toContain('@FirewallAPI.dll,-25026: Action=Allow Active=TRUE Dir=In Protocol=58 ICMP6=135:* App=System');
    expect(forwards).toMatchObject([{ protocol: 'tcp', port: 2222, toAddress: '10.8.0.5', toPort: 22, native: true }]);
  });

  test.each([
    ['RA4=10.0.0.1-10.0.0.9', null], ['RA4=10.0.0.1-10.0.0.1', '10.0.0.1'], ['RA4=10.0.0.0/255.0.255.0', null], ['RA4=10.0.0.0/0.0.0.0', '0.0.0.0/0'], ['RA6=2001:db8::/32', '2001:db8::/32'],
    ['RA6=fe80::1%2', null], ['RA4=10.0.0.1|RA4=10.0.0.2', null], ['RA42=DefaultGateway', null], ['IFType=Wireless', null], ['LUAuth=O:LSD:(A;;CC;;;S-1-5-32-544)', null], ['Svc=dhcp', null], ['RPort=53', null],
  ])('%s', (more, source) => {
    const rule = ruleOf({ name: 'a', text: `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=80|${more}|Name=a|`, store: 'local' }, (name) => name);
    expect([rule.spec?.source ?? null, rule.aside]).toEqual([source, false]);
  });

  test('one of another kind of network, one that is switched off, one that nobody understands', () => {
    const of = (text: string, current = ['Public']) => ruleOf({ name: 'n', text, store: 'local' }, (name) => name, current);
    const whole = 'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=80|Name=a|';
    expect(of(`${whole}Profile=Domain|Profile=Private|`)).toMatchObject({ aside: true, spec: { profile: 'Domain, Private' } });
    expect(of(`${whole}Profile=Domain|Profile=Public|`)).toMatchObject({ aside: false, extra: 'Profile=Domain, Profile=Public' });
    expect(of(`${whole}Profile=Domain|`, []).aside).toBe(false);
    expect(of(whole.replace('TRUE', 'FALSE'))).toMatchObject({ aside: true, extra: 'Active=FALSE', spec: { enabled: false } });
    for (const text of ['', 'nonsense', 'v2.31', 'x|Action=Allow|', 'v2.31|=|a|']) expect(of(text).spec, text).toBeNull();
    expect(fieldsOf('v2.31|Name=a=b|')!.get('Name')).toEqual(['a=b']);
  });

  test('2,000 rules cost one question for their names, and none the second time', async () => {
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`r${i}`, `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=${i + 1}|RA4=10.0.0.${i % 256}|Name=@x.dll,-${i % 300}|`]));
    const { read, asked } = machine({ rules: many });
    await read();
    expect((await read()).rules).toHaveLength(2000);
    expect(asked.map((names) => names.length)).toEqual([300]);
  });
});

describe('changed', () => {
  test('a rule is added, changed and removed by its own name; TCP and UDP apart; shown as a person would type it', async () => {
    const { app, ran, names } = panel();
    const { commands } = await addRule(app, SYSTEM, input({ ports: '443, 6000-6010', protocol: 'any', source: '198.51.100.0/24', comment: "Lin’s shop & $x" }), { armed: false });
    expect(commands.map(netsh)).toEqual([
      'netsh advfirewall export FILE',
      expect.stringMatching(/^New-NetFirewallRule -Name Mantou-\w{16} -DisplayName 'Lin’’s shop & \$x' -Group Mantou -Direction Inbound -Action Allow -Protocol TCP -LocalPort 443,6000-6010 -RemoteAddress 198\.51\.100\.0\/24$/),
      'netsh advfirewall export FILE', expect.stringContaining(' -Protocol UDP '),
    ]);
    expect(ran.map(netsh)).toEqual([expect.stringMatching(/^advfirewall export /), 'add', 'add']);
    const ours = async () => (await readFirewall(app, SYSTEM)).rules.filter(({ origin }) => origin === 'ours');
    const [tcp, udp] = await ours();
    expect([tcp!.comment, tcp!.spec!.protocol, udp!.spec!.protocol]).toEqual(['Lin’s shop & $x', 'tcp', 'udp']);
    await changeRule(app, SYSTEM, tcp!.id, input({ ports: '443' }), { armed: false });
    expect((await ours()).map(({ spec, comment }) => [spec!.protocol, spec!.source, comment])).toEqual([['tcp', null, ''], ['udp', '198.51.100.0/24', 'Lin’s shop & $x']]);
    await removeRule(app, SYSTEM, udp!.id, { armed: false });
    expect((await ours()).map(({ spec }) => spec!.protocol)).toEqual(['tcp']);
    expect((await names()).filter((name) => !name.startsWith('Mantou-'))).toEqual(Object.keys(RULES));
    expect(ran.filter((one) => one.includes('import'))).toEqual([]);
  });

  test('what might lock out is armed, and goes back by the import of what was exported before', async () => {
    const { app, driver, ran } = panel({ inbound: 1 });
    const { armed } = await setPolicy(app, far, PolicyInput.parse({ direction: 'in', policy: 'deny' }), { armed: false });
    expect(armed!.steps.map(netsh)).toEqual([expect.stringContaining('netsh.exe advfirewall import FILE')]);
    expect(ran.map(netsh)).toEqual(['advfirewall export FILE', 'profiles']);
    expect(ran[0]!.replace('export', 'import')).toBe(armed!.steps[0]!.replace(/^.*netsh\.exe /, ''));
    expect(listArmed(app)).toHaveLength(1);
    expect((await driver.read()).policies.in).toBe('deny');
  });

  test('turned on with rules for those who are there, and off; a step that fails takes back what was made', async () => {
    const allow = (await machine({ enabled: false }).read()).rules.flatMap(({ spec }) => (spec?.ports[0]?.from === 22 ? [{ ...spec, comment: 'SSH' }] : []));
    const on = machine({ enabled: false });
    const state = await on.read();
    expect(state.active).toBe(false);
    const plan = await on.driver.plan({ verb: 'enable', allow }, state);
    expect(plan.commands.at(-1)).toBe('Set-NetFirewallProfile -All -Enabled True');
    await on.driver.apply(plan);
    expect((await on.read()).active).toBe(true);
    await on.driver.revert(plan);
    expect(on.ran.map(netsh)).toEqual(['advfirewall export FILE', 'add', 'profiles', 'advfirewall import FILE']);
    const bad = machine({ enabled: false, fails: (what) => what === 'profiles' });
    expect(await code((async () => bad.driver.apply(await bad.driver.plan({ verb: 'enable', allow }, await bad.read())))())).toStartWith('denied');
    expect([bad.ran.map(netsh), await bad.names()]).toEqual([['advfirewall export FILE', 'add', 'profiles', 'remove'], Object.keys(RULES)]);
    // Nothing is changed that could not be taken back.
    const full = machine({ fails: (what) => what === 'advfirewall export' });
    expect(await code((async () => full.driver.apply(await full.driver.plan({ verb: 'disable' }, await full.read())))())).toStartWith('unavailable');
    expect(full.ran.map(netsh)).toEqual(['advfirewall export FILE']);
  });

  test('a rule that is switched off is no reason not to add the same', async () => {
    const { app } = panel({ rules: { ...RULES, off: 'v2.31|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=9443|Name=off|' } });
    await addRule(app, SYSTEM, input({ ports: '9443' }), { armed: false });
    expect((await readFirewall(app, SYSTEM)).rules.filter(({ spec }) => spec?.ports[0]?.from === 9443).map(({ spec }) => spec!.enabled)).toEqual([false, true]);
  });

  test('on for some kinds of networks alone: the page says so, and it can be turned on for the rest', async () => {
    const { app, admin, ran } = panel({ off: [1] });
    const html = async (language: string) => (await admin.request('/firewall', { headers: { 'accept-language': language } })).text();
    const chinese = await html('zh-CN');
    for (const said of ['部分网络类型的防火墙已关闭', '公用', '已连接', '远程桌面 - 用户模式(TCP-In)', 'href="/firewall/enable"', '已停用']) expect(chinese).toContain(said);
    const form = await (await admin.request('/firewall/rules/new', { headers: { 'accept-language': 'en' } })).text();
    expect([form.includes('value="allow"'), form.includes('value="limit"'), form.includes('name="interface"')]).toEqual([true, false, false]);
    expect(await (await admin.request('/firewall/policy', { headers: { 'accept-language': 'en' } })).text()).not.toContain('value="reject"');
    await enableFirewall(app, SYSTEM, { letIn: false, armed: false });
    expect(ran.map(netsh)).toEqual(['advfirewall export FILE', 'profiles']);
    expect(await html('en')).not.toContain('It is off for some kinds of networks');
    expect(await code(enableFirewall(app, SYSTEM, { letIn: false, armed: false }))).toStartWith('conflict');
  });

  test('ports are forwarded by portproxy, which the export does not hold', async () => {
    const { app, ran } = panel();
    await addForward(app, SYSTEM, ForwardInput.parse({ port: 8080, toPort: 80 }), { armed: false });
    await addForward(app, SYSTEM, ForwardInput.parse({ port: 8081, toAddress: '2001:db8::5', toPort: 80 }), { armed: false });
    await removeForward(app, SYSTEM, (await readFirewall(app, SYSTEM)).forwards[0]!.id);
    expect(ran).toEqual([
      'interface portproxy add v4tov4 listenport=8080 listenaddress=* connectport=80 connectaddress=127.0.0.1',
      'interface portproxy add v4tov6 listenport=8081 listenaddress=* connectport=80 connectaddress=2001:db8::5',
      'interface portproxy delete v4tov4 listenport=2222 listenaddress=0.0.0.0',
    ]);
  });
});

test('exports are kept for a week; words of PowerShell are quoted', async () => {
  mkdirSync(folder, { recursive: true });
  const [old, other] = [join(folder, 'before-1-a.wfw'), join(folder, 'of-somebody.wfw')];
  for (const path of [old, other]) {
    writeFileSync(path, '');
    utimesSync(path, 0, 0);
  }
  const { driver, read } = machine();
  await driver.apply(await driver.plan({ verb: 'disable' }, await read()));
  expect([existsSync(old), existsSync(other), readdirSync(folder).length]).toEqual([false, true, 1]);
  expect(['443', '-All', 'a b', "a'b", '$(x)', '', 'listenaddress=*', 'C:\\数据\\a.wfw'].map(powerShellWord)).toEqual(['443', "'-All'", "'a b'", "'a''b'", "'$(x)'", "''", "'listenaddress=*'", "'C:\\数据\\a.wfw'"]);
  expect(Object.keys(zhCN.firewall.windows)).toEqual(Object.keys(en.firewall.windows));
});
