import type { SshPerson } from '../../platform/ssh-server.ts';
import type { App } from '../app.ts';
import type { SshServerWanted } from './input.ts';
import type { SshServer } from './ssh-server.ts';

/** Who might be locked out. `danger`: nobody who administers the machine would come in any more. */
export type SshWarning =
  | { kind: 'nobody' | 'noKeys' | 'noAdmin' | 'noMethod'; level: 'danger' }
  | { kind: 'passwordOnly'; level: 'warn'; names: string[] }
  | { kind: 'firewall'; level: 'warn'; firewall: 'ufw' | 'firewalld'; ports: number[] }
  | { kind: 'selinux' | 'taken'; level: 'warn'; ports: number[] }
  | { kind: 'kbd'; level: 'warn' };

export async function warningsOf(app: App, server: SshServer, wanted: SshServerWanted): Promise<SshWarning[]> {
  const fresh = wanted.ports.filter((port) => !server.settings.ports.includes(port));
  const [firewall, taken] = fresh.length ? await Promise.all([firewallOf(app), takenPorts(app, fresh)]) : [null, []];
  return [
    ...peopleWarnings(server.found.people, wanted),
    ...(firewall ? [{ kind: 'firewall' as const, level: 'warn' as const, firewall, ports: fresh }] : []),
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

async function firewallOf(app: App): Promise<'ufw' | 'firewalld' | null> {
  const filter = await app.host.packetFilter.read();
  if (!filter || filter === 'none') return null;
  return filter.ufw ? 'ufw' : filter.firewalld ? 'firewalld' : null;
}

/** Ports that another program holds: sshd could not have them. */
async function takenPorts(app: App, ports: readonly number[]): Promise<number[]> {
  const listeners = await app.host.processes.listeners();
  return ports.filter((port) => listeners.some((one) => one.protocol === 'tcp' && one.port === port));
}
