import { and, desc, eq, gt, inArray, lte, ne, or } from 'drizzle-orm';
import type { Db } from '../../db/open.ts';
import { sessions, tokens } from '../../db/schema/sessions.ts';
import { users } from '../../db/schema/users.ts';
import { sha256 } from '../../lib/random.ts';
import { lowerRole } from '../access.ts';
import type { Actor, App } from '../app.ts';

/** A session ends 30 days after sign-in, or after 7 days without use. */
export const SESSION_MS = 30 * 86_400_000;
export const IDLE_MS = 7 * 86_400_000;
/** Places where one person is signed in; a further one ends the one unused for longest. */
const MOST = 50;
/** "Last seen" is written at most this often. */
const SEEN_MS = 60_000;

export interface Origin {
  ip: string;
  userAgent: string;
}

/** Makes a session and returns its token: the only time that it is seen in clear. */
export function createSession(app: App, userId: string, method: string, from: Origin): { id: string; token: string; expiresAt: number } {
  const token = app.random.token();
  const now = app.clock.now();
  const id = app.random.id();
  const expiresAt = now + SESSION_MS;
  app.db
    .insert(sessions)
    .values({ id, userId, tokenHash: sha256(token), method, ip: from.ip, userAgent: from.userAgent.slice(0, 300), createdAt: now, lastSeenAt: now, expiresAt })
    .run();
  endOldest(app, userId);
  return { id, token, expiresAt };
}

/** A script that signs in again and again fills neither the database nor the page of sessions. */
function endOldest(app: App, userId: string) {
  const old = app.db
    .select({ id: sessions.id })
    .from(sessions)
    .where(eq(sessions.userId, userId))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .all()
    .slice(MOST);
  for (const { id } of old) endSession(app, id);
}

type UserActor = Extract<Actor, { kind: 'user' }>;

/** The person behind a session token, or null when it is unknown, expired, or the account is disabled. */
export function findSession(app: App, token: string, ip: string): UserActor | null {
  if (!token) return null;
  const row = live(app).get(sha256(token), app.clock.now(), app.clock.now() - IDLE_MS) as LiveRow | null;
  if (!row) return null;
  const now = app.clock.now();
  if (now - row.last_seen_at > SEEN_MS) {
    note(app, () => app.db.update(sessions).set({ lastSeenAt: now, ip }).where(eq(sessions.id, row.id)).run());
  }
  return { kind: 'user', userId: row.user_id, name: row.name, role: row.role, sessionId: row.id, tokenId: null, ip };
}

/** When somebody was last seen is good to know; a full disk must not keep them out for it. */
function note(app: App, write: () => unknown) {
  try {
    write();
  } catch (error) {
    app.log.warn('last use not written', { error: error as Error });
  }
}

interface LiveRow {
  id: string;
  user_id: string;
  name: string;
  role: UserActor['role'];
  last_seen_at: number;
}

// On every request: a statement that SQLite has prepared once, kept by the client.
const live = (app: { db: Db }) =>
  app.db.$client.query(
    `SELECT s.id, s.user_id, s.last_seen_at, u.name, u.role FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.token_hash = ? AND s.expires_at > ? AND s.last_seen_at > ? AND u.disabled = 0`,
  );

/** The person behind an API token; the token's role never exceeds the owner's. */
export function findToken(app: App, token: string, ip: string): UserActor | null {
  if (!token) return null;
  const now = app.clock.now();
  const row = app.db
    .select({ id: tokens.id, role: tokens.role, expiresAt: tokens.expiresAt, lastUsedAt: tokens.lastUsedAt, user: users })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .where(and(eq(tokens.tokenHash, sha256(token)), eq(users.disabled, false)))
    .get();
  if (!row || (row.expiresAt !== null && row.expiresAt <= now)) return null;
  if (now - (row.lastUsedAt ?? 0) > SEEN_MS) note(app, () => app.db.update(tokens).set({ lastUsedAt: now }).where(eq(tokens.id, row.id)).run());
  const role = lowerRole(row.role, row.user.role);
  return { kind: 'user', userId: row.user.id, name: row.user.name, role, sessionId: null, tokenId: row.id, ip };
}

/** Which of these sessions are still good? Streams ask this when something changed. */
export function liveSessions(app: App, ids: readonly string[]): Set<string> {
  if (ids.length === 0) return new Set();
  const now = app.clock.now();
  const rows = app.db
    .select({ id: sessions.id })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(inArray(sessions.id, [...ids]), gt(sessions.expiresAt, now), eq(users.disabled, false)))
    .all();
  return new Set(rows.map((row) => row.id));
}

/** Ends one session; true when it was there. Streams and sockets of it close within a second. */
export function endSession(app: App, id: string): boolean {
  const gone = app.db.delete(sessions).where(eq(sessions.id, id)).returning({ id: sessions.id }).all();
  if (gone.length) app.bus.emit('sessions.ended', { ids: [id] });
  return gone.length > 0;
}

/** Ends all sessions of a user, but for `keep`; after a change of password, role or state. */
export function endSessionsOf(app: Pick<App, 'db' | 'bus'>, userId: string, keep?: string | null): number {
  const mine = keep ? and(eq(sessions.userId, userId), ne(sessions.id, keep)) : eq(sessions.userId, userId);
  const ids = app.db.delete(sessions).where(mine).returning({ id: sessions.id }).all().map((row) => row.id);
  if (ids.length) app.bus.emit('sessions.ended', { ids });
  return ids.length;
}

/** Housekeeping: sessions that are over; what still streams on one of them ends. */
export function dropExpiredSessions(app: Pick<App, 'db' | 'bus' | 'clock'>) {
  const now = app.clock.now();
  const over = or(lte(sessions.expiresAt, now), lte(sessions.lastSeenAt, now - IDLE_MS));
  const ids = app.db.delete(sessions).where(over).returning({ id: sessions.id }).all().map((row) => row.id);
  if (ids.length) app.bus.emit('sessions.ended', { ids });
}
