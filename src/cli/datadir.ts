import { accessSync, chmodSync, constants, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../lib/errors.ts';
import type { Exec } from '../platform/exec.ts';

/**
 * Makes the data directory, private to its owner (S20).
 * @throws AppError unavailable, saying which folder and why, when it cannot be made, closed to others or written.
 */
export async function prepareDataDir(path: string, exec: Exec, platform: NodeJS.Platform = process.platform): Promise<void> {
  const fresh = tryHard(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined);
  if (platform === 'win32') {
    if (fresh) await closeToOthers(path, exec);
  } else {
    refuseForeign(path);
    // One that was there before may be open to others.
    tryHard(path, () => chmodSync(path, 0o700));
  }
  probeDataDir(path);
}

/**
 * %ProgramData% lets every user read and add files below it: inheritance is cut, and SYSTEM, the administrators and the
 * owner are let in. icacls takes well-known SIDs, because the names are translated: S-1-5-18, S-1-5-32-544, S-1-3-4.
 */
async function closeToOthers(path: string, exec: Exec) {
  const icacls = exec.which('icacls');
  const grants = ['S-1-5-18', 'S-1-5-32-544', 'S-1-3-4'].flatMap((sid) => ['/grant:r', `*${sid}:(OI)(CI)F`]);
  const ran = icacls ? await exec.run([icacls, path, '/inheritance:r', ...grants], { timeout: 20_000 }) : null;
  if (ran?.code === 0) return;
  // Not left behind open: the next start would take it for one that its owner set up.
  rmSync(path, { recursive: true, force: true });
  const detail = (ran?.stdout ?? '') + (ran?.stderr ?? '');
  throw new AppError('unavailable', (t) => t.storage.notWritable({ path, reason: 'icacls' }), detail ? { detail } : {});
}

/**
 * Who owns a folder may put anything in it: a database with an administrator of their own, say. A panel run by root
 * must not take that from somebody who is not.
 */
function refuseForeign(path: string) {
  const { uid } = tryHard(path, () => statSync(path));
  const us = process.getuid?.();
  if (us !== undefined && uid !== us) throw new AppError('unavailable', (t) => t.storage.foreign({ path, uid, us }));
}

/** @throws AppError unavailable when nothing can be written there */
export function probeDataDir(path: string) {
  tryHard(path, () => {
    accessSync(path, constants.W_OK);
    // Root passes every access check: only a write tells a read-only file system.
    const probe = join(path, `.probe-${process.pid}`);
    try {
      writeFileSync(probe, 'probe');
    } finally {
      rmSync(probe, { force: true });
    }
  });
}

/** Does it, or says in words what keeps the folder from being used. */
function tryHard<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    if (reason === 'EROFS') throw new AppError('unavailable', (t) => t.storage.readOnly({ path }), { cause });
    if (reason === 'ENOSPC' || reason === 'EDQUOT') throw new AppError('unavailable', (t) => t.storage.full({ path }), { cause });
    throw new AppError('unavailable', (t) => t.storage.notWritable({ path, reason }), { cause });
  }
}
