import { and, count, desc, eq, lt } from 'drizzle-orm';
import { z } from 'zod';
import { shares } from '../../../db/schema/files.ts';
import { users } from '../../../db/schema/users.ts';
import { AppError } from '../../../lib/errors.ts';
import { say } from '../../../lib/issue.ts';
import { sha256 } from '../../../lib/random.ts';
import { can, need, ownId } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { hashPassword } from '../../users/password.ts';
import { checkReach } from '../reach.ts';
import { withEntry } from '../entry.ts';
import { refuseOwnFolder } from './confine.ts';

const HOUR_MS = 3_600_000;
/** More links are forgotten ones. */
const MOST = 500;
/** Links that are over stay in the list for so long. */
const KEPT_MS = 30 * 24 * HOUR_MS;

const passwordRule = say('shares.passwordRule', (t) => t.shares.passwordRule);
const mostRule = say('shares.mostRule', (t) => t.shares.mostRule);
const expiryRule = say('shares.expiryRule', (t) => t.shares.expiryRule);

export const NewShare = z.strictObject({
  path: z.string().min(1).max(300_000),
  /** null: until it is revoked. */
  expiresInHours: z.number(expiryRule).int(expiryRule).min(1, expiryRule).max(87_600, expiryRule).nullable().default(24 * 7),
  password: z.string().min(4, passwordRule).max(256, passwordRule).nullable().default(null),
  /** null: any number. */
  downloadsMost: z.number(mostRule).int(mostRule).min(1, mostRule).max(100_000, mostRule).nullable().default(null),
});

/** One line of the list; neither the token nor the password's hash. */
export interface ShareRow {
  id: string;
  path: string;
  /** Who made it, by name. */
  by: string;
  password: boolean;
  createdAt: number;
  expiresAt: number | null;
  downloadsMost: number | null;
  downloads: number;
  /** By its time or its number of downloads. */
  over: boolean;
}

/**
 * Makes a link and returns its token: the only time that it is seen. What is shared is where the path really leads, now:
 * a symlink that is turned elsewhere later changes nothing.
 * @throws AppError denied, invalid, not_found, conflict (too many), unavailable (too many hashes at once)
 */
export async function createShare(app: App, actor: Actor, input: z.output<typeof NewShare>): Promise<{ id: string; token: string; path: string; expiresAt: number | null }> {
  need(actor, 'files.write');
  const userId = ownId(actor);
  const path = await whatIsShared(app, actor, input.path);
  const mine = app.db.select({ n: count() }).from(shares).where(eq(shares.userId, userId)).get()!.n;
  if (mine >= MOST) throw new AppError('conflict', (t) => t.shares.tooMany({ n: MOST }));
  const passwordHash = input.password === null ? null : await hashPassword(input.password);
  const now = app.clock.now();
  const token = app.random.token();
  const id = app.random.id();
  const expiresAt = input.expiresInHours === null ? null : now + input.expiresInHours * HOUR_MS;
  const { downloadsMost } = input;
  app.db.insert(shares).values({ id, tokenHash: sha256(token), userId, path, passwordHash, createdAt: now, expiresAt, downloadsMost }).run();
  record(app, actor, { action: 'files.share', target: path, params: { id, expiresAt, password: passwordHash !== null, downloadsMost } });
  return { id, token, path, expiresAt };
}

async function whatIsShared(app: App, actor: Actor, path: string): Promise<string> {
  return withEntry(app, actor, path, 'read', async (entry) => {
    const found = await entry.folder.open(entry.name, 'follow');
    await found.close();
    await checkReach(app, actor, found.real, 'read');
    await refuseOwnFolder(app, found.real);
    if (!found.stats.isFile() && !found.stats.isDirectory()) throw new AppError('invalid', (t) => t.shares.special);
    return found.real;
  });
}

/** One's own, newest first; an administrator sees everybody's. */
export function listShares(app: App, actor: Actor): ShareRow[] {
  need(actor, 'files.read');
  const mine = seesAll(actor) ? undefined : eq(shares.userId, ownId(actor));
  const now = app.clock.now();
  const rows = app.db.select({ share: shares, by: users.name }).from(shares).innerJoin(users, eq(users.id, shares.userId)).where(mine).orderBy(desc(shares.createdAt), desc(shares.id)).all();
  return rows.map(({ share: { id, path, passwordHash, createdAt, expiresAt, downloadsMost, downloads }, by }) => ({
    id, path, by, password: passwordHash !== null, createdAt, expiresAt, downloadsMost, downloads,
    over: (expiresAt !== null && expiresAt <= now) || (downloadsMost !== null && downloads >= downloadsMost),
  }));
}

const seesAll = (actor: Actor) => can(actor, 'users.write');

/** Ends a link at once; returns its path. @throws AppError not_found, also for one that is not ours (S12) */
export function removeShare(app: App, actor: Actor, id: string): string {
  need(actor, 'files.write');
  const mine = seesAll(actor) ? eq(shares.id, id) : and(eq(shares.id, id), eq(shares.userId, ownId(actor)));
  const gone = app.db.delete(shares).where(mine).returning({ path: shares.path }).get();
  if (!gone) throw new AppError('not_found', (t) => t.shares.notFound);
  record(app, actor, { action: 'files.unshare', target: gone.path, params: { id } });
  return gone.path;
}

/** Housekeeping. */
export function dropOldShares(app: Pick<App, 'db' | 'clock'>) {
  app.db.delete(shares).where(lt(shares.expiresAt, app.clock.now() - KEPT_MS)).run();
}
