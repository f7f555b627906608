import { and, count, desc, eq, gt, lte } from 'drizzle-orm';
import { z } from 'zod';
import { terminals, terminalShares } from '../../db/schema/terminal.ts';
import { users } from '../../db/schema/users.ts';
import { AppError } from '../../lib/errors.ts';
import { sha256 } from '../../lib/random.ts';
import { can, need, ownId } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { terminalRow, type TerminalRow } from './terminals.ts';

const HOUR_MS = 3_600_000;
/** More links to one terminal are forgotten ones. */
const MOST = 20;

/** A link always ends: a terminal may show a password in a week that it does not show today. */
export const NewTerminalShare = z.strictObject({ hours: z.coerce.number().int().min(1).max(24 * 7).default(1) });

export interface TerminalShareRow {
  id: string;
  /** Who made it, by name. */
  by: string;
  createdAt: number;
  expiresAt: number;
}

/**
 * Makes a link by which anybody looks at a terminal and nobody types. Its token is seen this once.
 * @throws AppError denied, not_found, conflict (too many)
 */
export function createTerminalShare(app: App, actor: Actor, terminalId: string, { hours }: z.output<typeof NewTerminalShare>): { id: string; token: string; expiresAt: number } {
  need(actor, 'terminal.open');
  const { target, state } = terminalRow(app, actor, terminalId);
  if (state !== 'running') throw new AppError('not_found', (t) => t.terminal.notFound);
  const now = app.clock.now();
  const there = app.db.select({ n: count() }).from(terminalShares).where(valid(terminalId, now)).get()!.n;
  if (there >= MOST) throw new AppError('conflict', (t) => t.terminalShares.tooMany({ n: MOST }));
  const id = app.random.id();
  const token = app.random.token();
  const expiresAt = now + hours * HOUR_MS;
  app.db.insert(terminalShares).values({ id, tokenHash: sha256(token), terminalId, userId: ownId(actor), createdAt: now, expiresAt }).run();
  record(app, actor, { action: 'terminal.share', target, params: { id: terminalId, share: id, expiresAt } });
  return { id, token, expiresAt };
}

const valid = (terminalId: string, now: number) => and(eq(terminalShares.terminalId, terminalId), gt(terminalShares.expiresAt, now));

/** Links that lead to a terminal now, newest first. @throws AppError denied, not_found */
export function listTerminalShares(app: App, actor: Actor, terminalId: string): TerminalShareRow[] {
  need(actor, 'terminal.open');
  terminalRow(app, actor, terminalId);
  const { id, createdAt, expiresAt } = terminalShares;
  return app.db.select({ id, createdAt, expiresAt, by: users.name }).from(terminalShares).innerJoin(users, eq(users.id, terminalShares.userId))
    .where(valid(terminalId, app.clock.now())).orderBy(desc(createdAt), desc(id)).all();
}

/** Ends a link; who looks by it is shut out within a second. @throws AppError denied, not_found */
export function removeTerminalShare(app: App, actor: Actor, terminalId: string, id: string): void {
  need(actor, 'terminal.open');
  const { target } = terminalRow(app, actor, terminalId);
  const gone = app.db.delete(terminalShares).where(and(eq(terminalShares.id, id), eq(terminalShares.terminalId, terminalId))).returning({ id: terminalShares.id }).get();
  if (!gone) throw new AppError('not_found', (t) => t.terminalShares.notFound);
  record(app, actor, { action: 'terminal.unshare', target, params: { id: terminalId, share: id } });
}

export interface TerminalShare {
  id: string;
  terminal: TerminalRow;
  /** Who made it, by name. */
  by: string;
  expiresAt: number;
}

/**
 * What a link leads to. It ends with its time, with the terminal, and with the right of who made it.
 * @throws AppError not_found, whatever the reason
 */
export function findTerminalShare(app: App, token: string): TerminalShare {
  const found = app.db.select({ share: terminalShares, terminal: terminals, user: users }).from(terminalShares)
    .innerJoin(terminals, eq(terminals.id, terminalShares.terminalId)).innerJoin(users, eq(users.id, terminalShares.userId))
    .where(eq(terminalShares.tokenHash, sha256(token))).get();
  const lives = found && found.share.expiresAt > app.clock.now() && found.terminal.state === 'running' && !found.user.disabled;
  const maker: Actor | null = found ? { kind: 'user', userId: found.user.id, name: found.user.name, role: found.user.role, sessionId: null, tokenId: null, ip: '' } : null;
  if (!lives || !can(maker, 'terminal.open')) throw new AppError('not_found', (t) => t.terminalShares.gone);
  return { id: found.share.id, terminal: found.terminal, by: found.user.name, expiresAt: found.share.expiresAt };
}

/** Housekeeping. */
export function dropOldTerminalShares(app: Pick<App, 'db' | 'clock'>) {
  app.db.delete(terminalShares).where(lte(terminalShares.expiresAt, app.clock.now())).run();
}
