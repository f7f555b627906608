import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { nameOf } from '../../lib/file-name.ts';
import type { PinnedFolder } from '../../platform/files.ts';
import { errnoOf } from './faults.ts';

export interface Removal {
  signal?: AbortSignal | undefined;
  /** Real paths that stay, with what is in them: mount points, the panel's data directory. */
  keeps?(real: string): boolean;
  /** After each entry that is gone; `bytes` only when `sizes` asks for them. */
  onRemoved?(bytes: number): void;
  /** Without it the first fault is thrown; with it the rest goes on, and the folders above what stayed stay too. */
  onFault?(real: string, error: unknown): void;
  sizes?: boolean;
}

/**
 * Removes a file, or a folder with all that is in it, one held folder at a time: a symlink is removed, never followed,
 * and a folder that somebody swaps for a symlink meanwhile is not entered. Other file systems are not entered either.
 * @returns whether it is gone
 */
export async function removeTree(folder: PinnedFolder, name: string, options: Removal = {}): Promise<boolean> {
  const stats = await lstat(folder.at(name));
  return removeEntry(folder, name, stats.dev, options);
}

async function removeEntry(folder: PinnedFolder, name: string, device: number, options: Removal): Promise<boolean> {
  options.signal?.throwIfAborted();
  try {
    const stats = await lstat(folder.at(name));
    if (stats.isDirectory()) return await removeFolder(folder, name, stats.dev !== device, device, options);
    await unlink(folder.at(name));
    options.onRemoved?.(options.sizes ? stats.size : 0);
    return true;
  } catch (error) {
    // Somebody else was faster: it is gone, which is what was wanted.
    if (errnoOf(error) === 'ENOENT') return true;
    if (options.signal?.aborted || !options.onFault) throw error;
    options.onFault(realOf(folder, name), error);
    return false;
  }
}

async function removeFolder(folder: PinnedFolder, name: string, foreign: boolean, device: number, options: Removal): Promise<boolean> {
  if (foreign || options.keeps?.(realOf(folder, name))) throw Object.assign(new Error(`EBUSY: ${name}`), { code: 'EBUSY' });
  const child = await folder.child(name);
  let empty = true;
  try {
    for (const raw of await readdir(child.at(''), { encoding: 'buffer' })) {
      if (!(await removeEntry(child, nameOf(raw), device, options))) empty = false;
    }
  } finally {
    await child.close();
  }
  if (!empty) return false;
  await rmdir(folder.at(name));
  options.onRemoved?.(0);
  return true;
}

const realOf = (folder: PinnedFolder, name: string) => (/[/\\]$/.test(folder.real) ? folder.real + name : `${folder.real}${folder.real.includes('/') ? '/' : '\\'}${name}`);
