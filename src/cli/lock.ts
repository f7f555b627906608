import { Database } from 'bun:sqlite';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../db/open.ts';
import { AppError } from '../lib/errors.ts';

export interface DataDirLock {
  /** Tells others who holds it. */
  describe(url: string): void;
  release(): void;
}

/**
 * One panel a data directory. The lock is SQLite's own on a file of its own: the operating system drops it
 * when the process ends, however it ends, on every system alike; a pid file would stay.
 * `waitMs` is how long the one before may take to end.
 * @throws AppError conflict, naming the process that holds it; unavailable when the file cannot be opened.
 */
export function lockDataDir(dataDir: string, waitMs = 300): DataDirLock {
  const path = join(dataDir, 'panel.lock');
  const note = join(dataDir, 'panel.json');
  const lock = lockFile(path, waitMs);
  if (!lock) {
    const holder = readHolder(dataDir);
    throw new AppError('conflict', (t) => t.storage.locked({ path: dataDir, pid: String(holder?.pid ?? ''), url: holder?.url ?? '' }));
  }
  // Left by one that was killed.
  rmSync(note, { force: true });
  return {
    describe: (url) => writeFileSync(note, JSON.stringify({ pid: process.pid, url }), { mode: 0o600 }),
    release() {
      rmSync(note, { force: true });
      lock.close();
    },
  };
}

/**
 * Holds a lock until it is released, or this process ends. @returns null when another process has it and keeps it
 * @throws AppError unavailable when the file cannot be opened
 */
export function lockFile(path: string, waitMs: number): { close(): void } | null {
  let lock: Database | undefined;
  try {
    closeSync(openSync(path, 'a', 0o600));
    lock = new Database(path);
    lock.run(`PRAGMA busy_timeout = ${waitMs}`);
    lock.run('PRAGMA locking_mode = EXCLUSIVE');
    lock.run('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if (!String((error as { code?: string }).code).startsWith('SQLITE_BUSY')) throw explain(error, path);
    return null;
  }
}

/** What the panel that holds the directory says about itself, or null. */
export function readHolder(dataDir: string): { pid: number; url: string } | null {
  try {
    const { pid, url } = JSON.parse(readFileSync(join(dataDir, 'panel.json'), 'utf8')) as { pid?: unknown; url?: unknown };
    return { pid: Number(pid), url: String(url) };
  } catch {
    return null;
  }
}
