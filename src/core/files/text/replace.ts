import { constants, type Stats } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { Mutex } from '../../../lib/mutex.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { can } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import type { HeldFile } from '../held-file.ts';
import { createPart, reopenPart, type Part } from '../beside.ts';
import { statOf, withEntry, type Entry } from '../entry.ts';
import { errnoOf } from '../faults.ts';
import { checkReach } from '../reach.ts';
import { copyAttributes, copyMode, type Kept } from './attributes.ts';

/** A regular file that is to get new contents, or a name that has none yet; its folder is held. */
export interface Target {
  readonly folder: PinnedFolder;
  readonly name: string;
  readonly real: string;
  readonly at: string | Buffer;
  /** null: there is nothing yet. */
  readonly stats: Stats | null;
}

/** Saves, which begin with reading what is there; and within them the moment when the new takes the place of the old. */
const oneAtATime = new Mutex();
const committing = new Mutex();

/**
 * Gives `run` what a save to this path writes: the file itself, or the one that a symlink leads to, as far as that is
 * within reach. One at a time for each file, unless it takes as long as somebody else's line (`alone: false`): then only
 * the end of it, which looks whether the file is still the one that was found.
 * @throws AppError
 */
export async function withTarget<T>(app: App, actor: Actor, path: string, run: (target: Target) => Promise<T>, { alone = true } = {}): Promise<T> {
  const one = <R>(key: string, work: () => Promise<R>) => (alone ? oneAtATime.run(key, work) : work());
  const step = await withEntry(app, actor, path, 'write', async (entry) => {
    if (entry.name === '') throw new AppError('invalid', (t) => t.files.errors.isFolder);
    const stats = await statOf(entry);
    if (!stats?.isSymbolicLink()) return one(entry.real, async () => ({ result: await withPlain(actor, entry, run) }));
    const file = await entry.folder.open(entry.name, 'follow');
    await file.close();
    await checkReach(app, actor, file.real, 'write');
    return { real: file.real };
  });
  if ('result' in step) return step.result;
  return withEntry(app, actor, step.real, 'write', (entry) => one(entry.real, () => withPlain(actor, entry, run)));
}

async function withPlain<T>(actor: Actor, entry: Entry, run: (target: Target) => Promise<T>): Promise<T> {
  const stats = await statOf(entry);
  if (stats?.isDirectory()) throw new AppError('invalid', (t) => t.files.errors.isFolder);
  // A link that has just been put here is followed by nobody.
  if (stats && !stats.isFile()) throw new AppError('invalid', (t) => t.files.errors.special);
  // Its mode is kept, and the kernel takes set-user-ID from nothing that root writes: what runs as somebody else would run other code.
  if (stats && stats.mode & 0o6000 && !can(actor, 'files.owner')) throw new AppError('denied', (t) => t.modes.errors.setId);
  return run({ folder: entry.folder, name: entry.name, real: entry.real, at: entry.at, stats });
}

export interface Replaced {
  kept: Kept;
  stats: Stats;
}

/**
 * New contents for a file: written whole beside it, brought to the disk, then renamed over it, so that a full disk or a
 * killed panel leaves the old ones as they were. What must keep its place is written in place, by `inPlace`.
 * @throws AppError conflict when somebody else changed it meanwhile; whatever the file system refuses
 */
export async function replace(app: App, target: Target, write: (handle: FileHandle) => Promise<void>): Promise<Replaced> {
  const { folder, name, stats } = target;
  const part = await createPart(app, folder, name);
  const own = await part.handle.stat();
  try {
    const kept = stats ? await copyAttributes(app, folder, name, part, stats) : await newFile(app, part);
    await write(part.handle);
    if (stats) await copyMode(app, part, stats);
    await committing.run(target.real, async () => {
      await unchanged(target);
      if (!stats) await part.commit('new');
      else if (staysInPlace(app, stats)) await inPlace(app, target, part, own);
      else await part.commit('replace').catch((error: unknown) => (errnoOf(error) === 'EBUSY' ? inPlace(app, target, part, own) : Promise.reject(error)));
    });
    const now = await lstat(target.at);
    return { kept: stats?.ino === now.ino ? 'all' : kept, stats: now };
  } finally {
    await part.discard();
  }
}

/** As any program makes one: what the process mask leaves of rw-rw-rw-. */
async function newFile(app: App, part: Part): Promise<Kept> {
  if (app.host.files.kind === 'posix') await part.handle.chmod(0o666 & ~process.umask());
  return 'all';
}

async function unchanged({ at, stats }: Target) {
  const now = await lstat(at).catch(() => null);
  const same = stats ? now && now.ino === stats.ino && now.size === stats.size && now.mtimeMs === stats.mtimeMs && now.ctimeMs === stats.ctimeMs : !now;
  if (!same) throw new AppError('conflict', (t) => t.editor.errors.changed);
}

/**
 * A file with further names (hard links), which a rename would part from each other; and any file on Windows, where the
 * access list belongs to the file. A file that is itself a mount point (one file given to a container) is found out by EBUSY.
 */
const staysInPlace = (app: App, stats: Stats) => stats.nlink > 1 || app.host.files.kind === 'windows';

/**
 * The new bytes are on the disk already, in the part, and the old ones are copied beside it before the first is written
 * over: when that fails they are put back, and when the panel is killed at that moment they stay there, under the hidden
 * name, as no next start takes away what is not recorded.
 */
async function inPlace(app: App, target: Target, part: Part, own: Pick<Stats, 'dev' | 'ino'>) {
  // A commit that failed has closed the part.
  // For writing, although it is only read: Windows flushes no handle that cannot write.
  const fresh = await reopenPart(target.folder, part.name);
  const opened = await fresh.stat();
  if (opened.dev !== own.dev || opened.ino !== own.ino) {
    await fresh.close();
    throw new AppError('conflict', (t) => t.editor.errors.changed);
  }
  const old = await createPart(app, target.folder, target.name, { recorded: false });
  try {
    const file = await open(target.at, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    try {
      await fresh.sync();
      await pour(file, old.handle);
      await pour(fresh, file).catch(async (error: unknown) => {
        await pour(old.handle, file);
        throw error;
      });
    } finally {
      await file.close();
    }
  } finally {
    await fresh.close();
    await old.discard();
  }
}

const PIECE = 1 << 20;

/** The contents of one file into another, which then ends where they end and is on the disk. */
async function pour(from: Pick<HeldFile, 'read'>, to: FileHandle) {
  const piece = Buffer.alloc(PIECE);
  let at = 0;
  for (;;) {
    const { bytesRead } = await from.read(piece, 0, PIECE, at);
    if (bytesRead === 0) break;
    await writeAll(to, piece.subarray(0, bytesRead), at);
    at += bytesRead;
  }
  await to.truncate(at);
  await to.sync();
}

/** write(2) may take less than it is given. */
export async function writeAll(to: FileHandle, bytes: Uint8Array, position: number) {
  for (let at = 0; at < bytes.length; ) at += (await to.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
}
