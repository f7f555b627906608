import { accessSync, chmodSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../lib/errors.ts';

/**
 * Makes the data directory, private to its owner (S20).
 * @throws AppError unavailable, saying which folder and why, when it cannot be made or written.
 */
export function prepareDataDir(path: string) {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    // One that was there before may be open to others. On Windows %ProgramData% grants new folders to the administrators.
    if (process.platform !== 'win32') chmodSync(path, 0o700);
    accessSync(path, constants.W_OK);
    // Root passes every access check: only a write tells a read-only file system.
    const probe = join(path, `.probe-${process.pid}`);
    try {
      writeFileSync(probe, 'probe');
    } finally {
      rmSync(probe, { force: true });
    }
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    if (reason === 'EROFS') throw new AppError('unavailable', (t) => t.storage.readOnly({ path }), { cause });
    if (reason === 'ENOSPC' || reason === 'EDQUOT') throw new AppError('unavailable', (t) => t.storage.full({ path }), { cause });
    throw new AppError('unavailable', (t) => t.storage.notWritable({ path, reason }), { cause });
  }
}
