import { and, asc, count, eq, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../db/open.ts';
import { passkeys, recoveryCodes, ROLES, users, type Role } from '../../db/schema/users.ts';
import { sessions } from '../../db/schema/sessions.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { endSessionsOf } from '../sessions/sessions.ts';
import { forgetFailuresOf } from '../sign-in/backoff.ts';
import { UserName } from './name.ts';
import { hashPassword, Password, refuseWeak } from './password.ts';

/** What the functions about people need: the command line has no more than this. */
export type UsersApp = Pick<App, 'db' | 'bus' | 'clock' | 'random'>;

export type User = typeof users.$inferSelect;

/** Is there an administrator already? */
export const hasUsers = (app: { db: Db }) => app.db.select({ id: users.id }).from(users).limit(1).all().length > 0;

/** One line of the list of users; nothing secret. Times in ms since the epoch. */
export interface UserRow {
  id: string;
  name: string;
  role: Role;
  disabled: boolean;
  /** Does a sign-in need a code? */
  totp: boolean;
  passkeys: number;
  sessions: number;
  /** Of the newest session that is still there; null: none. */
  lastSeenAt: number | null;
  createdAt: number;
  passwordChangedAt: number;
}

/** Everybody, by name. @throws AppError denied */
export function listUsers(app: { db: Db }, actor: Actor): UserRow[] {
  need(actor, 'users.read');
  return rows(app);
}

/** @throws AppError denied, not_found */
export function getUser(app: { db: Db }, actor: Actor, id: string): UserRow {
  need(actor, 'users.read');
  const row = rows(app, id)[0];
  if (!row) throw missing();
  return row;
}

function rows(app: { db: Db }, id?: string): UserRow[] {
  const mine = (table: typeof sessions | typeof passkeys) => sql`FROM ${table} WHERE ${table.userId} = ${users.id}`;
  const found = app.db
    .select({
      user: users,
      passkeys: sql<number>`(SELECT count(*) ${mine(passkeys)})`,
      sessions: sql<number>`(SELECT count(*) ${mine(sessions)})`,
      lastSeenAt: sql<number | null>`(SELECT max(${sessions.lastSeenAt}) ${mine(sessions)})`,
    })
    .from(users)
    .where(id === undefined ? undefined : eq(users.id, id))
    .orderBy(asc(sql`lower(${users.name})`))
    .all();
  return found.map(({ user: { id, name, role, disabled, totpSecret, createdAt, passwordChangedAt }, ...counts }) => ({
    id, name, role, disabled, totp: totpSecret !== null, createdAt, passwordChangedAt, ...counts,
  }));
}

/** The whole row by the name that was typed, in any case; for core only: it has the hash. */
export function findUserByName(app: { db: Db }, name: string): User | undefined {
  return app.db.select().from(users).where(eq(users.name, name.trim().normalize('NFKC'))).get();
}

/** The whole row; for core only. @throws AppError not_found */
export function userById(app: { db: Db }, id: string): User {
  const row = app.db.select().from(users).where(eq(users.id, id)).get();
  if (!row) throw missing();
  return row;
}

const missing = () => new AppError('not_found', (t) => t.users.notFound);

/** One of the three roles. */
export const RoleName = z.enum(ROLES, { error: say('users.roleRule', (t) => t.users.roleRule) });

export const NewUser = z.object({ name: UserName, role: RoleName, password: Password });

/**
 * Makes a user and returns the id.
 * @throws AppError denied; invalid (weak password); conflict (name taken); unavailable (too many hashes at once)
 */
export async function createUser(app: UsersApp, actor: Actor, input: z.output<typeof NewUser>): Promise<string> {
  need(actor, 'users.write');
  refuseWeak(input.password, input.name);
  const passwordHash = await hashPassword(input.password);
  return transaction(app.db, () => {
    const id = insertUser(app, { name: input.name, role: input.role, passwordHash });
    record(app, actor, { action: 'users.create', target: input.name, params: { role: input.role } });
    return id;
  });
}

/** Within a transaction of the caller. @throws AppError conflict when the name is taken */
export function insertUser(app: UsersApp, row: Pick<User, 'name' | 'role' | 'passwordHash'>): string {
  const { name } = row;
  if (findUserByName(app, name)) throw new AppError('conflict', (t) => t.users.nameTaken({ name }), { field: 'name' });
  const now = app.clock.now();
  const id = app.random.id();
  app.db.insert(users).values({ ...row, id, createdAt: now, passwordChangedAt: now }).run();
  return id;
}

export const RoleChange = z.object({ role: RoleName });

/** Also ends the user's sessions: what they may do has changed (S10). @throws AppError denied, not_found, conflict (last administrator) */
export function setRole(app: UsersApp, actor: Actor, input: { userId: string; role: Role }) {
  change(app, actor, input.userId, (user) => {
    if (user.role === input.role) return;
    if (input.role !== 'admin') keepAnAdministrator(app, user);
    app.db.update(users).set({ role: input.role }).where(eq(users.id, user.id)).run();
    endSessionsOf(app, user.id);
    record(app, actor, { action: 'users.role', target: user.name, params: { from: user.role, to: input.role } });
  });
}

/** A disabled user cannot sign in, and neither sessions nor API tokens work. @throws AppError denied, not_found, conflict */
export function setDisabled(app: UsersApp, actor: Actor, input: { userId: string; disabled: boolean }) {
  change(app, actor, input.userId, (user) => {
    if (user.disabled === input.disabled) return;
    if (input.disabled) {
      refuseSelf(actor, user);
      keepAnAdministrator(app, user);
    }
    app.db.update(users).set({ disabled: input.disabled }).where(eq(users.id, user.id)).run();
    endSessionsOf(app, user.id);
    record(app, actor, { action: input.disabled ? 'users.disable' : 'users.enable', target: user.name });
  });
}

/**
 * Removes the user with sessions, tokens and passkeys; `confirm` is the name, typed by the person who asks.
 * @throws AppError denied, not_found, invalid (`confirm`), conflict (oneself, last administrator)
 */
export function removeUser(app: UsersApp, actor: Actor, input: { userId: string; confirm: string }) {
  change(app, actor, input.userId, (user) => {
    if (input.confirm.trim() !== user.name) throw new AppError('invalid', (t) => t.users.confirmName({ name: user.name }), { field: 'confirm' });
    refuseSelf(actor, user);
    keepAnAdministrator(app, user);
    endSessionsOf(app, user.id);
    forgetFailuresOf(app, user.name);
    app.db.delete(users).where(eq(users.id, user.id)).run();
    record(app, actor, { action: 'users.remove', target: user.name, params: { role: user.role } });
  });
}

/** Ends every session of a user. Returns how many. @throws AppError denied, not_found */
export function endUserSessions(app: UsersApp, actor: Actor, input: { userId: string }): number {
  return change(app, actor, input.userId, (user) => {
    const ended = endSessionsOf(app, user.id);
    record(app, actor, { action: 'users.end_sessions', target: user.name, params: { ended } });
    return ended;
  });
}

/**
 * Takes away all that proves a person besides the password: authenticator, recovery codes and passkeys; for whoever
 * lost the phone that they were on. Sessions end as well. @throws AppError denied, not_found, conflict (oneself)
 */
export function resetSecondFactor(app: UsersApp, actor: Actor, input: { userId: string }) {
  change(app, actor, input.userId, (user) => {
    refuseOwnAccount(actor, user);
    app.db.update(users).set({ totpSecret: null, totpLastStep: null }).where(eq(users.id, user.id)).run();
    app.db.delete(recoveryCodes).where(eq(recoveryCodes.userId, user.id)).run();
    app.db.delete(passkeys).where(eq(passkeys.userId, user.id)).run();
    endSessionsOf(app, user.id);
    record(app, actor, { action: 'users.reset_second_factor', target: user.name });
  });
}

/** Reads and changes in one immediate transaction: two administrators, or the command line beside the panel, take turns. */
function change<T>(app: UsersApp, actor: Actor, userId: string, work: (user: User) => T): T {
  need(actor, 'users.write');
  return transaction(app.db, () => work(userById(app, userId)));
}

function keepAnAdministrator(app: { db: Db }, user: User) {
  if (user.role !== 'admin' || user.disabled) return;
  const others = app.db
    .select({ n: count() })
    .from(users)
    .where(and(eq(users.role, 'admin'), eq(users.disabled, false), ne(users.id, user.id)))
    .get()!.n;
  if (others === 0) throw new AppError('conflict', (t) => t.users.lastAdmin({ name: user.name }));
}

/** One's own is changed on the account page, which asks for the password: a stolen session must not go around that. */
export function refuseOwnAccount(actor: Actor, user: User) {
  if (actor.kind === 'user' && actor.userId === user.id) throw new AppError('conflict', (t) => t.users.ownAccount);
}

function refuseSelf(actor: Actor, user: User) {
  if (actor.kind === 'user' && actor.userId === user.id) throw new AppError('conflict', (t) => t.users.notSelf);
}
