import { manualClock } from '../../src/lib/clock.ts';
import { AppError } from '../../src/lib/errors.ts';
import type { Exec } from '../../src/platform/exec.ts';
import { createFakeRegistry } from '../../src/platform/fake/registry.ts';
import { REG, type RegistryDriver, type RegistryValue } from '../../src/platform/registry.ts';
import { createWindowsBlocks } from '../../src/platform/windows/blocks/blocks.ts';
import { createWindowsFirewall } from '../../src/platform/windows/firewall/firewall.ts';
import type { PowerShell } from '../../src/platform/windows/powershell/powershell.ts';

/**
 * Rules of Windows, as its registry has them. Not captured, there being no Windows at hand: written from the grammar in
 * [MS-GPFAS] 2.2.2.19 and from the rules that Microsoft lists as predefined.
 */
const RDP = 'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice|Name=@FirewallAPI.dll,-28775|Desc=@FirewallAPI.dll,-28756|EmbedCtxt=@FirewallAPI.dll,-28752|';
export const RULES: Record<string, string> = {
  'RemoteDesktop-UserMode-In-TCP': RDP,
  'CoreNet-ICMP6-NDS-In': 'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=58|ICMP6=135:*|App=System|Name=@FirewallAPI.dll,-25026|',
  'FPS-SMB-In-TCP': 'v2.31|Action=Allow|Active=FALSE|Dir=In|Protocol=6|Profile=Private|LPort=445|RA4=LocalSubnet|App=System|Name=@FirewallAPI.dll,-28511|',
  'Web-Off': 'v2.31|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=8080|Name=Web|',
  'DCOM-RPC-In': 'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=RPC-EPMap|App=%SystemRoot%\\system32\\svchost.exe|Svc=rpcss|Name=RPC|',
  '{6F0E2E4A-0001-4000-8000-000000000001}': 'v2.31|Action=Allow|Active=TRUE|Dir=In|LUOwn=S-1-5-21-1|AppPkgId=S-1-15-2-1|Name=@{Microsoft.Store?ms-resource://x}|',
  '{6F0E2E4A-0001-4000-8000-000000000002}': 'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=22|Name=OpenSSH|',
  '{6F0E2E4A-0001-4000-8000-000000000003}': 'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8686|Name=面板|',
  '{6F0E2E4A-0001-4000-8000-000000000004}': 'v2.31|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort2_10=25-26|RPort=587|RA4=10.0.0.0/255.0.0.0|Name=No mail|Desc=a=b|',
};
const ADD = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services';
const LOCAL = `${ADD}\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules`;
const POLICY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
const wide = (text: string) => Uint8Array.from(Buffer.from(`${text}\0`, 'utf16le'));
const text = ({ bytes }: RegistryValue) => Buffer.from(bytes).toString('utf16le').replace(/\0+$/, '');
export const sz = (name: string, text: string): RegistryValue => ({ name, type: REG.sz, bytes: wide(text) });
export const dword = (name: string, value: number): RegistryValue => ({ name, type: REG.dword, bytes: Uint8Array.from([value, 0, 0, 0]) });

export interface Machine {
  service?: number;
  enabled?: boolean;
  /** Types of profiles that are off. */
  off?: number[];
  inbound?: number;
  policy?: Record<string, string>;
  ruled?: RegistryValue[];
  /** Verbs and words of netsh at which it fails. */
  fails?: (what: string) => boolean;
  rules?: Record<string, string>;
  /** Settings of this machine's own profiles. */
  settings?: RegistryValue[];
  elevated?: boolean;
  /** What exposure.ps1 answers; null: it fails. */
  listeners?: object[];
  look?: object | null;
}

/** A Windows that does not exist, without the rest of it. Does with the registry what Windows does when NetSecurity and netsh are called. */
export function windowsFirewall(folder: string, { service = 4, enabled = true, off = [], inbound = 0, policy = {}, ruled = [], fails = () => false, rules = RULES, settings = [], elevated = true, listeners = [], look = null }: Machine = {}) {
  const registry: RegistryDriver = createFakeRegistry(manualClock(), [
    [LOCAL, ...Object.entries(rules).map(([name, text]) => sz(name, text))], [`${POLICY}\\FirewallRules`, ...Object.entries(policy).map(([name, text]) => sz(name, text))],
    [`${POLICY}\\PublicProfile`, ...ruled], ...['DomainProfile', 'StandardProfile', 'PublicProfile'].map((name): [string, ...RegistryValue[]] => [`${LOCAL.replace('FirewallRules', name)}`, ...settings]), [`${ADD}\\mpssvc`, dword('Start', 2)], [`${ADD}\\PortProxy\\v4tov4\\tcp`, sz('0.0.0.0/2222', '10.8.0.5/22'), sz('strange', '')],
  ]);
  const place = { path: LOCAL, view: 64 as const };
  const ran: string[] = [];
  const asked: string[][] = [];
  const rule = ({ direction, action, protocol, localPort, remoteAddress, displayName }: Record<string, string & string[]>) => [
    'v2.31', `Action=${action}`, 'Active=TRUE', `Dir=${direction === 'Inbound' ? 'In' : 'Out'}`, ...(protocol === 'Any' ? [] : [`Protocol=${protocol === 'TCP' ? 6 : 17}`]),
    ...localPort!.filter((one) => one !== 'Any').map((one) => (one.includes('-') ? `LPort2_10=${one}` : `LPort=${one}`)), ...remoteAddress!.filter((one) => one !== 'Any').map((one) => `RA4=${one}`), `Name=${displayName}`, '',
  ].join('|');
  const verbs: Record<string, (given: never) => unknown> = {
    state: () => ({ service, profiles: service === 4 ? [1, 2, 4].map((type) => ({ type, current: type === 4, enabled: enabled && !off.includes(type), inbound, outbound: 1, shielded: false })) : [] }),
    names: ({ names }: { names: string[] }) => (asked.push(names), { names: names.map((name) => ({ name, text: name.includes('28775') ? '远程桌面 - 用户模式(TCP-In)' : name })) }),
    add: async (given: Record<string, string & string[]>) => (await registry.set(place, sz(given.name!, rule(given))), {}),
    change: async (given: Record<string, string & string[]>) => (await registry.set(place, sz(given.name!, rule(given))), {}),
    remove: async ({ name }: { name: string }) => (await registry.unset(place, name), {}),
    profiles: (given: { enabled: string | null; inbound: string | null }) => {
      if (given.enabled) [enabled, off] = [given.enabled === 'True', []];
      if (given.inbound) inbound = given.inbound === 'Allow' ? 1 : 0;
      return {};
    },
  };
  const blockText = (name: string, group: string, addresses: string[]) =>
    ['v2.31', 'Action=Block', 'Active=TRUE', 'Dir=In', ...addresses.map((address) => `RA${address.includes(':') ? 6 : 4}=${address}`), `Name=${name}`, `EmbedCtxt=${group}`, ''].join('|');
  const blockVerbs: Record<string, (given: never) => unknown> = {
    add: async (given: { name: string; displayName: string; group: string; addresses: string[] }) => (await registry.set(place, sz(given.name, blockText(given.displayName, given.group, given.addresses))), {}),
    set: async ({ name, addresses }: { name: string; addresses: string[] }) => {
      const now = text((await registry.read(place))!.values.find((value) => value.name === name)!);
      await registry.set(place, sz(name, now.replace(/\|RA[46]=[^|]*/g, '').replace('|Dir=In', `|Dir=In${addresses.map((address) => `|RA${address.includes(':') ? 6 : 4}=${address}`).join('')}`)));
      return {};
    },
    remove: async ({ names }: { names: string[] }) => {
      for (const name of names) await registry.unset(place, name);
      return {};
    },
    lifelines: () => ({ own: ['203.0.113.10', 'fe80::1'], gateways: ['203.0.113.1'], resolvers: ['192.0.2.53'] }),
  };
  const exported = new Map<string, RegistryValue[]>();
  /** What `netsh advfirewall` writes down and reads again: all of the rules. */
  async function netsh(verb: string | undefined, file: string) {
    const { values } = (await registry.read(place))!;
    if (verb === 'export') exported.set(file, values);
    if (verb !== 'import' || !exported.has(file)) return;
    for (const { name } of values) await registry.unset(place, name);
    for (const value of exported.get(file)!) await registry.set(place, value);
  }
  const shell: PowerShell = {
    missing: () => null, show: () => '', close() {}, greeting: async () => ({ version: '5.1.20348.2227', os: '10.0.20348.0', language: 'zh-CN', codePage: 936, elevated, wide: true }),
    async call(script, verb, given, answer) {
      if (script === 'exposure.ps1') {
        if (verb === 'look' && look === null) throw new AppError('unavailable', (t) => t.powershell.busy, { detail: 'RPC 服务器不可用' });
        return answer.parse(verb === 'look' ? look : { listeners });
      }
      if (script === 'blocks.ps1') {
        if (verb !== 'lifelines') ran.push(`blocks ${verb}`);
        if (fails(`blocks ${verb}`)) throw new AppError('denied', (t) => t.powershell.denied);
        return answer.parse(await blockVerbs[verb]!(given as never));
      }
      if (verb !== 'state' && verb !== 'names') ran.push(verb);
      if (fails(verb)) throw new AppError('denied', (t) => t.powershell.denied);
      return answer.parse(await verbs[verb]!(given as never));
    },
  };
  const exec: Exec = {
    which: (tool) => `C:\\Windows\\System32\\${tool}.exe`,
    async run(argv) {
      ran.push(argv.slice(1).join(' '));
      const bad = fails(argv.slice(1, 3).join(' '));
      if (!bad && argv[1] === 'advfirewall') await netsh(argv[2], argv[3]!);
      return { code: bad ? 1 : 0, stdout: bad ? '请求的操作需要提升' : '', stderr: '', truncated: false };
    },
  };
  const driver = createWindowsFirewall(exec, registry, shell, () => folder);
  return { driver, blocks: createWindowsBlocks(registry, shell), registry, place, shell, ran, asked, read: () => driver.read(), names: async () => (await registry.read(place))!.values.map(({ name }) => name) };
}
