import { z } from 'zod';
import { REG, type RegistryDriver, type RegistryValue } from '../../registry.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { fieldsOf, type StoredRule } from './rules.ts';

/** `firewall.ps1 state`: {"service":4,"profiles":[{"type":4,"current":true,"enabled":true,"inbound":0,"outbound":1,"shielded":false}]} */
export const FirewallFacts = z.object({
  service: z.number().int(),
  profiles: z.array(z.object({ type: z.number().int(), current: z.boolean(), enabled: z.boolean(), inbound: z.number().int(), outbound: z.number().int(), shielded: z.boolean() })),
});
/** `firewall.ps1 names`: {"names":[{"name":"@FirewallAPI.dll,-28502","text":"文件和打印机共享"}]} */
export const RuleNames = z.object({ names: z.array(z.object({ name: z.string(), text: z.string() })) });

const SETTINGS = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
/** Rules of this machine, a value each. */
export const LOCAL_RULES = `${SETTINGS}\\FirewallRules`;
const POLICY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
export const SERVICE_RUNS = 4;

/** NET_FW_PROFILE_TYPE2 of icftypes.h, as rules name them. */
export const PROFILE_NAMES: Readonly<Record<number, string>> = { 1: 'Domain', 2: 'Private', 4: 'Public' };

/** A profile where Group Policy keeps it; the private one was called the standard one, and in the settings of the machine still is. */
const KEYS: Readonly<Record<string, { own: string; policy: readonly string[] }>> = {
  Domain: { own: 'DomainProfile', policy: ['DomainProfile'] },
  Private: { own: 'StandardProfile', policy: ['StandardProfile', 'PrivateProfile'] },
  Public: { own: 'PublicProfile', policy: ['PublicProfile'] },
};

export const textOf = ({ bytes }: RegistryValue) => Buffer.from(bytes).toString('utf16le').replace(/\0+$/, '');
export const numberOf = ({ type, bytes }: RegistryValue) => (type === REG.dword && bytes.length === 4 ? Buffer.from(bytes).readUInt32LE() : null);

export const valuesAt = async (registry: RegistryDriver, path: string) => (await registry.read({ path, view: 64 }))?.values ?? [];

/** Of the profiles: what Group Policy decides of them, and which are on as far as the registry tells. */
export interface Ruled {
  enabled: boolean;
  in: boolean;
  out: boolean;
  /** Profiles in which only the rules of Group Policy count. */
  alone: string[];
  /** Profiles that are switched off. */
  off: string[];
}

export async function readRuled(registry: RegistryDriver): Promise<Ruled> {
  const found = await Promise.all(Object.entries(KEYS).map(async ([name, { own, policy }]) => ({
    name, policy: (await Promise.all(policy.map((key) => valuesAt(registry, `${POLICY}\\${key}`)))).flat(), own: await valuesAt(registry, `${SETTINGS}\\${own}`),
  })));
  const of = (values: readonly RegistryValue[], name: string) => values.find((value) => value.name.toLowerCase() === name.toLowerCase());
  const is = (value: RegistryValue | undefined, number: number) => value !== undefined && numberOf(value) === number;
  const has = (name: string) => found.some(({ policy }) => of(policy, name));
  return {
    enabled: has('EnableFirewall'), in: has('DefaultInboundAction'), out: has('DefaultOutboundAction'),
    alone: found.filter(({ policy }) => is(of(policy, 'AllowLocalPolicyMerge'), 0)).map(({ name }) => name),
    off: found.filter(({ policy, own }) => is(of(policy, 'EnableFirewall') ?? of(own, 'EnableFirewall'), 0)).map(({ name }) => name),
  };
}

export async function storedRules(registry: RegistryDriver, store: StoredRule['store']): Promise<StoredRule[]> {
  const values = await valuesAt(registry, store === 'local' ? LOCAL_RULES : `${POLICY}\\FirewallRules`);
  return values.filter(({ type }) => type === REG.sz).map((value) => ({ name: value.name, text: textOf(value), store }));
}

export interface WindowsPolicy {
  facts: z.output<typeof FirewallFacts>;
  ruled: Ruled;
  /** Those of Group Policy first. */
  rules: StoredRule[];
  /** What a name of a rule is in the language of the system. */
  called(name: string): string;
}

/** All that Windows filters by. Names are asked for once each. */
export function createPolicyReader(registry: RegistryDriver, shell: PowerShell): () => Promise<WindowsPolicy> {
  const names = new Map<string, string>();

  /** Where they cannot be had, rules are called as Windows writes them. */
  async function learnNames(rules: readonly StoredRule[]) {
    const wanted = new Set(rules.flatMap((rule) => fieldsOf(rule.text)?.get('Name') ?? []).filter((name) => name.startsWith('@') && !names.has(name)));
    if (wanted.size === 0) return;
    const found = await shell.call('firewall.ps1', 'names', { names: [...wanted] }, RuleNames).catch(() => ({ names: [] }));
    for (const { name, text } of found.names) names.set(name, text);
  }

  return async () => {
    const [local, policy, facts, ruled] = await Promise.all([
      storedRules(registry, 'local'), storedRules(registry, 'policy'), shell.call('firewall.ps1', 'state', {}, FirewallFacts), readRuled(registry),
    ]);
    const rules = [...policy, ...local];
    await learnNames(rules);
    return { facts, ruled, rules, called: (name) => names.get(name) ?? name };
  };
}
