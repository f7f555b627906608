import type { Role } from '../db/schema/users.ts';
import { AppError } from '../lib/errors.ts';
import type { Actor } from './app.ts';

/** What each permission needs at least. A noun's `read` shows, its `write` changes. */
export const PERMISSIONS = {
  'dashboard.read': 'viewer',
  'processes.read': 'viewer',
  'metrics.read': 'viewer',
  'system.read': 'viewer',
  'tasks.read': 'viewer',
  'tasks.write': 'operator',
  'audit.read': 'admin',
  'users.read': 'admin',
  'users.write': 'admin',
  'settings.read': 'admin',
  'settings.write': 'admin',
  'power.write': 'admin',
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
