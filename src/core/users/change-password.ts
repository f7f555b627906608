import { eq } from 'drizzle-orm';
import { tokens } from '../../db/schema/sessions.ts';
import { passkeys, users } from '../../db/schema/users.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../lib/errors.ts';
import { need, ownId } from '../access.ts';
import type { Actor } from '../app.ts';
import { record } from '../audit/audit.ts';
import { endSessionsOf } from '../sessions/sessions.ts';
import { attemptSucceeded, forgetAllFailures, forgetFailuresOf, startAttempt, type Attempt } from '../sign-in/backoff.ts';
import { hashPassword, refuseWeak, verifyPassword } from './password.ts';
import { refuseOwnAccount, userById, type User, type UsersApp } from './users.ts';

/**
 * Gives somebody a new password (administrator, command line). Ends all their sessions and lifts what holds their sign-in.
 * @throws AppError denied, not_found, conflict (oneself), invalid (weak), unavailable (too many hashes at once)
 */
export async function setPassword(app: UsersApp, actor: Actor, input: { userId: string; password: string }) {
  need(actor, 'users.write');
  const user = userById(app, input.userId);
  refuseOwnAccount(actor, user);
  refuseWeak(input.password, user.name);
  const passwordHash = await hashPassword(input.password);
  keep(app, user, passwordHash, null, () => record(app, actor, { action: 'users.reset_password', target: user.name }));
  if (actor.kind === 'cli') forgetAllFailures(app);
}

/**
 * Changes one's own password, which needs the present one; the other sessions end. With `keys` one's API tokens and
 * passkeys go as well: whoever stole a session and knew the password may have made some.
 * @throws AppError invalid (`current` or `password`), unavailable
 */
export async function changePassword(app: UsersApp, actor: Actor, input: { current: string; password: string; keys?: boolean }) {
  const user = userById(app, ownId(actor));
  await provePassword(app, actor, input.current, 'account.password');
  refuseWeak(input.password, user.name);
  const passwordHash = await hashPassword(input.password);
  keep(app, user, passwordHash, actor.kind === 'user' ? actor.sessionId : null, () => {
    const params = input.keys ? removeKeys(app, user.id) : {};
    record(app, actor, { action: 'account.password', target: user.name, params });
  });
}

/** How many there were of each. */
function removeKeys(app: UsersApp, userId: string) {
  const removed = app.db.delete(tokens).where(eq(tokens.userId, userId)).returning({ id: tokens.id }).all();
  const keys = app.db.delete(passkeys).where(eq(passkeys.userId, userId)).returning({ id: passkeys.id }).all();
  return { tokensRemoved: removed.length, passkeysRemoved: keys.length };
}

/** One transaction, with what belongs to it (`more`). */
function keep(app: UsersApp, user: User, passwordHash: string, session: string | null, more: () => void) {
  transaction(app.db, () => {
    app.db.update(users).set({ passwordHash, passwordChangedAt: app.clock.now() }).where(eq(users.id, user.id)).run();
    endSessionsOf(app, user.id, session);
    forgetFailuresOf(app, user.name);
    more();
  });
}

/**
 * Before what a stolen session must not do. Guesses are counted for each session, and wait like those of a device; a
 * wrong one is recorded as a refused `action`.
 * @throws AppError invalid (`current`) when the password is not theirs or it is too early to try again
 */
export async function provePassword(app: UsersApp, actor: Actor, password: string, action: string) {
  const user = userById(app, ownId(actor));
  const source = actor.kind === 'user' ? (actor.sessionId ?? actor.tokenId) : null;
  const attempt: Attempt = { of: 'password', ip: actor.ip, name: user.name, device: source };
  const wait = startAttempt(app, attempt);
  if (wait > 0) throw new AppError('invalid', (t) => t.signIn.held({ seconds: Math.ceil(wait / 1000) }), { field: 'current' });
  const matches = await verifyPassword(password, user.passwordHash);
  // Checking takes a while: what was the password when it began may have been changed because it was stolen.
  if (!matches || userById(app, user.id).passwordHash !== user.passwordHash) {
    record(app, actor, { action, target: user.name, result: 'refused' });
    throw new AppError('invalid', (t) => t.users.passwordWrong, { field: 'current' });
  }
  attemptSucceeded(app, attempt);
}
