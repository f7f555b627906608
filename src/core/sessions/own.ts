import { and, desc, eq, gt } from 'drizzle-orm';
import { sessions } from '../../db/schema/sessions.ts';
import { AppError } from '../../lib/errors.ts';
import { need, ownId } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { userById } from '../users/users.ts';
import { endSession, endSessionsOf, IDLE_MS } from './sessions.ts';

type SessionsApp = Pick<App, 'db' | 'bus' | 'clock'>;

/** A place where somebody is signed in. Times in ms since the epoch. */
export interface SessionRow {
  id: string;
  method: string;
  ip: string;
  userAgent: string;
  createdAt: number;
  lastSeenAt: number;
  expiresAt: number;
  /** The one that asks. */
  current: boolean;
}

/** Where one is signed in, last used first; where others are only with `users.read`. */
export function listSessions(app: SessionsApp, actor: Actor, userId: string = ownId(actor)): SessionRow[] {
  if (actor.kind !== 'user' || actor.userId !== userId) need(actor, 'users.read');
  const now = app.clock.now();
  const rows = app.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now), gt(sessions.lastSeenAt, now - IDLE_MS)))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .all();
  const mine = actor.kind === 'user' ? actor.sessionId : null;
  return rows.map(({ userId: _, tokenHash: __, ...row }) => ({ ...row, current: row.id === mine }));
}

/**
 * Ends one of one's own sessions. A token that may do less than its owner must not sign the owner out.
 * @throws AppError not_found, also for somebody else's (S12); denied
 */
export function endOwnSession(app: App, actor: Actor, input: { id: string }) {
  if (actor.kind === 'user' && actor.tokenId && actor.role !== userById(app, actor.userId).role) throw new AppError('denied', (t) => t.errors.denied);
  const mine = app.db
    .select({ ip: sessions.ip })
    .from(sessions)
    .where(and(eq(sessions.id, input.id), eq(sessions.userId, ownId(actor))))
    .get();
  if (!mine || !endSession(app, input.id)) throw new AppError('not_found', (t) => t.account.sessionMissing);
  record(app, actor, { action: 'sessions.end', target: mine.ip });
}

/** Ends all of one's sessions but the one that asks. Returns how many. */
export function endOtherSessions(app: SessionsApp, actor: Actor): number {
  const ended = endSessionsOf(app, ownId(actor), actor.kind === 'user' ? actor.sessionId : null);
  record(app, actor, { action: 'sessions.end_others', params: { ended } });
  return ended;
}

/** Signs out: the session that asks ends. */
export function signOut(app: App, actor: Actor) {
  if (actor.kind !== 'user' || !actor.sessionId) return;
  endSession(app, actor.sessionId);
  record(app, actor, { action: 'sign_in.out', target: actor.name });
}
