import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Exec } from '../../exec.ts';
import { NO_FIREWALL, noFirewall, type FirewallAbilities, type FirewallDriver, type FirewallPlan, type FirewallPolicy, type FirewallProfile, type FirewallRule, type FirewallState } from '../../firewall.ts';
import { runStep } from '../../linux/firewall/plan.ts';
import { REG, type RegistryDriver, type RegistryValue } from '../../registry.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { planChange, type Native, type WindowsStep } from './plan.ts';
import { forwardOf, PORT_PROXY, proxyOf, TABLES } from './portproxy.ts';
import { fieldsOf, ruleOf, type StoredRule } from './rules.ts';

/** `firewall.ps1 state`: {"service":4,"profiles":[{"type":4,"current":true,"enabled":true,"inbound":0,"outbound":1,"shielded":false}]} */
export const FirewallFacts = z.object({
  service: z.number().int(),
  profiles: z.array(z.object({ type: z.number().int(), current: z.boolean(), enabled: z.boolean(), inbound: z.number().int(), outbound: z.number().int(), shielded: z.boolean() })),
});
/** `firewall.ps1 names`: {"names":[{"name":"@FirewallAPI.dll,-28502","text":"文件和打印机共享"}]} */
export const RuleNames = z.object({ names: z.array(z.object({ name: z.string(), text: z.string() })) });

const LOCAL = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules';
const POLICY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
const SERVICE = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\mpssvc';
const RUNS = 4;
const AUTOMATIC = 2;
/** NET_FW_PROFILE_TYPE2 of icftypes.h, as rules name them. */
const PROFILE_NAMES: Record<number, string> = { 1: 'Domain', 2: 'Private', 4: 'Public' };
const PROFILES: Record<number, FirewallProfile['name']> = { 1: 'domain', 2: 'private', 4: 'public' };

export const NETSECURITY_ABILITIES: FirewallAbilities = {
  actions: ['allow', 'deny'], out: true, lists: true, anyPorts: 'none', interfaces: false, destinations: true, comments: true, limit: null, defaults: ['in', 'out'], ordered: false,
};

const text = ({ bytes }: RegistryValue) => Buffer.from(bytes).toString('utf16le').replace(/\0+$/, '');
const number = ({ type, bytes }: RegistryValue) => (type === REG.dword && bytes.length === 4 ? Buffer.from(bytes).readUInt32LE() : null);

/** What was exported before a change is of use until that is kept or taken back, also after a reboot. */
const EXPORTS_KEPT = 7 * 86_400_000;

/** NET_FW_ACTION */
const policyOf = (action: number): FirewallPolicy => (action === 0 ? 'deny' : 'allow');

/** @param exports folder for what `netsh advfirewall export` writes before a change */
export function createWindowsFirewall(exec: Exec, registry: RegistryDriver, shell: PowerShell, exports: () => string): FirewallDriver {
  const netsh = () => exec.which('netsh') ?? 'C:\\Windows\\System32\\netsh.exe';
  const names = new Map<string, string>();
  const values = async (path: string) => (await registry.read({ path, view: 64 }))?.values ?? [];

  async function stored(path: string, store: StoredRule['store']): Promise<StoredRule[]> {
    return (await values(path)).filter(({ type }) => type === REG.sz).map((value) => ({ name: value.name, text: text(value), store }));
  }

  /** Names in the language of the system; where they cannot be had, rules are called as Windows writes them. */
  async function learnNames(rules: readonly StoredRule[]) {
    const wanted = new Set(rules.flatMap((rule) => fieldsOf(rule.text)?.get('Name') ?? []).filter((name) => name.startsWith('@') && !names.has(name)));
    if (wanted.size === 0) return;
    const found = await shell.call('firewall.ps1', 'names', { names: [...wanted] }, RuleNames).catch(() => ({ names: [] }));
    for (const { name, text: said } of found.names) names.set(name, said);
  }

  async function proxies() {
    const tables = await Promise.all(TABLES.map(async (table) => (await values(`${PORT_PROXY}\\${table}\\tcp`)).flatMap((value) => proxyOf(table, value.name, text(value)) ?? [])));
    return tables.flat().map((proxy) => ({ proxy, forward: forwardOf(proxy) }));
  }

  /** Of the profiles: does Group Policy decide whether they are on, and what they do with the rest? */
  async function ruled() {
    const keys = ['DomainProfile', 'StandardProfile', 'PrivateProfile', 'PublicProfile'];
    const all = await Promise.all(keys.map((name) => values(`${POLICY}\\${name}`)));
    // There only its own rules count. The private profile was called the standard one.
    const alone = keys.filter((_, i) => all[i]!.some((value) => value.name.toLowerCase() === 'allowlocalpolicymerge' && number(value) === 0)).map((name) => name.replace('Profile', '').replace('Standard', 'Private'));
    const has = (name: string) => all.flat().some((value) => value.name.toLowerCase() === name.toLowerCase());
    return { enabled: has('EnableFirewall'), in: has('DefaultInboundAction'), out: has('DefaultOutboundAction'), alone };
  }

  async function read(): Promise<FirewallState> {
    const [local, policy, facts, forwards, byPolicy, service] = await Promise.all([
      stored(LOCAL, 'local'), stored(`${POLICY}\\FirewallRules`, 'policy'), shell.call('firewall.ps1', 'state', {}, FirewallFacts), proxies(), ruled(), values(SERVICE),
    ]);
    const rules = [...policy, ...local];
    await learnNames(rules);
    const here = facts.profiles.filter(({ current }) => current);
    const asked = (here.length ? here : facts.profiles).filter(({ enabled }) => enabled);
    const current = here.map(({ type }) => PROFILE_NAMES[type] ?? '');
    const ignored = current.length > 0 && current.every((name) => byPolicy.alone.includes(name));
    const unasked = (shown: FirewallRule): FirewallRule => ({ ...shown, aside: true, extra: [shown.extra, 'AllowLocalPolicyMerge=0'].filter(Boolean).join(', ') });
    const made = rules.map((rule) => {
      const shown = ruleOf(rule, (name) => names.get(name) ?? name, current);
      return { rule, shown: ignored && rule.store === 'local' ? unasked(shown) : shown };
    });
    const one = (which: 'inbound' | 'outbound'): FirewallPolicy | null => (facts.profiles.length === 0 ? null : (asked.length ? asked : facts.profiles).some((profile) => profile[which] === 0) ? 'deny' : 'allow');
    const active = facts.service === RUNS && asked.length > 0;
    const start = service.find(({ name }) => name.toLowerCase() === 'start');
    const native: Native = {
      export: join(exports(), `before-${crypto.randomUUID()}.wfw`), running: facts.service === RUNS, byPolicy: { ...byPolicy, rules: ignored },
      rules: new Map(made.map(({ rule, shown }) => [shown.id, rule])), proxies: new Map(forwards.map(({ proxy, forward }) => [forward.id, proxy])),
    };
    return noFirewall({
      provider: 'netsecurity', active, boot: active && (!start || number(start) === AUTOMATIC), policies: { in: one('inbound'), out: one('outbound'), forward: null },
      profiles: facts.profiles.flatMap(({ type, current: isCurrent, enabled, inbound, outbound, shielded }) => {
        const name = PROFILES[type];
        return name ? [{ name, current: isCurrent, enabled, shielded, policies: { in: policyOf(inbound), out: policyOf(outbound) } }] : [];
      }),
      rules: made.map(({ shown }) => shown), forwards: forwards.map(({ forward }) => forward), abilities: NETSECURITY_ABILITIES, native,
    });
  }

  async function run(step: WindowsStep) {
    if (step.call) await shell.call('firewall.ps1', step.call.verb, step.call.given, z.object({}));
    else await runStep(exec, step);
  }

  /** Plans for one state share their export, and what takes them back. */
  function once(steps: readonly WindowsStep[]): WindowsStep[] {
    const line = (step: WindowsStep) => JSON.stringify('run' in step && !step.call && step.run[1] === 'advfirewall' ? step.run : [crypto.randomUUID()]);
    const seen = new Set<string>();
    return steps.filter((step) => {
      const key = line(step);
      return !seen.has(key) && seen.add(key);
    });
  }

  async function apply({ steps }: FirewallPlan) {
    sweep(exports());
    const wanted = once(steps.map(({ does }) => does));
    const done: FirewallPlan['steps'] = [];
    for (const step of steps.filter(({ does }) => wanted.includes(does))) {
      try {
        await run(step.does);
        done.push(step);
      } catch (error) {
        for (const undo of once(done.toReversed().flatMap((each) => each.undo))) await run(undo).catch(() => {});
        throw error;
      }
    }
  }

  return {
    read,
    plan: async (change, state) => planChange(netsh(), change, state),
    apply,
    async revert({ revert }) {
      for (const step of once(revert)) await run(step);
    },
    published: NO_FIREWALL.published,
    installable: () => [],
  };
}

/** Makes the folder for exports, and removes those that nothing needs any more. */
function sweep(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (/^before-[\w-]+\.wfw$/.test(name) && Date.now() - statSync(path).mtimeMs > EXPORTS_KEPT) rmSync(path, { force: true });
  }
}
