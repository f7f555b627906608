import type { Stats } from 'node:fs';
import { chmod, chown, lchown, lstat, lutimes, mkdir, readdir, readlink, rename, rmdir, symlink, unlink, utimes } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { nameOf } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { partName, renameNew, syncFolder, type Commit } from '../beside.ts';
import { errnoOf } from '../faults.ts';
import { joinPath } from '../paths.ts';
import { copyFile, keepXattrs } from './copy-file.ts';
import { freeName, lstatOf } from './names.ts';
import { isFatal, type Transfer } from './run.ts';

/** Sources of a move that are deleted together, after their copies' folder was brought to the disk. */
const BATCH = 256;

interface Copied {
  name: string;
  stats: Stats;
}

/**
 * Copies or moves entries of one held folder into another, one after the other. What cannot be done is told and the rest
 * goes on; a full or read-only target ends it.
 * A move to another file system deletes a source only when its copy has its name and is on the disk: whenever it stops,
 * every file is whole on one side at least.
 * @returns whether everything was done
 */
export async function transferNames(run: Transfer, from: PinnedFolder, names: Iterable<readonly [name: string, wanted: string]>, to: PinnedFolder, path: string): Promise<boolean> {
  const pending: Copied[] = [];
  let all = true;
  try {
    for (const [name, wanted] of names) {
      run.signal.throwIfAborted();
      if (!(await transferEntry(run, from, name, to, wanted, path ? `${path}/${name}` : name, pending))) all = false;
      if (pending.length >= BATCH && !(await dropSources(run, from, to, pending))) all = false;
    }
  } finally {
    // Also when it ends early: what has been copied whole is moved.
    if (!run.move) await syncFolder(to);
    else if (!(await dropSources(run, from, to, pending))) all = false;
  }
  return all;
}

async function transferEntry(run: Transfer, from: PinnedFolder, name: string, to: PinnedFolder, wanted: string, path: string, pending: Copied[]): Promise<boolean> {
  try {
    return await place(run, from, name, to, wanted, path, pending);
  } catch (error) {
    if (run.signal.aborted || isFatal(error)) throw error;
    // The target is gone: nothing more can be put there.
    if (errnoOf(error) === 'ENOENT' && (await lstat(to.at(''))).nlink === 0) throw error;
    run.fault(joinPath(run.app.host.files.kind, from.real, name), error);
    return false;
  }
}

async function place(run: Transfer, from: PinnedFolder, name: string, to: PinnedFolder, wanted: string, path: string, pending: Copied[]): Promise<boolean> {
  const stats = await lstat(from.at(name));
  refuse(run, stats, joinPath(run.app.host.files.kind, from.real, name));
  const there = await lstatOf(to, wanted);
  const itself = there !== null && there.ino === stats.ino && there.dev === stats.dev;
  // Onto itself, also by another path or as another hard link: nothing to do, and nothing to delete.
  if (itself && (run.move || run.policyFor(path) !== 'keep-both')) {
    run.counts.skipped += 1;
    return false;
  }
  if (stats.isDirectory() && there?.isDirectory() && !itself) return enter(run, from, name, to, wanted, path, null);
  let target = wanted;
  let how: Commit = 'new';
  if (there) {
    const policy = run.policyFor(path);
    if (policy === 'skip') {
      run.counts.skipped += 1;
      return false;
    }
    if (policy === 'keep-both') target = await freeName(to, wanted, stats.isDirectory());
    else if (stats.isDirectory() || there.isDirectory()) throw new AppError('conflict', (t) => t.transfers.errors.otherKind);
    else how = 'replace';
  }
  if (run.move && (await renamed(from, name, to, target, how))) {
    run.advance(0);
    run.counts.entries += 1;
    return true;
  }
  if (stats.isDirectory()) return enter(run, from, name, to, target, path, stats);
  const copied = stats.isSymbolicLink() ? await copyLink(run, from, name, to, target, how, stats) : await copyFile(run, from, name, to, target, how);
  run.counts.entries += 1;
  if (run.move) pending.push({ name, stats: copied });
  return true;
}

function refuse(run: Transfer, stats: Stats, real: string) {
  if (run.guard.isOwn(real)) throw new AppError('denied', (t) => t.files.errors.ownFolder);
  if (stats.isDirectory() && run.above.has(`${stats.dev}:${stats.ino}`)) throw new AppError('conflict', (t) => t.transfers.errors.intoItself);
  if (run.move && run.guard.isMount(real)) throw new AppError('conflict', (t) => t.transfers.errors.mount);
}

/** Within one file system a move is a rename, of anything. @returns false when it is another one */
async function renamed(from: PinnedFolder, name: string, to: PinnedFolder, target: string, how: Commit): Promise<boolean> {
  try {
    await (how === 'replace' ? rename(from.at(name), to.at(target)) : renameNew(from, name, to, target));
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EXDEV') return false;
    throw error;
  }
}

/** A folder with all that is in it, into a new one (`fresh`: what it was) or one that is there. */
async function enter(run: Transfer, from: PinnedFolder, name: string, to: PinnedFolder, target: string, path: string, fresh: Stats | null): Promise<boolean> {
  const source = await from.child(name);
  try {
    if (run.guard.isOwn(joinPath(run.app.host.files.kind, to.real, target))) throw new AppError('denied', (t) => t.files.errors.ownFolder);
    if (fresh) await mkdir(to.at(target), { mode: 0o700 });
    const folder = await to.child(target);
    let all = false;
    try {
      const names = await readdir(source.at(''), { encoding: 'buffer' });
      all = await transferNames(run, source, pairs(names), folder, path);
    } finally {
      // Also of one that is not finished: nobody else may enter a folder that is 0700.
      if (fresh) await keepFolder(run, source, fresh, folder);
      await folder.close();
    }
    if (run.move && all) await rmdir(from.at(name));
    if (fresh || all) run.counts.entries += 1;
    return all;
  } finally {
    await source.close();
  }
}

function* pairs(names: Iterable<Buffer>): Generator<readonly [string, string]> {
  for (const raw of names) {
    const name = nameOf(raw);
    yield [name, name];
  }
}

async function keepFolder(run: Transfer, source: PinnedFolder, stats: Stats, folder: PinnedFolder) {
  const at = folder.at('');
  if (process.platform !== 'win32') {
    const own = await chown(at, stats.uid, stats.gid).then(() => true, () => false);
    await chmod(at, stats.mode & (own ? 0o7777 : 0o1777)).catch(() => {});
    if (typeof at === 'string') keepXattrs(run, source.at('') as string, at, own, source.real);
  }
  await utimes(at, stats.atimeMs / 1000, stats.mtimeMs / 1000).catch(() => {});
}

/** A symlink is copied as it is, wherever it leads. */
async function copyLink(run: Transfer, from: PinnedFolder, name: string, to: PinnedFolder, target: string, how: Commit, stats: Stats): Promise<Stats> {
  const leads = await readlink(from.at(name), { encoding: 'buffer' });
  const made = how === 'replace' ? partName(run.app.random, target) : target;
  await symlink(leads, to.at(made));
  if (process.platform !== 'win32') await lchown(to.at(made), stats.uid, stats.gid).catch(() => {});
  await lutimes(to.at(made), stats.atimeMs / 1000, stats.mtimeMs / 1000).catch(() => {});
  if (made !== target) {
    await rename(to.at(made), to.at(target)).catch(async (error: unknown) => {
      await unlink(to.at(made)).catch(() => {});
      throw error;
    });
  }
  run.advance(0);
  return stats;
}

/** Deletes what has been copied, if it is still what was copied. */
async function dropSources(run: Transfer, from: PinnedFolder, to: PinnedFolder, pending: Copied[]): Promise<boolean> {
  if (pending.length === 0) return true;
  await syncFolder(to);
  let all = true;
  for (const { name, stats } of pending.splice(0)) {
    try {
      const now = await lstat(from.at(name));
      // Deleting one of several hard links changes the time of the others.
      const same = now.ino === stats.ino && now.size === stats.size && now.mtimeMs === stats.mtimeMs && (now.nlink !== stats.nlink || now.ctimeMs === stats.ctimeMs);
      if (!same) throw new AppError('conflict', (t) => t.transfers.errors.changed);
      await unlink(from.at(name));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') continue;
      all = false;
      run.fault(joinPath(run.app.host.files.kind, from.real, name), error);
    }
  }
  return all;
}
