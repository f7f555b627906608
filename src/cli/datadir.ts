import { accessSync, chmodSync, constants, lstatSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../lib/errors.ts';
import { othersWhoWrite } from '../platform/windows/rights.ts';
import type * as security from '../platform/windows/security.ts';

type FolderSecurity = Pick<typeof security, 'isElevated' | 'keepsRights' | 'makeFolder' | 'ownSid' | 'rightsOf'>;

/**
 * Makes the data directory, private to its owner (S20).
 * @throws AppError unavailable, saying which folder and why, when it cannot be made, closed to others or written.
 */
export async function prepareDataDir(path: string, platform: NodeJS.Platform = process.platform, windows?: FolderSecurity): Promise<void> {
  if (platform === 'win32') {
    // Loaded here: elsewhere there are no such calls.
    openToNobody(path, windows ?? (await import('../platform/windows/security.ts')));
  } else {
    tryHard(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
    refuseForeign(path);
    // One that was there before may be open to others.
    tryHard(path, () => chmodSync(path, 0o700));
  }
  probeDataDir(path);
}

/**
 * %ProgramData% lets every user make folders in it, and whoever owns one may put anything there: scripts that the panel runs,
 * a database with an administrator of their own. So it is made closed, and one that is there must be nobody else's.
 */
function openToNobody(path: string, { isElevated, keepsRights, makeFolder, ownSid, rightsOf }: FolderSecurity) {
  const full = resolve(path);
  tryHard(path, () => mkdirSync(dirname(full), { recursive: true }));
  const own = ownSid();
  const elevated = isElevated();
  const mine = elevated || !own ? '' : `(A;OICI;FA;;;${own})`;
  if (tryHard(path, () => makeFolder(full, `${elevated ? 'O:BA' : ''}D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)${mine}`))) return;
  if (!keepsRights(full)) return;
  if (lstatSync(full).isSymbolicLink()) throw new AppError('unavailable', (t) => t.storage.isLink({ path }));
  const rights = rightsOf(full);
  const others = rights === null ? [] : othersWhoWrite(rights, own);
  // Whoever runs it without an administrator's rights risks no more than what is theirs.
  if (others.length && elevated) throw new AppError('unavailable', (t) => t.storage.othersWrite({ path, names: others.join(', ') }));
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
