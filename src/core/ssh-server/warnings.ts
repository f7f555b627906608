import { AppError } from '../../lib/errors.ts';
import type { FirewallProvider, FirewallRule } from '../../platform/firewall.ts';
import type { SshPerson } from '../../platform/ssh-server.ts';
import type { App } from '../app.ts';
import { letsIn } from '../firewall/lock-out.ts';
import { firewallOf, rulesOf } from '../exposure/rules.ts';
import type { SshSettings } from '../../platform/ssh-server/settings.ts';
import type { SshServer } from './ssh-server.ts';

/** Who might be locked out. `danger`: nobody who administers the machine would come in any more. */
export type SshWarning =
  | { kind: 'nobody' | 'noKeys' | 'noAdmin' | 'noGroup' | 'noMethod'; level: 'danger' }
  | { kind: 'passwordOnly'; level: 'warn'; names: string[] }
  | { kind: 'firewall'; level: 'warn'; firewall: FirewallProvider; ports: number[] }
  | { kind: 'selinux' | 'taken'; level: 'warn'; ports: number[] }
  | { kind: 'kbd' | 'noLocalAdmin'; level: 'warn' };

/** On Windows those of a domain may administer the machine, whom nobody tells here. */
const NO_LOCAL_ADMIN: SshWarning = { kind: 'noLocalAdmin', level: 'warn' };

export async function warningsOf(app: App, server: SshServer, wanted: SshSettings): Promise<SshWarning[]> {
  const fresh = wanted.ports.filter((port) => !server.settings.ports.includes(port));
  const [firewall, taken] = fresh.length ? await Promise.all([app.host.sshServer.opensPorts ? null : shutPorts(app, fresh), takenPorts(app, fresh)]) : [null, []];
  return [
    ...peopleWarnings(server.found.people, wanted).map((one) => (one.kind === 'noAdmin' && server.system === 'windows' ? NO_LOCAL_ADMIN : one)),
    ...(firewall ? [{ kind: 'firewall' as const, level: 'warn' as const, ...firewall }] : []),
    ...(taken.length ? [{ kind: 'taken' as const, level: 'warn' as const, ports: taken }] : []),
    ...(server.found.selinux && fresh.some((port) => port !== 22) ? [{ kind: 'selinux' as const, level: 'warn' as const, ports: fresh.filter((port) => port !== 22) }] : []),
  ];
}

/** Pure: which ways in are left to whom. */
export function peopleWarnings(people: readonly SshPerson[], wanted: Pick<SshSettings, 'passwordAuthentication' | 'pubkeyAuthentication' | 'kbdInteractiveAuthentication' | 'permitRootLogin' | 'allowGroups'>): SshWarning[] {
  const passwords = wanted.passwordAuthentication || wanted.kbdInteractiveAuthentication;
  if (!passwords && !wanted.pubkeyAuthentication) return [{ kind: 'noMethod', level: 'danger' }];
  // A domain controller has no accounts of its own, and nobody tells here who may sign in.
  if (people.length === 0) return [];
  const rootIn = wanted.permitRootLogin !== 'no' && wanted.permitRootLogin !== 'forced-commands-only';
  const byKey = (one: SshPerson) => wanted.pubkeyAuthentication && one.keys > 0;
  const byPassword = (one: SshPerson) => passwords && one.password && (!one.root || wanted.permitRootLogin === 'yes');
  const some = people.filter(({ admin, root }) => admin && (!root || rootIn));
  if (some.length === 0) return [{ kind: 'noAdmin', level: 'danger' }];
  const admins = some.filter((one) => isLetIn(one, wanted.allowGroups));
  if (admins.length === 0) return [{ kind: 'noGroup', level: 'danger' }];
  if (!admins.some((one) => byKey(one) || byPassword(one))) return [{ kind: passwords ? 'nobody' : 'noKeys', level: 'danger' }];
  const out = people.filter((one) => !one.root && isLetIn(one, wanted.allowGroups) && !byKey(one) && !byPassword(one) && (one.password || one.keys > 0)).map(({ name }) => name);
  return [
    ...(out.length ? [{ kind: 'passwordOnly' as const, level: 'warn' as const, names: out }] : []),
    ...(!wanted.passwordAuthentication && wanted.kbdInteractiveAuthentication ? [{ kind: 'kbd' as const, level: 'warn' as const }] : []),
  ];
}

/** AllowGroups (sshd_config(5), "PATTERNS" of ssh_config(5)); sshd of Windows compares in lower case. Where groups are not known, everybody is. */
function isLetIn({ groups }: SshPerson, allowed: readonly string[]): boolean {
  if (allowed.length === 0 || groups.length === 0) return true;
  const patterns = allowed.map((pattern) => new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`, 'iu'));
  return groups.some((group) => patterns.some((pattern) => pattern.test(group)));
}

/** Those that a firewall does not let everybody in to, as far as it can be read; null: there are none. */
async function shutPorts(app: App, ports: readonly number[]): Promise<{ firewall: FirewallProvider; ports: number[] } | null> {
  const state = await app.host.firewall.read().catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
  if (!state || state.hindrance) return unread(app, ports);
  const [firewall, ...more] = [...(state.active && state.provider ? [state.provider] : []), ...state.alsoActive];
  if (!firewall) return null;
  // The rules of another one beside it are not read.
  const filter = { ...state, rules: state.rules.flatMap(plainly) };
  const shut = more.length || !state.active ? [...ports] : ports.filter((port) => letsIn(filter, { source: null, port }) !== 'yes');
  return shut.length ? { firewall, ports: shut } : null;
}

/** Without those about single senders, whom it keeps out everywhere; a port with a limit is open. */
function plainly(rule: FirewallRule): FirewallRule[] {
  const { spec } = rule;
  if (spec && spec.source !== null && (spec.action === 'deny' || spec.action === 'reject')) return [];
  return [spec?.action === 'limit' ? { ...rule, spec: { ...spec, action: 'allow' } } : rule];
}

/** Of one that cannot be read only that it is there. */
async function unread(app: App, ports: readonly number[]): Promise<{ firewall: FirewallProvider; ports: number[] } | null> {
  const rules = rulesOf(await app.host.exposure.look({ wording: false, bound: false }));
  const firewall = 'unknown' in rules ? null : firewallOf(rules.set);
  return firewall && { firewall, ports: [...ports] };
}

/** Ports that another program holds: sshd could not have them. */
async function takenPorts(app: App, ports: readonly number[]): Promise<number[]> {
  const listeners = await app.host.processes.listeners();
  return ports.filter((port) => listeners.some((one) => one.protocol === 'tcp' && one.port === port));
}
