import { Database } from 'bun:sqlite';
import { drizzle, type BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite';
import { existsSync, rmSync } from 'node:fs';
import { AppError } from '../lib/errors.ts';
import { migrations } from './migrations/index.ts';

export type Db = BunSQLiteDatabase & { $client: Database };

/**
 * Opens the panel's database and brings it to this version.
 * WAL with `synchronous=NORMAL`: a killed process loses no committed row (SQLite, "Write-Ahead Logging", §4);
 * only a power cut may take the last ones.
 * @throws AppError unavailable, saying what to do, when the file is damaged, newer than this program or cannot be written.
 */
export function openDb(path: string): Db {
  let client: Database | undefined;
  try {
    client = new Database(path, { create: true, strict: true });
    client.run('PRAGMA busy_timeout = 5000');
    client.run('PRAGMA journal_mode = WAL');
    client.run('PRAGMA synchronous = NORMAL');
    client.run('PRAGMA foreign_keys = ON');
    // 1 MiB of page cache: the panel is idle most of the time and memory is not ours.
    client.run('PRAGMA cache_size = -1024');
    migrate(client, path);
    return drizzle({ client }) as Db;
  } catch (error) {
    client?.close();
    throw explain(error, path);
  }
}

function migrate(client: Database, path: string) {
  const version = (client.query('PRAGMA user_version').get() as { user_version: number }).user_version;
  if (version > migrations.length) {
    throw new AppError('unavailable', (t) => t.storage.newer({ path, version, known: migrations.length }));
  }
  if (version === migrations.length) return;
  if (version > 0) keepCopy(client, `${path}.before-${migrations.length}`);
  for (let next = version; next < migrations.length; next++) {
    // Each step is one transaction: a crash in between leaves the version before it.
    client.transaction(() => {
      client.run(migrations[next]!);
      client.run(`PRAGMA user_version = ${next + 1}`);
    }).immediate();
  }
}

/** A whole copy beside the database before its shape changes, so that the older program can be put back. */
function keepCopy(client: Database, copy: string) {
  if (existsSync(copy)) rmSync(copy);
  client.query('VACUUM INTO ?').run(copy);
}

const CODES: Record<string, (path: string) => AppError> = {
  SQLITE_CORRUPT: (path) => new AppError('unavailable', (t) => t.storage.damaged({ path })),
  SQLITE_NOTADB: (path) => new AppError('unavailable', (t) => t.storage.damaged({ path })),
  SQLITE_CANTOPEN: (path) => new AppError('unavailable', (t) => t.storage.cannotOpen({ path })),
  SQLITE_READONLY: (path) => new AppError('unavailable', (t) => t.storage.readOnly({ path })),
  SQLITE_PERM: (path) => new AppError('unavailable', (t) => t.storage.cannotOpen({ path })),
  SQLITE_BUSY: (path) => new AppError('unavailable', (t) => t.storage.busy({ path })),
  SQLITE_FULL: (path) => new AppError('unavailable', (t) => t.storage.full({ path })),
  SQLITE_IOERR: (path) => new AppError('unavailable', (t) => t.storage.ioError({ path })),
};

/** Turns SQLite's result codes (sqlite.org/rescode.html) into something a person can act on; others pass unchanged. */
export function explain(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  const code = String((error as { code?: unknown })?.code ?? '');
  const known = Object.keys(CODES).find((name) => code === name || code.startsWith(`${name}_`));
  if (!known) return error;
  const told = CODES[known]!(path);
  return Object.assign(told, { cause: error });
}

/** Moves the write-ahead log into the database and closes it: the last act of the panel. */
export function closeDb(db: Db) {
  try {
    // A statement that nobody holds any more, and that is not collected yet, would keep the log open beyond the close.
    Bun.gc(true);
    db.$client.run('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.$client.close();
  }
}
