import { chmodSync, chownSync, closeSync, fsyncSync, lstatSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file so that after a power cut it is the one of before or the new one, whole. One that is there keeps its owner,
 * and through a symbolic link what it points to is written.
 * @param mode of a file that is not there yet, and of one that is when given. @throws the system's error
 */
export function writeWhole(path: string, text: string, mode?: number) {
  const target = resolved(path);
  const before = statSync(target, { throwIfNoEntry: false });
  const part = `${target}.mantou-${process.pid}`;
  try {
    const fd = openSync(part, 'w', mode ?? (before ? before.mode & 0o7777 : 0o600));
    try {
      // All of it: one write(2) may take a part where the disk is nearly full, and say nothing.
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    // Without the umask, which the machine may have set to anything.
    chmodSync(part, mode ?? (before ? before.mode & 0o7777 : 0o600));
    if (before && process.platform !== 'win32') chownSync(part, before.uid, before.gid);
    renameSync(part, target);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  syncFolder(dirname(target));
}

const resolved = (path: string) => (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? realpathSync(path) : path);

/** What was renamed or removed in it stays so after a power cut. Windows has no such thing for folders. */
export function syncFolder(folder: string) {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
