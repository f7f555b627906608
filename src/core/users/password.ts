import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import type { Random } from '../../lib/random.ts';
import { Semaphore } from '../../lib/semaphore.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';

/** Length alone: what needs the name of the user is `refuseWeak`. */
export const Password = z
  .string()
  .min(10, say('users.passwordShort', (t) => t.users.passwordShort))
  .max(256, say('users.passwordLong', (t) => t.users.passwordLong));

/** The present one, typed again. One that is missing is a wrong one: it is refused, counted and recorded like those. */
export const CurrentPassword = z.string().max(1024).default('');

/** OWASP Password Storage Cheat Sheet: argon2id with m=19 MiB, t=2, p=1. */
const ARGON2 = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const;

/** Of a password that nobody knows: verified when there is no such user, so that both take the same time (S11). */
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$/S/Yzo2bVe1vVi/WhAgUebGAgG1ADJiSrdL3BlGjhPg$AAZT6iP5FYGQ09VxMVzx3FSY5RC9rKGYW8EW/2HIxKE';

/**
 * One for the process, because the memory is the machine's: two at once, sixteen waiting, the next is sent away.
 * Strangers wait in the row behind: however many they are, who is signed in or known by this browser gets through.
 */
const gate = new Semaphore(2, 16);

async function gated<T>(work: () => Promise<T>, stranger = false): Promise<T> {
  const done = await gate.run(work, !stranger);
  if (!done) throw new AppError('unavailable', (t) => t.signIn.busy, { retryAfter: 2 });
  return done.value;
}

/** Keyboards write the same character differently (NIST SP 800-63B, 5.1.1.2): both become one before hashing. */
const normal = (password: string) => password.normalize('NFKC');

/** The argon2id string to keep. @throws AppError unavailable (503) when too many are being hashed. */
export const hashPassword = (password: string) => gated(() => Bun.password.hash(normal(password), ARGON2));

/** Does the password belong to the hash? Without a hash the same work is done for nothing and the answer is no. */
export async function verifyPassword(password: string, hash: string | undefined, { stranger = false } = {}): Promise<boolean> {
  const matches = await gated(() => Bun.password.verify(normal(password), hash ?? NOBODY).catch(() => false), stranger);
  return matches && hash !== undefined;
}

/** Refuses what is tried first: the name itself, the best known ones, one character over and over, runs of the alphabet. */
export function refuseWeak(password: string, name: string) {
  const plain = normal(password).toLowerCase();
  const weak =
    plain === name.toLowerCase() ||
    plain === [...name.toLowerCase()].reverse().join('') ||
    COMMON_PASSWORDS.has(plain) ||
    new Set(plain).size < 4 ||
    isRun(plain);
  if (weak) throw new AppError('invalid', (t) => t.users.passwordCommon, { field: 'password' });
}

/** "1234567890", "abcdefghij" and back. */
function isRun(text: string): boolean {
  const steps = [...text].slice(1).map((ch, i) => ch.codePointAt(0)! - text.codePointAt(i)!);
  return '0123456789'.repeat(27).includes(text) || steps.every((step) => step === 1) || steps.every((step) => step === -1);
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Five times four characters that nobody mixes up: 100 bits (32 letters, so a byte's five low bits choose evenly). */
export function generatePassword(random: Random): string {
  const text = [...random.bytes(20)].map((byte) => LETTERS[byte & 31]).join('');
  return text.match(/.{4}/g)!.join('-');
}
