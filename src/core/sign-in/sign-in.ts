import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { useRecoveryCode } from '../second-factor/recovery.ts';
import { verifyTotp } from '../second-factor/totp.ts';
import { createSession, endSession, findSession } from '../sessions/sessions.ts';
import { verifyPassword } from '../users/password.ts';
import { findUserByName, userById, type User } from '../users/users.ts';
import { attemptSucceeded, startAttempt, withdrawAttempt, type Attempt } from './backoff.ts';
import { knownDevice, rememberDevice } from './device.ts';

/** The browser at the door. */
export interface Visitor {
  ip: string;
  userAgent: string;
  /** Its device cookie, '' when it has none. */
  device: string;
  /** The session that it still carries: replaced, so that nobody can plant one (session fixation). */
  session: string;
}

export const Credentials = z.object({ name: z.string().max(256), password: z.string().max(1024) });

/** The password was right and a code is asked for. Kept by the server for 5 minutes, never a session. */
export interface Pending {
  userId: string;
  name: string;
  device: string | null;
  passwordHash: string;
  wrong: number;
}

export interface SignedIn {
  token: string;
  /** New value of the device cookie. */
  device: string;
}

export type Answer =
  | { kind: 'held'; seconds: number }
  | { kind: 'wrong' }
  | { kind: 'code'; pending: Pending }
  | { kind: 'in'; signedIn: SignedIn };

/** So many wrong codes, then the password is asked for again. */
const WRONG_CODES = 10;

/**
 * The first step. Unknown name, wrong password and disabled account answer the same after the same work (S11).
 * @throws AppError unavailable (503, Retry-After) when too many passwords are being hashed
 */
export async function signIn(app: App, visitor: Visitor, input: z.output<typeof Credentials>): Promise<Answer> {
  const user = findUserByName(app, input.name);
  const device = user ? knownDevice(app, user, visitor.device) : null;
  const attempt: Attempt = { of: 'password', ip: visitor.ip, name: input.name, device };
  const wait = startAttempt(app, attempt);
  if (wait > 0) return { kind: 'held', seconds: Math.ceil(wait / 1000) };
  const matches = await guess(app, attempt, () => verifyPassword(input.password, user?.passwordHash, { stranger: device === null }));
  if (!matches || !user || !isStill(app, user)) return refuse(app, visitor, 'sign_in.password', user?.name);
  attemptSucceeded(app, attempt);
  if (user.totpSecret) {
    return { kind: 'code', pending: { userId: user.id, name: user.name, device, passwordHash: user.passwordHash, wrong: 0 } };
  }
  return { kind: 'in', signedIn: openSession(app, visitor, user, 'password') };
}

/** A refusal for lack of room is no wrong guess. */
async function guess(app: App, attempt: Attempt, work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    withdrawAttempt(app, attempt);
    throw error;
  }
}

/** Hashing took a while: has the account been disabled, removed or given another password meanwhile? */
function isStill(app: App, user: User): boolean {
  const now = findUserByName(app, user.name);
  return now?.id === user.id && !now.disabled && now.passwordHash === user.passwordHash;
}

/**
 * The second step: six digits of the authenticator, or a recovery code. `pending` counts its wrong ones;
 * "expired": start over.
 */
export async function signInWithCode(app: App, visitor: Visitor, pending: Pending, code: string): Promise<Answer | { kind: 'expired' }> {
  const user = findUserByName(app, pending.name);
  const valid = user?.id === pending.userId && !user.disabled && user.passwordHash === pending.passwordHash && user.totpSecret;
  if (!valid || pending.wrong >= WRONG_CODES) return { kind: 'expired' };
  const attempt: Attempt = { of: 'code', ip: visitor.ip, name: user.name, device: pending.device };
  const wait = startAttempt(app, attempt);
  if (wait > 0) return { kind: 'held', seconds: Math.ceil(wait / 1000) };
  const plain = code.replace(/\s/g, '');
  const digits = /^\d{6}$/.test(plain);
  const matches = digits ? await verifyTotp(app, user, plain) : useRecoveryCode(app, user.id, plain);
  if (!matches) {
    pending.wrong++;
    return refuse(app, visitor, digits ? 'sign_in.totp' : 'sign_in.recovery', user.name);
  }
  attemptSucceeded(app, attempt);
  return { kind: 'in', signedIn: openSession(app, visitor, user, digits ? 'password+totp' : 'password+recovery') };
}

/** Only names that exist are recorded: what else stands in that field may be a password typed into the wrong one. */
function refuse(app: App, visitor: Visitor, action: string, name: string | undefined): Answer {
  record(app, { kind: 'anonymous', ip: visitor.ip }, { action, target: name ?? '', result: 'refused' });
  app.bus.emit('sign_in.failed', { ip: visitor.ip, what: `${action} ${name ?? ''}`.trim() });
  return { kind: 'wrong' };
}

const ACTIONS: Record<string, string> = {
  password: 'sign_in.password',
  'password+totp': 'sign_in.totp',
  'password+recovery': 'sign_in.recovery',
  passkey: 'sign_in.passkey',
};

/** Makes the session of somebody who has proved who they are. @throws AppError denied when the account is disabled */
export function openSession(app: App, visitor: Visitor, proved: Pick<User, 'id'>, method: string): SignedIn {
  const user = userById(app, proved.id);
  if (user.disabled) throw new AppError('denied', (t) => t.signIn.wrong);
  const old = findSession(app, visitor.session, visitor.ip);
  if (old?.sessionId) endSession(app, old.sessionId);
  const { id, token } = createSession(app, user.id, method, visitor);
  const actor: Actor = { kind: 'user', userId: user.id, name: user.name, role: user.role, sessionId: id, tokenId: null, ip: visitor.ip };
  const action = ACTIONS[method];
  if (action) record(app, actor, { action, target: user.name });
  return { token, device: rememberDevice(app, user, visitor.device) };
}
