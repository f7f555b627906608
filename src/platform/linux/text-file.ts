import { chown, chmod, lstat, mkdir, open, realpath, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file of settings, whole; null: it is not there or not to be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/**
 * Whole or not at all, with owner and mode as they were; null takes it away. A symlink stays one: what it leads to is written.
 * One that is mounted by itself (containers: /etc/hosts, /etc/resolv.conf) cannot be exchanged, and is written in its place.
 */
export async function writeText(path: string, text: string | null, mode = 0o644) {
  if (text === null) return rm(path, { force: true });
  const real = await realpath(path).catch(() => path);
  await mkdir(dirname(real), { recursive: true });
  const before = await lstat(real).catch(() => null);
  const part = join(dirname(real), `.${basename(real)}.mantou-part`);
  await rm(part, { force: true });
  try {
    const handle = await open(part, 'wx', before ? before.mode & 0o777 : mode);
    await handle.writeFile(text).then(() => handle.sync()).finally(() => handle.close());
    if (before) {
      await chown(part, before.uid, before.gid);
      await chmod(part, before.mode & 0o7777);
    }
    await rename(part, real);
  } catch (error) {
    await unlink(part).catch(() => {});
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    await writeFile(real, text);
  }
}
