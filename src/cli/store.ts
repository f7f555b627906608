import { Database } from 'bun:sqlite';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findDataDir } from '../config/load.ts';
import type { App } from '../core/app.ts';
import type { Events } from '../core/events.ts';
import { closeDb, openDb } from '../db/open.ts';
import { migrations } from '../db/migrations/index.ts';
import { Bus } from '../lib/bus.ts';
import { systemClock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { systemRandom } from '../lib/random.ts';
import type { Invocation } from './command.ts';
import { prepareDataDir } from './datadir.ts';
import { lockDataDir } from './lock.ts';
import { openLog } from './logs.ts';

/** What the panel and the commands beside it both stand on. */
export type Store = Pick<App, 'db' | 'log' | 'bus' | 'clock' | 'random'>;

export const databasePath = (dataDir: string) => join(dataDir, 'mantou.db');

/** @throws AppError unavailable for a database that cannot be used */
export function openStore(dataDir: string): { store: Store; close(): void } {
  const log = openLog(dataDir, systemClock.now);
  const path = databasePath(dataDir);
  ownOnly(path);
  const db = openDb(path);
  const bus = new Bus<Events>((error) => log.error('listener failed', { error: error as Error }));
  return { store: { db, log, bus, clock: systemClock, random: systemRandom }, close: () => closeDb(db) };
}

/** SQLite makes its file readable for all, and its log with the same mode: the file is there before, for its owner only (S20). */
export function ownOnly(path: string) {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch {
    // SQLite will say in its words what is wrong.
  }
}

/**
 * Runs `work` on the database of a panel that may be running: SQLite lets both write, and the panel sees the change.
 * `create`: make the data directory when there is none, else refuse.
 * @throws AppError not_found (no panel here), conflict (an older panel runs on it), unavailable
 */
export async function withStore<T>(call: Invocation, work: (store: Store) => Promise<T> | T, { create = false } = {}): Promise<T> {
  const { dataDir } = findDataDir(call.values, call.env);
  const path = databasePath(dataDir);
  if (!create && !existsSync(path)) throw new AppError('not_found', (t) => t.storage.nothingHere({ path: dataDir }));
  becomeOwner(dataDir);
  await prepareDataDir(dataDir);
  // Only who has the directory alone may change the shape of the database under it.
  const lock = isCurrent(path) ? null : lockDataDir(dataDir);
  try {
    const { store, close } = openStore(dataDir);
    try {
      return await work(store);
    } finally {
      close();
    }
  } finally {
    lock?.release();
  }
}

function isCurrent(path: string): boolean {
  if (!existsSync(path)) return false;
  let client: Database | undefined;
  try {
    client = new Database(path, { readwrite: true, create: false });
    client.run('PRAGMA busy_timeout = 5000');
    return (client.query('PRAGMA user_version').get() as { user_version: number }).user_version === migrations.length;
  } catch {
    // Opening it for real will say what is wrong.
    return false;
  } finally {
    client?.close();
  }
}

/** Files that root makes in a person's data directory would lock that person's panel out: act as its owner instead. */
function becomeOwner(dataDir: string) {
  if (process.getuid?.() !== 0) return;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (!owner || owner.uid === 0) return;
  process.setgroups!([]);
  process.setgid!(owner.gid);
  process.setuid!(owner.uid);
}
