import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { passkeys } from '../../db/schema/users.ts';
import { AppError } from '../../lib/errors.ts';
import type { App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { type Attempt, attemptSucceeded, startAttempt } from '../sign-in/backoff.ts';
import { network } from '../sign-in/network.ts';
import type { OneTime } from '../sign-in/one-time.ts';
import { openSession, type SignedIn, type Visitor } from '../sign-in/sign-in.ts';
import { userById } from '../users/users.ts';
import { webauthn } from './library.ts';
import type { Party } from './party.ts';

/** Has anybody made a passkey here? Only then does sign-in offer one. */
export const hasPasskeys = (app: Pick<App, 'db'>) => app.db.select({ id: passkeys.id }).from(passkeys).limit(1).all().length > 0;

/** What `navigator.credentials.get` needs, for whoever stands at the door: no name, so nothing is told about accounts. */
export async function offerPasskeySignIn(app: App, visitor: Pick<Visitor, 'ip'>, party: Party, open: OneTime<string>) {
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    challenge: app.random.bytes(32),
    timeout: 5 * 60_000,
    userVerification: 'required',
  });
  return { ticket: open.put(network(visitor.ip), options.challenge), options };
}

const base64url = z.string().max(10_000).regex(/^[\w-]*$/);

export const PasskeyAnswer = z.object({
  ticket: z.string().max(100),
  response: z.object({
    id: base64url,
    rawId: base64url,
    type: z.literal('public-key'),
    response: z.object({
      clientDataJSON: base64url,
      authenticatorData: base64url,
      signature: base64url,
      userHandle: base64url.nullish(),
    }),
  }),
});

/**
 * Signs in by passkey: something one has, unlocked by something one is or knows, so no further code is asked for.
 * A key cannot be guessed, so this door stays open when the others wait; only an address that sends wrong answers by the
 * dozen is slowed.
 * @throws AppError conflict (challenge used or older than 5 minutes), unavailable (slowed), invalid (anything else, in one sentence)
 */
export async function signInWithPasskey(
  app: App,
  visitor: Visitor,
  party: Party,
  open: OneTime<string>,
  input: z.output<typeof PasskeyAnswer>,
): Promise<SignedIn> {
  const challenge = open.take(input.ticket);
  if (!challenge) throw new AppError('conflict', (t) => t.signIn.passkeyLate);
  const attempt: Attempt = { of: 'passkey', ip: visitor.ip, name: '', device: null };
  const seconds = Math.ceil(startAttempt(app, attempt) / 1000);
  if (seconds > 0) throw new AppError('unavailable', (t) => t.signIn.held({ seconds }), { retryAfter: seconds });
  const key = app.db.select().from(passkeys).where(eq(passkeys.credentialId, input.response.id)).get();
  const counter = key && (await verify(party, challenge, key, input));
  const user = key && userById(app, key.userId);
  if (!key || !user || counter === undefined || user.disabled) {
    record(app, { kind: 'anonymous', ip: visitor.ip }, { action: 'sign_in.passkey', target: user?.name ?? '', result: 'refused' });
    app.bus.emit('sign_in.failed', { ip: visitor.ip, what: `sign_in.passkey ${user?.name ?? ''}`.trim() });
    throw new AppError('invalid', (t) => t.signIn.passkeyWrong);
  }
  attemptSucceeded(app, attempt);
  // Only from the count that was checked: a copy that answers at the same moment finds another one.
  const used = app.db
    .update(passkeys)
    .set({ counter, lastUsedAt: app.clock.now() })
    .where(and(eq(passkeys.id, key.id), eq(passkeys.counter, key.counter)))
    .returning({ id: passkeys.id })
    .all();
  if (!used.length) throw new AppError('conflict', (t) => t.signIn.passkeyLate);
  return openSession(app, visitor, user, 'passkey');
}

/** The new count of a right answer; undefined for a wrong one. */
async function verify(party: Party, challenge: string, key: typeof passkeys.$inferSelect, input: z.output<typeof PasskeyAnswer>) {
  const handle = input.response.response.userHandle;
  if (handle && Buffer.from(handle, 'base64url').toString() !== key.userId) return undefined;
  const { verifyAuthenticationResponse } = await webauthn();
  try {
    const checked = await verifyAuthenticationResponse({
      response: { ...input.response, clientExtensionResults: {} } as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: { id: key.credentialId, publicKey: new Uint8Array(Buffer.from(key.publicKey, 'base64url')), counter: key.counter, transports: key.transports },
    });
    return checked.verified ? checked.authenticationInfo.newCounter : undefined;
  } catch {
    // The library throws for each thing that does not fit; which one is nobody's business at the door.
    return undefined;
  }
}
