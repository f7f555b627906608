import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { tokens } from '../../db/schema/sessions.ts';
import type { Role } from '../../db/schema/users.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../lib/errors.ts';
import { sha256 } from '../../lib/random.ts';
import { atLeast, lowerRole, need, ownId } from '../access.ts';
import type { Actor } from '../app.ts';
import { record } from '../audit/audit.ts';
import { provePassword } from '../users/change-password.ts';
import { Label } from '../users/label.ts';
import { RoleName, userById, type UsersApp } from '../users/users.ts';

const DAY_MS = 86_400_000;
/** So many tell what each is for; more are forgotten ones. */
const MOST = 100;

export const NewToken = z.object({
  name: Label,
  role: RoleName,
  /** null: until it is removed. */
  expiresInDays: z.number().int().min(1).max(3650).nullable(),
});

export interface TokenRow {
  id: string;
  name: string;
  /** What it was made with; it never does more than its owner may. */
  role: Role;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
}

/** Tokens of a user, oldest first; of another one only with `users.read`. Never the token itself. */
export function listTokens(app: Pick<UsersApp, 'db'>, actor: Actor, userId: string = ownId(actor)): TokenRow[] {
  if (!isSelf(actor, userId)) need(actor, 'users.read');
  const { id, name, role, createdAt, expiresAt, lastUsedAt } = tokens;
  return app.db.select({ id, name, role, createdAt, expiresAt, lastUsedAt }).from(tokens).where(eq(tokens.userId, userId)).orderBy(asc(id)).all();
}

interface MadeToken {
  id: string;
  token: string;
  expiresAt: number | null;
}

type TokenInput = z.output<typeof NewToken> & { userId?: string };

/**
 * Makes a token for who acts by a session, after proving the password: a stolen session must not make what outlives it
 * (S10). Returns and throws like `createToken`, and invalid (`current`), unavailable.
 */
export async function createTokenByPassword(
  app: UsersApp,
  actor: Actor,
  { current, ...input }: z.output<typeof NewToken> & { current: string },
): Promise<MadeToken> {
  await provePassword(app, actor, current, 'tokens.create');
  return makeToken(app, actor, input);
}

/**
 * Makes a token and returns it: the only time it is seen. `userId` is oneself unless `users.write`. For the API, the
 * command line and the panel itself.
 * @throws AppError denied (also for a session: that is `createTokenByPassword`); not_found; invalid (role above the owner's or the caller's, or outliving the caller's); conflict (too many)
 */
export function createToken(app: UsersApp, actor: Actor, input: TokenInput): MadeToken {
  if (actor.kind === 'user' && actor.sessionId) throw new AppError('denied', (t) => t.errors.denied);
  return makeToken(app, actor, input);
}

function makeToken(app: UsersApp, actor: Actor, input: TokenInput): MadeToken {
  const userId = input.userId ?? ownId(actor);
  if (!isSelf(actor, userId)) need(actor, 'users.write');
  return transaction(app.db, () => {
    const owner = userById(app, userId);
    // A caller that is itself a weaker token must not make a stronger one.
    const most = actor.kind === 'user' ? lowerRole(actor.role, owner.role) : owner.role;
    if (!atLeast(most, input.role)) throw new AppError('invalid', (t) => t.account.tokenRole, { field: 'role' });
    if (listTokens(app, actor, userId).length >= MOST) throw new AppError('conflict', (t) => t.account.tokensFull({ n: MOST }));
    const now = app.clock.now();
    const id = app.random.id();
    // The prefix lets secret scanners find a token that leaked into a repository.
    const token = `mantou_${app.random.token()}`;
    const expiresAt = input.expiresInDays === null ? null : now + input.expiresInDays * DAY_MS;
    refuseToOutlive(app, actor, expiresAt);
    const { name, role } = input;
    app.db.insert(tokens).values({ id, userId, name, role, tokenHash: sha256(token), createdAt: now, expiresAt }).run();
    record(app, actor, { action: 'tokens.create', target: name, params: { user: owner.name, role, expiresAt } });
    return { id, token, expiresAt };
  });
}

/** A token that ends must not make one that goes on. */
function refuseToOutlive(app: UsersApp, actor: Actor, expiresAt: number | null) {
  if (actor.kind !== 'user' || !actor.tokenId) return;
  const ends = app.db.select({ at: tokens.expiresAt }).from(tokens).where(eq(tokens.id, actor.tokenId)).get()?.at ?? null;
  if (ends !== null && (expiresAt === null || expiresAt > ends)) {
    throw new AppError('invalid', (t) => t.account.tokenOutlives, { field: 'expiresInDays' });
  }
}

/**
 * Takes a token back; one's own, with `users.write` anybody's. A token takes back none that may do more than itself.
 * @throws AppError not_found, also for what is not ours (S12); denied
 */
export function removeToken(app: UsersApp, actor: Actor, input: { id: string; userId?: string }) {
  const userId = input.userId ?? ownId(actor);
  if (!isSelf(actor, userId)) need(actor, 'users.write');
  const mine = and(eq(tokens.id, input.id), eq(tokens.userId, userId));
  const found = app.db.select({ role: tokens.role }).from(tokens).where(mine).get();
  if (found && actor.kind === 'user' && actor.tokenId && !atLeast(actor.role, found.role)) throw new AppError('denied', (t) => t.errors.denied);
  const gone = app.db.delete(tokens).where(mine).returning({ name: tokens.name }).get();
  if (!gone) throw new AppError('not_found', (t) => t.account.tokenMissing);
  record(app, actor, { action: 'tokens.remove', target: gone.name });
}

const isSelf = (actor: Actor, userId: string) => actor.kind === 'user' && actor.userId === userId;
