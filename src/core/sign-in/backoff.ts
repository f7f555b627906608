import { and, eq, inArray, lt, lte, notInArray, sql } from 'drizzle-orm';
import { signInFailures } from '../../db/schema/sessions.ts';
import { users } from '../../db/schema/users.ts';
import { transaction } from '../../db/transaction.ts';
import { sha256 } from '../../lib/random.ts';
import type { App } from '../app.ts';
import { network } from './network.ts';

type BackoffApp = Pick<App, 'db' | 'clock'>;

/** From the `first` failure on the wait doubles, beginning with 1 s, up to `most`; all is forgotten `forget` after the last. */
interface Policy {
  first: number;
  most: number;
  forget: number;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * An address waits up to 15 minutes. An account waits 30 s at most, whoever guesses at it, so nobody can lock its owner
 * out for good; and a browser that has signed in to the account before is counted by itself (`device`), held by
 * neither. A code is guessed by one who has the password already: 1 in 333,333 a try, so minutes.
 */
const POLICIES = {
  ip: { first: 5, most: 15 * MINUTE, forget: DAY },
  user: { first: 10, most: 30_000, forget: 60 * MINUTE },
  code: { first: 5, most: 5 * MINUTE, forget: DAY },
  device: { first: 5, most: 5 * MINUTE, forget: DAY },
  /** A key cannot be guessed, but each wrong answer is a row in the audit log: nobody may write those without end. */
  passkey: { first: 30, most: MINUTE, forget: 60 * MINUTE },
  /** Failures of one address on one account: what a success takes back from the address. Holds nobody. */
  pair: { first: Infinity, most: 0, forget: DAY },
} as const satisfies Record<string, Policy>;

type Kind = keyof typeof POLICIES;

/** The table never grows past this, whatever names are tried. */
const ROWS = 20_000;

export interface Attempt {
  /** What is guessed at: a password, or the code after it. */
  of: 'password' | 'code' | 'setup' | 'passkey';
  ip: string;
  /** The name as typed; '' when there is none. */
  name: string;
  /** Id of a device that has signed in to this account before. */
  device: string | null;
}

const account = (name: string) => sha256(name.trim().normalize('NFKC').toLowerCase());

// Hashed: people type their password into the field for the name.
function keysOf({ of, ip, name, device }: Attempt): string[] {
  if (device) return [`device:${device}`];
  if (of === 'passkey') return [`passkey:${network(ip)}`];
  const address = `ip:${network(ip)}`;
  if (of === 'setup') return [address];
  return [address, `${of === 'code' ? 'code' : 'user'}:${account(name)}`, `pair:${address}|${of}|${account(name)}`];
}

/**
 * Asks for one guess. 0: go on, and it already counts as failed, so that a hundred at once are not one;
 * else the ms to wait, and nothing was counted.
 */
export function startAttempt(app: BackoffApp, attempt: Attempt): number {
  return transaction(app.db, () => {
    const now = app.clock.now();
    const keys = keysOf(attempt);
    const rows = readFailures(app, keys);
    const wait = Math.max(0, ...rows.map((row) => waitFor(row, now)));
    if (wait > 0) return wait;
    for (const key of keys) {
      const failures = (rows.find((row) => row.key === key)?.failures ?? 0) + 1;
      app.db
        .insert(signInFailures)
        .values({ key, failures, lastAt: now })
        .onConflictDoUpdate({ target: signInFailures.key, set: { failures, lastAt: now } })
        .run();
    }
    trim(app);
    return 0;
  });
}

/** What still counts. A clock that was set back must not hold anybody for years. */
function readFailures(app: BackoffApp, keys: string[]) {
  const now = app.clock.now();
  const rows = app.db.select().from(signInFailures).where(inArray(signInFailures.key, keys)).all();
  for (const row of rows) {
    if (row.lastAt <= now) continue;
    row.lastAt = now;
    app.db.update(signInFailures).set({ lastAt: now }).where(eq(signInFailures.key, row.key)).run();
  }
  return rows.filter((row) => now - row.lastAt < policyOf(row.key).forget);
}

const policyOf = (key: string): Policy => POLICIES[key.split(':', 1)[0] as Kind];

function waitFor(row: { key: string; failures: number; lastAt: number }, now: number): number {
  const { first, most } = policyOf(row.key);
  if (row.failures < first) return 0;
  const hold = Math.min(most, 1000 * 2 ** Math.min(30, row.failures - first));
  return Math.max(0, row.lastAt + hold - now);
}

/** The guess was never checked: it does not count. */
export function withdrawAttempt(app: BackoffApp, attempt: Attempt) {
  const mine = inArray(signInFailures.key, keysOf(attempt));
  transaction(app.db, () => {
    app.db.update(signInFailures).set({ failures: sql`${signInFailures.failures} - 1` }).where(mine).run();
    app.db.delete(signInFailures).where(and(mine, lte(signInFailures.failures, 0))).run();
  });
}

/** It was the right one. The account is cleared; the address gets back only what it failed on this account. */
export function attemptSucceeded(app: BackoffApp, attempt: Attempt) {
  transaction(app.db, () => {
    const keys = keysOf(attempt);
    const rows = readFailures(app, keys);
    const mine = rows.find((row) => row.key.startsWith('pair:'))?.failures ?? Infinity;
    for (const { key, failures } of rows) {
      const left = key.startsWith('ip:') ? failures - mine : 0;
      if (left > 0) app.db.update(signInFailures).set({ failures: left }).where(eq(signInFailures.key, key)).run();
      else app.db.delete(signInFailures).where(eq(signInFailures.key, key)).run();
    }
  });
}

/** After a reset by somebody who may: the account is free at once. */
export function forgetFailuresOf(app: Pick<App, 'db'>, name: string) {
  app.db.delete(signInFailures).where(inArray(signInFailures.key, [`user:${account(name)}`, `code:${account(name)}`])).run();
}

/** The command line on the machine itself frees everything: it is the way in when nothing else is. */
export function forgetAllFailures(app: Pick<App, 'db'>) {
  app.db.delete(signInFailures).run();
}

/** Housekeeping: rows that hold nobody any more. */
export function dropOldFailures(app: BackoffApp) {
  app.db.delete(signInFailures).where(lt(signInFailures.lastAt, app.clock.now() - DAY)).run();
}

/** The oldest go, but not what holds an account that exists: names made up by the thousand must not set it free. */
function trim(app: BackoffApp) {
  const n = app.db.select({ n: sql<number>`count(*)` }).from(signInFailures).get()!.n;
  if (n <= ROWS) return;
  const names = app.db.select({ name: users.name }).from(users).all();
  const kept = names.flatMap(({ name }) => [`user:${account(name)}`, `code:${account(name)}`]);
  const oldest = app.db
    .select({ key: signInFailures.key })
    .from(signInFailures)
    .where(notInArray(signInFailures.key, kept))
    .orderBy(signInFailures.lastAt)
    .limit(n - ROWS + 500);
  app.db.delete(signInFailures).where(inArray(signInFailures.key, oldest)).run();
}
