import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { shares } from '../../../db/schema/files.ts';
import { users } from '../../../db/schema/users.ts';
import { AppError } from '../../../lib/errors.ts';
import { sha256 } from '../../../lib/random.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { attemptSucceeded, startAttempt, withdrawAttempt, type Attempt } from '../../sign-in/backoff.ts';
import { verifyPassword } from '../../users/password.ts';

/** A link that leads somewhere, and the person in whose name it does. */
export interface Share {
  id: string;
  path: string;
  passwordHash: string | null;
  expiresAt: number | null;
  downloadsMost: number | null;
  downloads: number;
  /** Whoever made it, with the role that they have now. */
  owner: Extract<Actor, { kind: 'user' }>;
}

/** Every link that leads nowhere says the same, whatever the reason. */
const gone = () => new AppError('not_found', (t) => t.shares.page.gone);

/**
 * The link behind a token. It acts with the rights of whoever made it, as they are at this moment: nobody who is disabled,
 * gone or without the permission any more gives anything away.
 * @throws AppError not_found
 */
export function findShare(app: App, token: string, ip: string): Share {
  const row = app.db
    .select({ share: shares, user: { id: users.id, name: users.name, role: users.role } })
    .from(shares)
    .innerJoin(users, eq(users.id, shares.userId))
    .where(and(eq(shares.tokenHash, sha256(token)), eq(users.disabled, false)))
    .get();
  if (!row || (row.share.expiresAt !== null && row.share.expiresAt <= app.clock.now())) throw gone();
  const owner = { kind: 'user' as const, userId: row.user.id, name: row.user.name, role: row.user.role, sessionId: null, tokenId: null, ip };
  try {
    need(owner, 'files.write');
  } catch {
    throw gone();
  }
  const { id, path, passwordHash, expiresAt, downloadsMost, downloads } = row.share;
  return { id, path, passwordHash, expiresAt, downloadsMost, downloads, owner };
}

/** Has it been used up? */
export const isUsedUp = ({ downloads, downloadsMost }: Pick<Share, 'downloads' | 'downloadsMost'>) => downloadsMost !== null && downloads >= downloadsMost;

export type Unlocked = { kind: 'right' } | { kind: 'wrong' } | { kind: 'held'; seconds: number };

/** A guess at its password: counted and slowed like one at a person's (S11). @throws AppError unavailable */
export async function unlockShare(app: App, share: Share, ip: string, password: string): Promise<Unlocked> {
  // No name of a person has a colon in it.
  const attempt: Attempt = { of: 'password', ip, name: `share:${share.id}`, device: null };
  const wait = startAttempt(app, attempt);
  if (wait > 0) return { kind: 'held', seconds: Math.ceil(wait / 1000) };
  const matches = await verifyPassword(password, share.passwordHash ?? undefined, { stranger: true }).catch((error: unknown) => {
    withdrawAttempt(app, attempt);
    throw error;
  });
  if (matches) {
    attemptSucceeded(app, attempt);
    return { kind: 'right' };
  }
  record(app, { kind: 'anonymous', ip }, { action: 'files.share_unlock', target: share.path, result: 'refused', params: { id: share.id } });
  return { kind: 'wrong' };
}

/** Counts a download before its first byte; the last that is allowed is given to one of those who ask at once. @throws AppError not_found */
export function countDownload(app: App, share: Share, ip: string, what: string) {
  const left = or(isNull(shares.downloadsMost), lt(shares.downloads, shares.downloadsMost));
  const counted = app.db.update(shares).set({ downloads: sql`${shares.downloads} + 1` }).where(and(eq(shares.id, share.id), left)).returning({ id: shares.id }).get();
  if (!counted) throw gone();
  record(app, { kind: 'anonymous', ip }, { action: 'files.share_download', target: what, params: { id: share.id, by: share.owner.name } });
}
