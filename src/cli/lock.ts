import { Database } from 'bun:sqlite';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../lib/errors.ts';

export interface DataDirLock {
  /** Tells others who holds it. */
  describe(url: string): void;
  release(): void;
}

/**
 * One panel a data directory. The lock is SQLite's own on a file of its own: the operating system drops it
 * when the process ends, however it ends, on every system alike; a pid file would stay.
 * @throws AppError conflict, naming the process that holds it.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const note = join(dataDir, 'panel.json');
  let lock: Database | undefined;
  try {
    lock = new Database(join(dataDir, 'panel.lock'), { create: true });
    lock.run('PRAGMA busy_timeout = 300');
    lock.run('PRAGMA locking_mode = EXCLUSIVE');
    lock.run('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (!String((error as { code?: string }).code).startsWith('SQLITE_BUSY')) throw error;
    const holder = readNote(note);
    throw new AppError('conflict', (t) => t.storage.locked({ path: dataDir, pid: holder.pid, url: holder.url }));
  }
  return {
    describe: (url) => writeFileSync(note, JSON.stringify({ pid: process.pid, url }), { mode: 0o600 }),
    release() {
      rmSync(note, { force: true });
      lock.close();
    },
  };
}

function readNote(path: string): { pid: string; url: string } {
  try {
    const { pid, url } = JSON.parse(readFileSync(path, 'utf8')) as { pid?: number; url?: string };
    return { pid: String(pid ?? ''), url: String(url ?? '') };
  } catch {
    return { pid: '', url: '' };
  }
}
