import { constants } from 'node:fs';
import { link, lstat, mkdir, open, rename, rmdir, unlink, type FileHandle } from 'node:fs/promises';
import { nameBytes } from '../../lib/file-name.ts';
import type { Random } from '../../lib/random.ts';
import type { PinnedFolder } from '../../platform/files.ts';
import type { App } from '../app.ts';
import { errnoOf } from './faults.ts';
import { openHeld, type HeldFile } from './held-file.ts';
import { forgetPart, recordPart } from './part-records.ts';
import { NAME_MOST } from './paths.ts';
import { removeTree } from './remove-tree.ts';

/**
 * New contents come to be beside their target, under a hidden name on the same file system, and get their real name when
 * they are whole: whoever reads sees the old or the new, never half of one, and nothing takes twice its room.
 */
const MARK = '.mantou-';
const RANDOM_BYTES = 6;

/** ".report.txt.mantou-0f3a…": at most 255 bytes; a long name is cut, between characters. */
export function partName(random: Random, name: string): string {
  const tail = MARK + Buffer.from(random.bytes(RANDOM_BYTES)).toString('hex');
  let room = NAME_MOST - 1 - tail.length;
  let kept = '';
  for (const char of name) {
    room -= nameBytes(char);
    if (room < 0) break;
    kept += char;
  }
  return `.${kept}${tail}`;
}

/** Could the panel have made it? Not a proof: what is removed unasked must also be recorded. */
export const isPartName = (name: string) => /^\..*\.mantou-[0-9a-f]{12}$/s.test(name);

/** 'new': what is there already stays, and the commit fails with EEXIST. */
export type Commit = 'replace' | 'new';

export interface Part {
  readonly name: string;
  /** What a system call takes. Valid while the folder is held. */
  readonly at: string | Buffer;
  /** For reading and writing, mode 0600, until `commit` or `discard`. */
  readonly handle: FileHandle;
  /**
   * Brings the bytes to the disk and gives the file its name. When it throws, the part is still there: discard it.
   * `settle: false` leaves the folder's own fsync to the caller, who does it once for many (`syncFolder`).
   */
  commit(how: Commit, options?: { settle?: boolean }): Promise<void>;
  /** Closes and removes it; never throws, and does nothing after a commit. */
  discard(): Promise<void>;
}

/**
 * An empty hidden file beside `name`. After a crash the next start removes it, unless `recorded` is false: then the
 * caller keeps its own record (an upload goes on after a restart).
 * @throws what the file system refuses
 */
export async function createPart(app: App, folder: PinnedFolder, name: string, { recorded = true } = {}): Promise<Part> {
  const part = partName(app.random, name);
  const at = folder.at(part);
  const record = recorded ? recordPart(app, folder.real, part) : null;
  let handle: FileHandle;
  try {
    handle = await open(at, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | (constants.O_NOFOLLOW ?? 0), 0o600);
  } catch (error) {
    forgetPart(app, record);
    throw error;
  }
  let over = false;
  const done = () => {
    over = true;
    forgetPart(app, record);
  };
  return {
    name: part, at, handle,
    async commit(how, { settle = true } = {}) {
      await handle.sync();
      // Windows renames nothing that is open.
      await handle.close();
      await (how === 'replace' ? rename(at, folder.at(name)) : namePart(folder, part, name));
      done();
      if (settle) await syncFolder(folder);
    },
    async discard() {
      if (over) return;
      await handle.close().catch(() => {});
      // What cannot be removed now stays recorded, and the next start tries again.
      await unlink(at).then(done, (error: unknown) => (errnoOf(error) === 'ENOENT' ? done() : undefined));
    },
  };
}

/**
 * Opens a part again, for writing. Whoever owns the folder may have put something else under its name: a link to what is
 * not theirs, or a pipe that nobody reads. @throws ENOENT then, as when it is gone
 */
export async function reopenPart(folder: PinnedFolder, name: string): Promise<HeldFile> {
  const handle = await openHeld(folder.at(name), constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    throw ['ELOOP', 'EISDIR', 'ENXIO'].includes(errnoOf(error)) ? gone(name) : error;
  });
  const stats = await handle.stat();
  if (stats.isFile() && stats.nlink === 1) return handle;
  await handle.close();
  throw gone(name);
}

/** Is what has this name the file that is open? @throws ENOENT when it is not */
export async function checkIsStill(folder: PinnedFolder, name: string, handle: Pick<HeldFile, 'stat'>): Promise<void> {
  const [named, open] = await Promise.all([lstat(folder.at(name)), handle.stat()]);
  if (named.dev !== open.dev || named.ino !== open.ino) throw gone(name);
}

const gone = (name: string) => Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT' });

export interface FolderPart {
  readonly name: string;
  readonly at: string | Buffer;
  /** Gives the folder its name. @throws EEXIST when there is something already. Its contents are the caller's to sync. */
  commit(): Promise<void>;
  /** Removes it with all that is in it; never throws, and does nothing after a commit. */
  discard(): Promise<void>;
}

/** An empty hidden folder (0700) beside `name`, recorded like a part. */
export async function createFolderPart(app: App, folder: PinnedFolder, name: string): Promise<FolderPart> {
  const part = partName(app.random, name);
  const at = folder.at(part);
  const record = recordPart(app, folder.real, part);
  try {
    await mkdir(at, { mode: 0o700 });
  } catch (error) {
    forgetPart(app, record);
    throw error;
  }
  let over = false;
  return {
    name: part, at,
    async commit() {
      await renameNew(folder, part, folder, name);
      over = true;
      forgetPart(app, record);
      await syncFolder(folder);
    },
    async discard() {
      if (over) return;
      over = true;
      await removeTree(folder, part).then(() => forgetPart(app, record), () => {});
    },
  };
}

/**
 * Holds a part that is a folder, for writing trees into it: whoever owns the folder around it may have put one of theirs
 * under its name, and a link into that between two steps. What is made in ours has the owner that it has (root, or
 * nobody on a share that knows no root), and nobody else may write to it.
 * @throws ENOENT when it is not ours
 */
export async function openOwn(folder: PinnedFolder, part: FolderPart): Promise<PinnedFolder> {
  const held = await folder.child(part.name);
  try {
    if (process.platform === 'win32') return held;
    const probe = await open(held.at('probe'), constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600);
    const made = await probe.stat().finally(() => probe.close());
    await unlink(held.at('probe'));
    const own = await lstat(held.at('.'));
    if (own.uid !== made.uid || own.mode & 0o022) throw gone(part.name);
    return held;
  } catch (error) {
    await held.close();
    throw error;
  }
}

/**
 * rename(2) that never overwrites, with what node has of the kernel (no renameat2). A file gets its new name by link(2),
 * which fails when there is one, and then loses the old: between the two it has both, and never none. A folder is renamed
 * onto an empty one that mkdir(2) has just made for it; the kernel replaces an empty folder only. Where there are
 * no hard links (FAT, some network shares, Windows) a look comes before the rename: what appears under the new name in
 * between, a fraction of a millisecond, would be replaced. Both folders are on one file system.
 * @throws EEXIST when the new name is taken, EXDEV, or what else the file system refuses
 */
export async function renameNew(from: PinnedFolder, oldName: string, to: PinnedFolder, newName: string): Promise<void> {
  const source = from.at(oldName);
  const target = to.at(newName);
  const stats = await lstat(source);
  const there = await found(target);
  // "a" → "A" where case does not count: it is the same thing under one name, not another hard link to it.
  const same = there !== null && there.ino === stats.ino && there.dev === stats.dev && from.real === to.real &&
    oldName.toLowerCase() === newName.toLowerCase() && (stats.isDirectory() || stats.nlink === 1);
  if (there && !same) throw taken(newName);
  if (same || process.platform === 'win32') return rename(source, target);
  if (!stats.isDirectory()) return linkNew(source, target, newName);
  await mkdir(target, { mode: 0o700 });
  try {
    await rename(source, target);
  } catch (error) {
    await rmdir(target).catch(() => {});
    throw errnoOf(error) === 'ENOTEMPTY' ? taken(newName) : error;
  }
}

/** link(2) says that there are no hard links here, or that this file may have none (protected_hardlinks, immutable). */
const NO_LINKS = new Set(['EPERM', 'EACCES', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** The same for a part beside it, which is a file and nobody else's: link(2) alone says whether the name is taken. */
export async function namePart(folder: PinnedFolder, part: string, name: string): Promise<void> {
  if (process.platform === 'win32') return renameNew(folder, part, folder, name);
  return linkNew(folder.at(part), folder.at(name), name);
}

async function linkNew(source: string | Buffer, target: string | Buffer, name: string): Promise<void> {
  try {
    await link(source, target);
  } catch (error) {
    if (!NO_LINKS.has(errnoOf(error))) throw error;
    if (await found(target)) throw taken(name);
    return rename(source, target);
  }
  try {
    await unlink(source);
  } catch (error) {
    await unlink(target).catch(() => {});
    throw error;
  }
}

const found = (at: string | Buffer) => lstat(at).catch((error: unknown) => (errnoOf(error) === 'ENOENT' ? null : Promise.reject(error)));

const taken = (name: string) => Object.assign(new Error(`EEXIST: ${name}`), { code: 'EEXIST' });

/** Brings names of a folder to the disk. Where folders cannot be opened (Windows) or synced (some shares) the system does it in its own time. */
export async function syncFolder(folder: PinnedFolder): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder.at(''), constants.O_RDONLY | constants.O_DIRECTORY).catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
