import { timingSafeEqual } from 'node:crypto';
import { gt, lte } from 'drizzle-orm';
import { z } from 'zod';
import { setupTokens } from '../../db/schema/sessions.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { sha256 } from '../../lib/random.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { UserName } from '../users/name.ts';
import { hashPassword, Password, refuseWeak } from '../users/password.ts';
import { hasUsers, insertUser, type UsersApp } from '../users/users.ts';

/** A setup token is good for so long. */
export const SETUP_MS = 30 * 60_000;

type SetupApp = Pick<App, 'db' | 'clock' | 'random'>;

/** A new one-time token for the first administrator; only its hash is kept. Earlier ones stay good until they expire. */
export function issueSetupToken(app: SetupApp): { token: string; expiresAt: number } {
  const token = app.random.token();
  const expiresAt = app.clock.now() + SETUP_MS;
  app.db.delete(setupTokens).where(lte(setupTokens.expiresAt, app.clock.now())).run();
  app.db.insert(setupTokens).values({ tokenHash: sha256(token), expiresAt }).run();
  return { token, expiresAt };
}

/** Is it one of those handed out, and still good? Compared in constant time; it stays good until set-up is done. */
export function checkSetupToken(app: Pick<App, 'db' | 'clock'>, token: string): boolean {
  const given = Buffer.from(sha256(token));
  const rows = app.db.select().from(setupTokens).where(gt(setupTokens.expiresAt, app.clock.now())).all();
  let good = false;
  for (const row of rows) good = timingSafeEqual(Buffer.from(row.tokenHash), given) || good;
  return good;
}

export const FirstUser = z.object({ token: z.string().trim().min(1, say('setup.token', (t) => t.setup.tokenEmpty)).max(200), name: UserName, password: Password });

/**
 * Makes the first administrator and voids every setup token. Of two at once one wins: the check and the row are one transaction.
 * @throws AppError denied (token), invalid (weak password), conflict (somebody was first), unavailable
 */
export async function completeSetup(app: UsersApp, from: Actor, input: z.output<typeof FirstUser>): Promise<{ userId: string }> {
  // Before the hash: without a token nobody makes the machine work.
  if (!checkSetupToken(app, input.token)) throw refused();
  refuseWeak(input.password, input.name);
  const passwordHash = await hashPassword(input.password);
  return transaction(app.db, () => {
    if (hasUsers(app)) throw new AppError('conflict', (t) => t.setup.already);
    if (!checkSetupToken(app, input.token)) throw refused();
    const userId = insertUser(app, { name: input.name, role: 'admin', passwordHash });
    app.db.delete(setupTokens).run();
    // From here on it is this person who acts.
    const actor: Actor = { kind: 'user', userId, name: input.name, role: 'admin', sessionId: null, tokenId: null, ip: from.ip };
    record(app, actor, { action: 'setup.finish', target: input.name });
    return { userId };
  });
}

const refused = () => new AppError('denied', (t) => t.setup.badToken, { field: 'token' });
