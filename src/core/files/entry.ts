import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { AppError } from '../../lib/errors.ts';
import type { PinnedFile, PinnedFolder } from '../../platform/files.ts';
import type { Actor, App } from '../app.ts';
import { errnoOf, told } from './faults.ts';
import { baseOf, joinPath, normalPath, parentOf } from './paths.ts';
import { checkReach, type Right } from './reach.ts';

/** A folder that this person may use, held open until `close`. @throws AppError */
export async function openFolder(app: App, actor: Actor, path: string, right: Right = 'read'): Promise<PinnedFolder> {
  const normal = normalPath(app.host.files.kind, path);
  const folder = await told(normal, () => app.host.files.pin(normal));
  try {
    await checkReach(app, actor, folder.real, right);
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Something in a folder that is held open. Nothing is said about whether it exists. */
export interface Entry {
  readonly folder: PinnedFolder;
  /** '' for a root itself: it can be looked at, not renamed or deleted. */
  readonly name: string;
  /** As it was asked for. */
  readonly path: string;
  /** Its folder's real path and its name: equal for the same thing, however it was reached (unless by another hard link). */
  readonly real: string;
  /** What a system call takes. It does not follow symlinks by itself: use lstat, O_NOFOLLOW, or `openFile`. */
  readonly at: string | Buffer;
}

/**
 * Gives `run` the entry at a path, with its folder held meanwhile.
 * @throws AppError denied outside the roots of the person's role; whatever the file system refuses, in words
 */
export async function withEntry<T>(app: App, actor: Actor, path: string, right: Right, run: (entry: Entry) => Promise<T>): Promise<T> {
  const { kind } = app.host.files;
  const normal = normalPath(kind, path);
  const { folder, name } = await hold(app, actor, normal, right);
  try {
    return await told(normal, () => run({ folder, name, path: normal, real: name ? joinPath(kind, folder.real, name) : folder.real, at: folder.at(name) }));
  } finally {
    await folder.close();
  }
}

async function hold(app: App, actor: Actor, path: string, right: Right): Promise<{ folder: PinnedFolder; name: string }> {
  const { kind } = app.host.files;
  const parent = parentOf(kind, path);
  const name = baseOf(kind, path);
  // "/" and drives hold themselves.
  if (name === '' || parent === '/' && kind === 'windows') return { folder: await openFolder(app, actor, path, right), name: '' };
  const folder = await told(path, () => app.host.files.pin(parent));
  try {
    // What is protected by its name must not have a second one (S23).
    const own = (await app.host.files.longName?.(folder, name)) ?? name;
    await checkReach(app, actor, joinPath(kind, folder.real, own), right);
    return { folder, name: own };
  } catch (refusal) {
    await folder.close();
    // A root that is configured through a symlink: not its own name counts but where it leads.
    const itself = await openFolder(app, actor, path, right).catch(() => null);
    if (itself) return { folder: itself, name: '' };
    throw refusal;
  }
}

/** lstat, or null when there is nothing. */
export async function statOf(entry: Entry): Promise<Stats | null> {
  try {
    return await lstat(entry.at);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Is it a folder, or a symlink to one? What may be done with it is asked when it is opened. @throws AppError */
export const isFolder = (app: App, actor: Actor, path: string): Promise<boolean> =>
  withEntry(app, actor, path, 'read', async (entry) => {
    const found = await entry.folder.open(entry.name, 'follow');
    await found.close();
    return found.stats.isDirectory();
  });

/**
 * A regular file for reading, through symlinks as far as they stay within reach. Devices, pipes and sockets are never
 * opened: that alone may block, rewind a tape or start a timer.
 * @throws AppError
 */
export async function openFile(app: App, actor: Actor, path: string, right: Right = 'read'): Promise<PinnedFile> {
  return withEntry(app, actor, path, right, async (entry) => {
    const file = await entry.folder.open(entry.name, 'follow');
    try {
      await checkReach(app, actor, file.real, right);
      if (file.stats.isDirectory()) throw new AppError('invalid', (t) => t.files.errors.isFolder);
      if (!file.stats.isFile()) throw new AppError('invalid', (t) => t.files.errors.special);
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}
