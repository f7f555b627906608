import { AppError } from '../../lib/errors.ts';
import type { FirewallProvider, FirewallRule } from '../../platform/firewall.ts';
import type { SshPerson } from '../../platform/ssh-server.ts';
import type { App } from '../app.ts';
import { letsIn } from '../firewall/lock-out.ts';
import type { SshServerWanted } from './input.ts';
import type { SshServer } from './ssh-server.ts';

/** Who might be locked out. `danger`: nobody who administers the machine would come in any more. */
export type SshWarning =
  | { kind: 'nobody' | 'noKeys' | 'noAdmin' | 'noMethod'; level: 'danger' }
  | { kind: 'passwordOnly'; level: 'warn'; names: string[] }
  | { kind: 'firewall'; level: 'warn'; firewall: FirewallProvider; ports: number[] }
  | { kind: 'selinux' | 'taken'; level: 'warn'; ports: number[] }
  | { kind: 'kbd'; level: 'warn' };

export async function warningsOf(app: App, server: SshServer, wanted: SshServerWanted): Promise<SshWarning[]> {
  const fresh = wanted.ports.filter((port) => !server.settings.ports.includes(port));
  const [firewall, taken] = fresh.length ? await Promise.all([shutPorts(app, fresh), takenPorts(app, fresh)]) : [null, []];
  return [
    ...peopleWarnings(server.found.people, wanted),
    ...(firewall ? [{ kind: 'firewall' as const, level: 'warn' as const, ...firewall }] : []),
    ...(taken.length ? [{ kind: 'taken' as const, level: 'warn' as const, ports: taken }] : []),
    ...(server.found.selinux && fresh.some((port) => port !== 22) ? [{ kind: 'selinux' as const, level: 'warn' as const, ports: fresh.filter((port) => port !== 22) }] : []),
  ];
}

/** Pure: which ways in are left to whom. */
export function peopleWarnings(people: readonly SshPerson[], wanted: Pick<SshServerWanted, 'passwordAuthentication' | 'pubkeyAuthentication' | 'kbdInteractiveAuthentication' | 'permitRootLogin'>): SshWarning[] {
  const passwords = wanted.passwordAuthentication || wanted.kbdInteractiveAuthentication;
  if (!passwords && !wanted.pubkeyAuthentication) return [{ kind: 'noMethod', level: 'danger' }];
  const rootIn = wanted.permitRootLogin !== 'no' && wanted.permitRootLogin !== 'forced-commands-only';
  const byKey = (one: SshPerson) => wanted.pubkeyAuthentication && one.keys > 0;
  const byPassword = (one: SshPerson) => passwords && one.password && (!one.root || wanted.permitRootLogin === 'yes');
  const admins = people.filter(({ admin, root }) => admin && (!root || rootIn));
  if (admins.length === 0) return [{ kind: 'noAdmin', level: 'danger' }];
  if (!admins.some((one) => byKey(one) || byPassword(one))) return [{ kind: passwords ? 'nobody' : 'noKeys', level: 'danger' }];
  const out = people.filter((one) => !one.root && !byKey(one) && !byPassword(one) && (one.password || one.keys > 0)).map(({ name }) => name);
  return [
    ...(out.length ? [{ kind: 'passwordOnly' as const, level: 'warn' as const, names: out }] : []),
    ...(!wanted.passwordAuthentication && wanted.kbdInteractiveAuthentication ? [{ kind: 'kbd' as const, level: 'warn' as const }] : []),
  ];
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
  const filter = await app.host.packetFilter.read();
  if (!filter || filter === 'none' || (!filter.ufw && !filter.firewalld)) return null;
  return { firewall: filter.ufw ? 'ufw' : 'firewalld', ports: [...ports] };
}

/** Ports that another program holds: sshd could not have them. */
async function takenPorts(app: App, ports: readonly number[]): Promise<number[]> {
  const listeners = await app.host.processes.listeners();
  return ports.filter((port) => listeners.some((one) => one.protocol === 'tcp' && one.port === port));
}
