import { and, count, eq, isNull } from 'drizzle-orm';
import { recoveryCodes } from '../../db/schema/users.ts';
import { transaction } from '../../db/transaction.ts';
import type { App } from '../app.ts';

export const RECOVERY_CODES = 10;

// Base32 without what is mixed up when read from paper: 5 bits each.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

type RecoveryApp = Pick<App, 'db' | 'clock' | 'random' | 'secrets'>;

/** Ten new codes of 60 bits, "xxxx-xxxx-xxxx"; those before stop working. The only time they are seen. */
export function renewCodes(app: RecoveryApp, userId: string): string[] {
  const codes = Array.from({ length: RECOVERY_CODES }, () => {
    const text = [...app.random.bytes(12)].map((byte) => LETTERS[byte & 31]).join('');
    return text.match(/.{4}/g)!.join('-');
  });
  transaction(app.db, () => {
    app.db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId)).run();
    app.db.insert(recoveryCodes).values(codes.map((code) => ({ userId, codeHash: hash(app, userId, code) }))).run();
  });
  return codes;
}

/** True when it is one of the user's unused codes, which it no longer is then. */
export function useRecoveryCode(app: RecoveryApp, userId: string, code: string): boolean {
  const mine = and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.codeHash, hash(app, userId, code)), isNull(recoveryCodes.usedAt));
  return app.db.update(recoveryCodes).set({ usedAt: app.clock.now() }).where(mine).returning({ userId: recoveryCodes.userId }).all().length > 0;
}

export function codesLeft(app: Pick<App, 'db'>, userId: string): number {
  return app.db.select({ n: count() }).from(recoveryCodes).where(and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt))).get()!.n;
}

/** With the key of this installation, so that a copied database alone cannot be searched for them. */
function hash(app: Pick<App, 'secrets'>, userId: string, code: string): string {
  const plain = code.toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, 64);
  return new Bun.CryptoHasher('sha256', app.secrets.key('recovery')).update(`${userId}:${plain}`).digest('hex');
}
