import { lstat, readdir } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { nameOf } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { errnoOf } from '../faults.ts';
import { joinPath, type PathKind } from '../paths.ts';
import { type Held, heldFolder } from './entry.ts';

export interface Walk {
  kind: PathKind;
  signal?: AbortSignal | undefined;
  /** Real paths that are passed over with all that is in them: the panel's data directory. */
  keeps(real: string): boolean;
  /** A folder, held open, with what is in it still to come or, when `late` says so, already done. */
  folder(held: Held, real: string): Promise<void>;
  /** Anything else, as it was a moment ago; symlinks too. Whoever changes it opens it first. */
  other(folder: PinnedFolder, name: string, stats: Stats, real: string): Promise<void>;
  /** After what is in it: a folder that is about to be closed to the panel itself. */
  late?(stats: Stats): boolean;
  /** Passed over: another file system, or one that `keeps` names. */
  onSkipped(real: string): void;
  /** The rest goes on. */
  onFault(real: string, error: unknown): void;
}

/** How many entries of one folder are worked on at a time: the kernel answers several at once. */
const BESIDE = 16;

/**
 * Visits an entry and everything below it, one held folder at a time. Symlinks are visited, never followed; a folder that
 * somebody swaps for one meanwhile is not entered. Other file systems are passed over.
 */
export async function walkTree(folder: PinnedFolder, name: string, walk: Walk): Promise<void> {
  const stats = await lstat(folder.at(name));
  await visit(folder, name, stats.dev, walk);
}

async function visit(folder: PinnedFolder, name: string, device: number, walk: Walk): Promise<void> {
  if (await visitOther(folder, name, walk)) await visitFolder(folder, name, device, walk);
}

/** @returns whether it is a folder, which is visited by itself */
async function visitOther(folder: PinnedFolder, name: string, walk: Walk): Promise<boolean> {
  walk.signal?.throwIfAborted();
  const real = realOf(folder, name, walk);
  return guarded(walk, real, async () => {
    const stats = await lstat(folder.at(name));
    if (stats.isDirectory()) return true;
    await walk.other(folder, name, stats, real);
    return false;
  });
}

async function visitFolder(folder: PinnedFolder, name: string, device: number, walk: Walk): Promise<void> {
  walk.signal?.throwIfAborted();
  const real = realOf(folder, name, walk);
  if (walk.keeps(real)) return walk.onSkipped(real);
  await guarded(walk, real, async () => {
    const child = await folder.child(name);
    try {
      const held = await heldFolder(child);
      if (held.stats.dev !== device) return walk.onSkipped(real);
      const late = walk.late?.(held.stats) ?? false;
      if (!late) await walk.folder(held, real);
      await visitChildren(child, device, walk);
      if (late) await walk.folder(held, real);
    } finally {
      await child.close();
    }
  });
}

async function visitChildren(folder: PinnedFolder, device: number, walk: Walk): Promise<void> {
  const names = (await readdir(folder.at(''), { encoding: 'buffer' })).map(nameOf);
  const folders: string[] = [];
  for (let at = 0; at < names.length; at += BESIDE) {
    const piece = names.slice(at, at + BESIDE);
    // All of them end before the folder is closed: its number would be that of another one next.
    const visits = await Promise.allSettled(piece.map((name) => visitOther(folder, name, walk)));
    const ended = visits.find((result) => result.status === 'rejected');
    if (ended) throw ended.reason;
    folders.push(...piece.filter((_, index) => (visits[index] as PromiseFulfilledResult<boolean>).value));
  }
  // One folder at a time: each is held open while its own are visited.
  for (const name of folders) await visitFolder(folder, name, device, walk);
}

const realOf = (folder: PinnedFolder, name: string, walk: Walk) => (name === '' ? folder.real : joinPath(walk.kind, folder.real, name));

/** What the file system refuses is told and the rest goes on; anything else is a bug. @returns false after a fault */
async function guarded<T>(walk: Walk, real: string, run: () => Promise<T>): Promise<T | false> {
  try {
    return await run();
  } catch (error) {
    if (walk.signal?.aborted || errnoOf(error) === '') throw error;
    walk.onFault(real, error);
    return false;
  }
}
