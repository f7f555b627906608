import { constants, type Stats } from 'node:fs';
import { copyFile as cloneFile, link, lstat, open, unlink, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { systemName } from '../../../lib/file-name.ts';
import type { PinnedFile, PinnedFolder } from '../../../platform/files.ts';
import { createPart, type Commit } from '../beside.ts';
import { errnoOf } from '../faults.ts';
import { joinPath } from '../paths.ts';
import type { Transfer } from './run.ts';

/** Smaller files are copied as fast as the question whether blocks can be shared is asked. */
const CLONE_FROM = 256 << 10;
/** Holes of a sparse file stay holes in pieces of this size. */
const HOLE = 64 << 10;
const ZEROS = Buffer.alloc(HOLE);
/** Files with several hard links that one run remembers. */
const LINKS_MOST = 50_000;

/**
 * Copies one regular file beside its target and gives it its name when every byte is on the disk, with mode, owner, time
 * and attributes. @returns what the source was, for telling later whether it is still the same
 * @throws what the file system refuses; AppError conflict when a file that is moved changes meanwhile
 */
export async function copyFile(run: Transfer, from: PinnedFolder, name: string, to: PinnedFolder, target: string, how: Commit): Promise<Stats> {
  const source = await from.open(name, 'nofollow');
  try {
    if (!source.stats.isFile()) throw new AppError('invalid', (t) => t.files.errors.special);
    if (how === 'new' && (await linked(run, source.stats, to, target))) return source.stats;
    const input = await open(source.at, constants.O_RDONLY);
    try {
      return await copyOpen(run, source, input, to, target, how);
    } finally {
      await input.close();
    }
  } finally {
    await source.close();
  }
}

async function copyOpen(run: Transfer, source: PinnedFile, input: FileHandle, to: PinnedFolder, target: string, how: Commit): Promise<Stats> {
  const part = await createPart(run.app, to, target);
  try {
    const before = await input.stat();
    const size = await fill(run, input, part.handle, before);
    await keepFile(run, source, before, part.handle);
    const after = await input.stat();
    if (after.size !== size || after.mtimeMs !== before.mtimeMs || after.ctimeMs !== before.ctimeMs && after.nlink === before.nlink) {
      if (run.move) throw new AppError('conflict', (t) => t.transfers.errors.changed);
      run.note(source.real, (t) => t.transfers.changedWhile);
    }
    const made = await part.handle.stat();
    if (made.size !== size) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    await part.commit(how, { settle: false });
    if (before.nlink > 1 && run.links.size < LINKS_MOST) {
      run.links.set(`${before.dev}:${before.ino}`, { path: joinPath(run.app.host.files.kind, to.real, target), dev: made.dev, ino: made.ino });
    }
    return before;
  } finally {
    // Does nothing after the commit.
    await part.discard();
  }
}

/** @returns bytes that were written */
async function fill(run: Transfer, input: FileHandle, output: FileHandle, stats: Stats): Promise<number> {
  if (run.clones && stats.size >= CLONE_FROM && process.platform === 'linux') {
    // FICLONE (Btrfs, XFS, bcachefs): at once, and it takes no room.
    run.clones = await cloneFile(`/proc/self/fd/${input.fd}`, `/proc/self/fd/${output.fd}`, constants.COPYFILE_FICLONE_FORCE).then(() => true, () => false);
    if (run.clones) {
      run.advance(stats.size);
      return (await output.stat()).size;
    }
  }
  const sparse = stats.blocks > 0 ? stats.blocks * 512 < stats.size : stats.size > HOLE;
  let at = 0;
  for (;;) {
    run.signal.throwIfAborted();
    const { bytesRead } = await input.read(run.buffer, 0, run.buffer.length, at);
    if (bytesRead === 0) break;
    await write(output, run.buffer.subarray(0, bytesRead), at, sparse);
    at += bytesRead;
    run.advance(bytesRead);
  }
  if (sparse) await output.truncate(at);
  return at;
}

async function write(output: FileHandle, bytes: Buffer, position: number, sparse: boolean) {
  const step = sparse ? HOLE : bytes.length;
  for (let start = 0; start < bytes.length; start += step) {
    const piece = bytes.subarray(start, start + step);
    if (sparse && piece.equals(ZEROS.subarray(0, piece.length))) continue;
    for (let done = 0; done < piece.length; ) {
      const { bytesWritten } = await output.write(piece, done, piece.length - done, position + start + done);
      done += bytesWritten;
    }
  }
}

/** Owner before mode: chown(2) takes set-user-ID away. Where the owner could not be kept it must not come back. */
async function keepFile(run: Transfer, source: PinnedFile, stats: Stats, handle: FileHandle) {
  if (process.platform !== 'win32') {
    const own = await handle.chown(stats.uid, stats.gid).then(() => true, () => false);
    // FAT and some shares know neither.
    await handle.chmod(stats.mode & (own ? 0o7777 : 0o777)).catch(() => {});
    keepXattrs(run, source.at, `/proc/self/fd/${handle.fd}`, own, source.real);
  }
  await handle.utimes(stats.atimeMs / 1000, stats.mtimeMs / 1000).catch(() => {});
}

export function keepXattrs(run: Transfer, from: string, to: string, own: boolean, path: string) {
  const lost = run.app.host.files.copyXattrs?.(from, to, own) ?? [];
  // Labels of SELinux belong to the place, not to the file.
  const told = lost.filter((name) => name !== 'security.selinux');
  if (told.length) run.note(path, (t) => t.transfers.attributesLost({ names: told.join(', ') }));
}

/**
 * A further hard link to what this run has copied already. It is made by path, so what it became is looked at: should
 * somebody have swapped a folder meanwhile, it goes again.
 */
async function linked(run: Transfer, stats: Stats, to: PinnedFolder, target: string): Promise<boolean> {
  const known = stats.nlink > 1 ? run.links.get(`${stats.dev}:${stats.ino}`) : undefined;
  if (!known) return false;
  try {
    await link(systemName(known.path), to.at(target));
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw error;
    return false;
  }
  const made = await lstat(to.at(target));
  if (made.dev === known.dev && made.ino === known.ino) {
    run.advance(stats.size);
    return true;
  }
  await unlink(to.at(target));
  return false;
}
