import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { ExposureDriver, ExposureLook, Holder, NetSecurityProfile, NetworkInterface } from '../../exposure.ts';
import type { Listener } from '../../processes.ts';
import type { RegistryDriver } from '../../registry.ts';
import { createPolicyReader, PROFILE_NAMES, SERVICE_RUNS, type WindowsPolicy } from '../firewall/policy.ts';
import type { PowerShell } from '../powershell/powershell.ts';

/** `exposure.ps1 listeners`: {"listeners":[{"udp":false,"address":"::","port":3389,"pid":1180},{"udp":true,"address":"fe80::1%12","port":5353,"pid":2044}]} */
export const Listeners = z.object({ listeners: z.array(z.object({ udp: z.boolean(), address: z.string(), port: z.number().int(), pid: z.number().int() })) });

/**
 * `exposure.ps1 look`:
 *
 *     {"interfaces":[{"id":"{0F1E…}","name":"以太网","type":6,"category":0,"addresses":[{"address":"203.0.113.10","prefix":24}]}],
 *      "programs":[{"pid":1180,"path":"C:\\Windows\\System32\\svchost.exe"}],"services":[{"pid":1180,"name":"TermService"}],
 *      "excluded":[{"type":1,"names":[]},{"type":2,"names":[]},{"type":4,"names":[]}]}
 */
export const Look = z.object({
  interfaces: z.array(z.object({
    id: z.string(), name: z.string(), type: z.number().int(), category: z.number().int().nullable(), addresses: z.array(z.object({ address: z.string(), prefix: z.number().int() })),
  })),
  programs: z.array(z.object({ pid: z.number().int(), path: z.string() })),
  services: z.array(z.object({ pid: z.number().int(), name: z.string() })),
  excluded: z.array(z.object({ type: z.number().int(), names: z.array(z.string()) })),
});
type Seen = z.output<typeof Look>;

/** The kernel, which has no program; rules call it so. */
const SYSTEM_PID = 4;
const SYSTEM: Omit<Holder, 'pid'> = { program: 'System', services: [] };

/** NetworkInterfaceType → what rules tell apart; of what is none of these nobody knows here. */
const KINDS: Readonly<Record<number, 'lan' | 'wireless' | 'remote'>> = { 6: 'lan', 71: 'wireless', 23: 'remote' };
/** NetworkCategory. An interface in no network that Windows knows is treated as a public one. */
const CATEGORIES: readonly NetSecurityProfile['name'][] = ['Public', 'Private', 'Domain'];
const categoryOf = (category: number | null) => CATEGORIES[category ?? 0] ?? 'Public';

const LISTENERS_MS = 2000;

/** Sockets with who holds them; those who ask at once are answered together. */
export function createWindowsListeners(shell: PowerShell): () => Promise<Listener[]> {
  let kept: { at: number; found: Promise<Listener[]> } | null = null;
  const ask = async () => {
    const { listeners } = await shell.call('exposure.ps1', 'listeners', {}, Listeners);
    return listeners.map(({ udp, address, port, pid }): Listener => ({ protocol: udp ? 'udp' : 'tcp', address: address.replace(/%.*$/, ''), port, pid: pid || null }));
  };
  return () => {
    const now = performance.now();
    if (kept && now - kept.at < LISTENERS_MS) return kept.found;
    const found = ask();
    kept = { at: now, found };
    found.catch(() => (kept = null));
    return found;
  };
}

/** What Windows filters by, the networks that it is in, and who holds its sockets; what that comes to is core's. */
export function createWindowsExposure(registry: RegistryDriver, shell: PowerShell, variables: Readonly<Record<string, string | undefined>> = process.env): ExposureDriver {
  const policyNow = createPolicyReader(registry, shell);
  return {
    async look() {
      if (registry.refusal() || shell.missing()) return { rules: { unknown: 'system' }, interfaces: null, bound: null };
      const [policy, seen] = await Promise.all([orFault(policyNow()), orFault(shell.call('exposure.ps1', 'look', {}, Look))]);
      const around = seen instanceof AppError ? { interfaces: null } : { interfaces: seen.interfaces.map((card) => interfaceOf(card, seen)), holders: holdersOf(seen) };
      return { rules: policy instanceof AppError ? failed(policy.detail) : rulesOf(policy, variables), bound: null, ...around };
    },
  };
}

const orFault = <T>(asked: Promise<T>): Promise<T | AppError> => asked.catch((error: unknown) => {
  if (error instanceof AppError) return error;
  throw error;
});

const failed = (detail: string | undefined): ExposureLook['rules'] => ({ unknown: 'failed', ...(detail ? { detail } : {}) });

function rulesOf({ facts, ruled, rules, called }: WindowsPolicy, variables: Readonly<Record<string, string | undefined>>): ExposureLook['rules'] {
  // Without its service it filters as it did at boot, and tells nobody how.
  if (facts.service !== SERVICE_RUNS) return failed('mpssvc');
  const profiles = facts.profiles.flatMap(({ type, enabled, shielded, inbound }): NetSecurityProfile[] => {
    const name = PROFILE_NAMES[type] as NetSecurityProfile['name'] | undefined;
    return name ? [{ name, enabled, shielded, inbound: inbound === 0 ? 'block' : 'allow', localRules: !ruled.alone.includes(name) }] : [];
  });
  const known = Object.entries(variables).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name.toLowerCase(), value]]));
  return {
    netsecurity: {
      profiles, variables: Object.fromEntries(known),
      rules: rules.map(({ name, text, store }) => ({ title: called(/\|Name=([^|]*)/.exec(text)?.[1] ?? name), text, store })),
    },
  };
}

function interfaceOf({ id, name, type, category, addresses }: Seen['interfaces'][number], { excluded }: Seen): NetworkInterface {
  const profile = categoryOf(category);
  const out = excluded.some(({ type: of, names }) => PROFILE_NAMES[of] === profile && names.some((one) => one === name || one.toLowerCase() === id.toLowerCase()));
  return {
    name,
    addresses: addresses.map(({ address, prefix }) => ({ address: address.replace(/%.*$/, ''), family: address.includes(':') ? 6 : 4, prefix })),
    network: { id, kind: KINDS[type] ?? null, profile, excluded: out },
  };
}

function holdersOf({ programs, services }: Seen): Holder[] {
  const found = new Map<number, Holder>([[SYSTEM_PID, { pid: SYSTEM_PID, ...SYSTEM }]]);
  for (const { pid, path } of programs) found.set(pid, { pid, program: path, services: [] });
  for (const { pid, name } of services) {
    const mine = found.get(pid) ?? { pid, program: null, services: [] };
    found.set(pid, { ...mine, services: [...mine.services, name] });
  }
  return [...found.values()];
}
