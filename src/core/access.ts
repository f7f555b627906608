import type { Role } from '../db/schema/users.ts';
import { AppError } from '../lib/errors.ts';
import type { Actor } from './app.ts';

/** What each permission needs at least. A noun's `read` shows, its `write` changes. */
export const PERMISSIONS = {
  'dashboard.read': 'viewer',
  'processes.read': 'viewer',
  /** To end, to stop, to give priority; and to see what they have open and were told, which tells secrets. */
  'processes.write': 'admin',
  'blocks.read': 'viewer',
  /** Whoever blocks an address takes it from everybody behind it. */
  'blocks.write': 'admin',
  'guard.read': 'viewer',
  'guard.write': 'admin',
  'services.read': 'viewer',
  /** Their files, their last lines, the commands of kept programs: they may tell secrets. */
  'services.inspect': 'operator',
  /** What runs as root and how: to start one is to run what its file says, to stop one may cut everybody off. */
  'services.write': 'admin',
  /** Settings of everything on a Windows, secrets among them. */
  'registry.read': 'admin',
  'registry.write': 'admin',
  'rdp.read': 'operator',
  /** Who may connect to the desktop of the machine. */
  'rdp.write': 'admin',
  /** What the machine's programs say tells secrets: names, addresses, now and then a password typed as a name. */
  'logs.read': 'admin',
  'exposure.read': 'viewer',
  /** The rules that decide: they tell whose addresses are trusted, and where the holes are. */
  'exposure.inspect': 'operator',
  'scheduled_tasks.read': 'operator',
  /** They run as any account of the machine. */
  'scheduled_tasks.write': 'admin',
  'optional_features.read': 'operator',
  /** What is turned off takes with it what needs it. */
  'optional_features.write': 'admin',
  'metrics.read': 'viewer',
  'system.read': 'viewer',
  /** Name, time, DNS, swap, and when it goes down: all that runs on it depends on these. */
  'system.write': 'admin',
  /** Who may sign in to the machine, from where somebody did, and by which keys. */
  'accounts.read': 'admin',
  'accounts.write': 'admin',
  'packages.read': 'viewer',
  'packages.write': 'admin',
  /** Within the roots of one's role: core/files/reach.ts. */
  'files.read': 'viewer',
  'files.write': 'operator',
  /** Owners, access lists, attributes, setuid: how one account of the machine gets the rights of another. */
  'files.owner': 'admin',
  /** A shell is everything that its account may do. */
  'terminal.open': 'admin',
  /** To look at terminals that somebody opened to be looked at, without typing. */
  'terminal.view': 'operator',
  /** What terminals showed, to whoever sat before them. */
  'recordings.read': 'admin',
  'recordings.write': 'admin',
  'containers.read': 'viewer',
  /** What it was started with, what it says and runs: it may tell secrets. */
  'containers.inspect': 'operator',
  'containers.write': 'operator',
  /** To make one is to be root on the host; to remove one loses what it wrote. */
  'containers.admin': 'admin',
  'images.read': 'viewer',
  /** To fetch, to name, to take away a copy. */
  'images.write': 'operator',
  'images.admin': 'admin',
  /** Who is signed in where; their passwords are shown to nobody. */
  'registries.read': 'admin',
  'registries.write': 'admin',
  'volumes.read': 'viewer',
  /** Options of the local driver mount any folder of the machine. */
  'volumes.write': 'admin',
  'networks.read': 'viewer',
  'networks.write': 'admin',
  'stacks.read': 'viewer',
  /** To start, stop and restart what is there; what it may hold is checked before (core/stacks/policy.ts). */
  'stacks.write': 'operator',
  /** Their files say what runs, as root of the host if they like; to take one down loses what its containers wrote. */
  'stacks.admin': 'admin',
  'tasks.read': 'viewer',
  'tasks.write': 'operator',
  'audit.read': 'admin',
  'users.read': 'admin',
  'users.write': 'admin',
  'settings.read': 'admin',
  'settings.write': 'admin',
  'power.write': 'admin',
  'firewall.read': 'viewer',
  'firewall.write': 'admin',
  /** Who comes in over SSH and how, and who may change it. */
  'ssh_server.read': 'admin',
  'ssh_server.write': 'admin',
  /** Changes that revert by themselves: who sees them, and who says that they stay. */
  'armed.read': 'admin',
  'armed.write': 'admin',
  /** One's own password, second factor, passkeys, sessions, tokens and preferences. */
  'account.write': 'viewer',
  'api.read': 'viewer',
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof PERMISSIONS;

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

export const atLeast = (role: Role, needed: Role) => RANK[role] >= RANK[needed];

/** The lower of two roles: an API token never exceeds its owner. */
export const lowerRole = (a: Role, b: Role): Role => (RANK[a] < RANK[b] ? a : b);

export function can(actor: Actor | null, permission: Permission): boolean {
  if (!actor) return false;
  if (actor.kind === 'system' || actor.kind === 'cli') return true;
  return actor.kind === 'user' && atLeast(actor.role, PERMISSIONS[permission]);
}

/** @throws AppError denied */
export function need(actor: Actor, permission: Permission) {
  if (!can(actor, permission)) throw new AppError('denied', (t) => t.errors.denied);
}

/** Id of the person who acts. @throws AppError denied for the command line and the panel itself, which own nothing */
export function ownId(actor: Actor): string {
  if (actor.kind !== 'user') throw new AppError('denied', (t) => t.errors.denied);
  return actor.userId;
}
