import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { passkeys } from '../../db/schema/users.ts';
import { AppError } from '../../lib/errors.ts';
import { ownId } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import type { OneTime } from '../sign-in/one-time.ts';
import { provePassword } from '../users/change-password.ts';
import { Label } from '../users/label.ts';
import { CurrentPassword } from '../users/password.ts';
import { userById } from '../users/users.ts';
import { webauthn } from './library.ts';
import type { Party } from './party.ts';

/** So many for one person; each is sent to the browser when another is made. */
const MOST = 20;

/** Challenge of a passkey that is being made, for one session that has proved the password. */
export interface Registration {
  challenge: string;
  userId: string;
  sessionId: string | null;
}

export interface PasskeyRow {
  id: string;
  name: string;
  createdAt: number;
  lastUsedAt: number | null;
}

/** One's own, oldest first. */
export function listPasskeys(app: Pick<App, 'db'>, actor: Actor): PasskeyRow[] {
  const { id, name, createdAt, lastUsedAt } = passkeys;
  return app.db.select({ id, name, createdAt, lastUsedAt }).from(passkeys).where(eq(passkeys.userId, ownId(actor))).orderBy(asc(id)).all();
}

export const PasskeyWish = z.object({ current: CurrentPassword });

/**
 * What `navigator.credentials.create` needs, and the ticket that comes back with its answer. The password is proved
 * here, before the browser asks for a finger: the ticket stands for it (S10).
 * @throws AppError invalid (`current`), conflict (too many)
 */
export async function offerPasskey(
  app: App,
  actor: Actor,
  party: Party,
  open: OneTime<Registration>,
  input: z.output<typeof PasskeyWish>,
) {
  const user = userById(app, ownId(actor));
  const mine = app.db.select().from(passkeys).where(eq(passkeys.userId, user.id)).all();
  if (mine.length >= MOST) throw new AppError('conflict', (t) => t.account.passkeysFull({ n: MOST }));
  await provePassword(app, actor, input.current, 'passkeys.create');
  const { generateRegistrationOptions } = await webauthn();
  const options = await generateRegistrationOptions({
    rpName: 'Mantou',
    rpID: party.id,
    userName: user.name,
    userDisplayName: user.name,
    userID: new TextEncoder().encode(user.id),
    challenge: app.random.bytes(32),
    timeout: 5 * 60_000,
    attestationType: 'none',
    excludeCredentials: mine.map((key) => ({ id: key.credentialId, transports: key.transports })),
    // Discoverable and verified: it signs in by itself, without name and password.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  return { ticket: open.put(user.id, { challenge: options.challenge, userId: user.id, sessionId: sessionOf(actor) }), options };
}

const sessionOf = (actor: Actor) => (actor.kind === 'user' ? actor.sessionId : null);

const base64url = z.string().max(20_000).regex(/^[\w-]*$/);

export const NewPasskey = z.object({
  ticket: z.string().max(100),
  name: Label,
  response: z.object({
    id: base64url,
    rawId: base64url,
    type: z.literal('public-key'),
    response: z.object({
      clientDataJSON: base64url,
      attestationObject: base64url,
      transports: z.array(z.string().max(32)).max(10).optional(),
    }),
  }),
});

/** Checks what the authenticator made and keeps its public key. @throws AppError conflict (too late, known already), invalid */
export async function addPasskey(
  app: App,
  actor: Actor,
  party: Party,
  open: OneTime<Registration>,
  input: z.output<typeof NewPasskey>,
): Promise<{ id: string }> {
  const userId = ownId(actor);
  const offer = open.take(input.ticket);
  if (offer?.userId !== userId || offer.sessionId !== sessionOf(actor)) throw new AppError('conflict', (t) => t.account.passkeyLate);
  const { verifyRegistrationResponse } = await webauthn();
  const response = { ...input.response, clientExtensionResults: {} } as RegistrationResponseJSON;
  const checked = await verifyRegistrationResponse({
    response,
    expectedChallenge: offer.challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw new AppError('invalid', (t) => t.account.passkeyRefused, { cause });
  });
  if (!checked.verified) throw new AppError('invalid', (t) => t.account.passkeyRefused);
  const { credential } = checked.registrationInfo;
  const id = app.random.id();
  const kept = app.db
    .insert(passkeys)
    .values({
      id, userId, name: input.name,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: credential.transports ?? [],
      createdAt: app.clock.now(),
    })
    .onConflictDoNothing({ target: passkeys.credentialId })
    .returning({ id: passkeys.id })
    .all();
  if (!kept.length) throw new AppError('conflict', (t) => t.account.passkeyKnown);
  record(app, actor, { action: 'passkeys.create', target: input.name });
  return { id };
}

/** @throws AppError not_found, also for somebody else's (S12) */
export function renamePasskey(app: App, actor: Actor, input: { id: string; name: string }) {
  const mine = and(eq(passkeys.id, input.id), eq(passkeys.userId, ownId(actor)));
  const row = app.db.update(passkeys).set({ name: input.name }).where(mine).returning({ id: passkeys.id }).get();
  if (!row) throw missing();
  record(app, actor, { action: 'passkeys.rename', target: input.name });
}

/** @throws AppError not_found, also for somebody else's (S12) */
export function removePasskey(app: App, actor: Actor, input: { id: string }) {
  const mine = and(eq(passkeys.id, input.id), eq(passkeys.userId, ownId(actor)));
  const row = app.db.delete(passkeys).where(mine).returning({ name: passkeys.name }).get();
  if (!row) throw missing();
  record(app, actor, { action: 'passkeys.remove', target: row.name });
}

const missing = () => new AppError('not_found', (t) => t.account.passkeyMissing);
