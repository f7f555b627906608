import { and, eq, gt, isNull, lt, or } from 'drizzle-orm';
import { z } from 'zod';
import { recoveryCodes, users } from '../../db/schema/users.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { ownId } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { provePassword } from '../users/change-password.ts';
import { CurrentPassword } from '../users/password.ts';
import { userById, type User } from '../users/users.ts';
import { renewCodes } from './recovery.ts';

const STEP_MS = 30_000;
/** A key that was shown and not confirmed is good for so long. */
const OFFER_MS = 15 * 60_000;

const context = (userId: string) => `totp:${userId}`;
const offerContext = (userId: string) => `totp-offer:${userId}`;

/** RFC 6238 as every authenticator app does it: SHA-1, 6 digits, 30 s. The library is loaded when somebody needs it. */
async function generator(secret: string) {
  const { Secret, TOTP } = await import('otpauth');
  return new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: STEP_MS / 1000 });
}

export interface TotpOffer {
  /** Base32, for typing. */
  secret: string;
  /** `otpauth://totp/…`, for the QR code. */
  uri: string;
  /** The key, sealed for this user: comes back with the first code, so that nothing is kept before it counts. */
  sealed: string;
}

/** A new key to scan. It counts only after `confirmTotp`. @throws AppError conflict when one is on already */
export async function offerTotp(app: App, actor: Actor, panelName: string, again?: string): Promise<TotpOffer> {
  const user = userById(app, ownId(actor));
  if (user.totpSecret) throw new AppError('conflict', (t) => t.account.totpOn);
  const { Secret, TOTP } = await import('otpauth');
  const kept = again === undefined ? null : openOffer(app, user.id, again);
  const secret = kept ?? new Secret({ buffer: app.random.bytes(20).buffer }).base32;
  const uri = new TOTP({ issuer: `Mantou ${panelName}`, label: user.name, secret: Secret.fromBase32(secret), digits: 6, period: 30 }).toString();
  const sealed = app.secrets.seal(JSON.stringify({ secret, until: app.clock.now() + OFFER_MS }), offerContext(user.id));
  return { secret, uri, sealed };
}

/** null when it was made for somebody else, changed, or is too old. */
function openOffer(app: App, userId: string, sealed: string): string | null {
  try {
    const { secret, until } = JSON.parse(app.secrets.open(sealed, offerContext(userId))) as { secret: string; until: number };
    return until > app.clock.now() ? secret : null;
  } catch {
    return null;
  }
}

export const TotpConfirm = z.object({
  sealed: z.string().max(1000),
  code: z
    .string()
    .transform((text) => text.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, say('account.codeDigits', (t) => t.account.codeDigits))),
  current: CurrentPassword,
});

/**
 * Switches the second factor on with the first code and the password (S10: with a session alone, a thief would lock the
 * owner out), and returns the recovery codes: the only time they are seen.
 * @throws AppError invalid (`code`, `current`), conflict (on already, or the key on the page is too old)
 */
export async function confirmTotp(app: App, actor: Actor, input: z.output<typeof TotpConfirm>): Promise<string[]> {
  const userId = ownId(actor);
  const secret = openOffer(app, userId, input.sealed);
  if (!secret) throw new AppError('conflict', (t) => t.account.totpOfferOld);
  const step = await stepOf(app, secret, input.code);
  if (step === null) throw new AppError('invalid', (t) => t.account.codeWrong, { field: 'code' });
  await provePassword(app, actor, input.current, 'totp.enable');
  return transaction(app.db, () => {
    const on = app.db
      .update(users)
      .set({ totpSecret: app.secrets.seal(secret, context(userId)), totpLastStep: step })
      .where(and(eq(users.id, userId), isNull(users.totpSecret)))
      .returning({ name: users.name })
      .get();
    if (!on) throw new AppError('conflict', (t) => t.account.totpOn);
    record(app, actor, { action: 'totp.enable', target: on.name });
    return renewCodes(app, userId);
  });
}

/** Is it the code of now, one step before or after, and not used yet? Using it is what makes it used: one statement. */
export async function verifyTotp(app: App, user: Pick<User, 'id' | 'totpSecret'>, code: string): Promise<boolean> {
  if (!user.totpSecret) return false;
  const step = await stepOf(app, app.secrets.open(user.totpSecret, context(user.id)), code);
  if (step === null) return false;
  // A last step far ahead was kept by a clock that was wrong: it must not refuse every code until that time has come.
  const last = users.totpLastStep;
  const fresh = and(eq(users.id, user.id), or(isNull(last), lt(last, step), gt(last, step + 2)));
  return app.db.update(users).set({ totpLastStep: step }).where(fresh).returning({ id: users.id }).all().length > 0;
}

/** Number of the 30 s step that the code belongs to; null: none within one step of now. */
async function stepOf(app: App, secret: string, code: string): Promise<number | null> {
  const now = app.clock.now();
  const delta = (await generator(secret)).validate({ token: code, timestamp: now, window: 1 });
  return delta === null ? null : Math.floor(now / STEP_MS) + delta;
}

/** Switches it off, with the password. @throws AppError invalid (`current`), conflict (it is off) */
export async function removeTotp(app: App, actor: Actor, input: { current: string }) {
  const user = userById(app, ownId(actor));
  if (!user.totpSecret) throw new AppError('conflict', (t) => t.account.totpOff);
  await provePassword(app, actor, input.current, 'totp.disable');
  transaction(app.db, () => {
    app.db.update(users).set({ totpSecret: null, totpLastStep: null }).where(eq(users.id, user.id)).run();
    app.db.delete(recoveryCodes).where(eq(recoveryCodes.userId, user.id)).run();
    record(app, actor, { action: 'totp.disable', target: user.name });
  });
}

/** New recovery codes, with the password; the old ones stop working. @throws AppError invalid (`current`), conflict (off) */
export async function renewRecoveryCodes(app: App, actor: Actor, input: { current: string }): Promise<string[]> {
  const user = userById(app, ownId(actor));
  if (!user.totpSecret) throw new AppError('conflict', (t) => t.account.totpOff);
  await provePassword(app, actor, input.current, 'totp.recovery');
  const codes = renewCodes(app, user.id);
  record(app, actor, { action: 'totp.recovery', target: user.name });
  return codes;
}
