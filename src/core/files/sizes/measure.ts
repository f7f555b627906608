import { lstat, realpath } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import { openFolder } from '../entry.ts';
import { told } from '../faults.ts';
import { FOLDER, readNames } from '../listing/names.ts';
import { joinPath } from '../paths.ts';
import { checkReach } from '../reach.ts';

export interface Size {
  /** Sum of the lengths of files; hard links count once. */
  bytes: number;
  /** What they take on the disk. */
  disk: number;
  files: number;
  folders: number;
  /** Entries that could not be read. */
  unread: number;
  /** Folders that are other file systems: not entered. */
  elsewhere: number;
}

export const emptySize = (): Size => ({ bytes: 0, disk: 0, files: 0, folders: 0, unread: 0, elsewhere: 0 });

export interface Measuring {
  signal: AbortSignal;
  /** After every few hundred entries, with what is counted so far: the same object each time. */
  onProgress?(size: Size): void;
}

const AT_ONCE = 64;
const BLOCK = 512;

/**
 * What entries of a folder take, with all that is in them. Symlinks are counted as themselves and never followed, other
 * file systems are not entered, and what the person may not read is counted as unread.
 * @throws AppError; the signal's reason
 */
export async function measure(app: App, actor: Actor, path: string, names: readonly string[], options: Measuring): Promise<Size> {
  const folder = await openFolder(app, actor, path);
  try {
    return await told(path, async () => {
      const walk = await createWalk(app, actor, folder, options);
      for (const name of names) await walk.entry(folder, name);
      return walk.size;
    });
  } finally {
    await folder.close();
  }
}

async function createWalk(app: App, actor: Actor, top: PinnedFolder, { signal, onProgress }: Measuring) {
  const size = emptySize();
  const device = (await lstat(`${String(top.at(''))}/.`).catch(() => lstat(top.at('')))).dev;
  const own = await realpath(app.config.dataDir).catch(() => app.config.dataDir);
  const linked = new Set<string>();

  function count(stats: Stats) {
    if (stats.nlink > 1 && !stats.isDirectory()) {
      const key = `${stats.dev}:${stats.ino}`;
      if (linked.has(key)) return;
      linked.add(key);
    }
    if (!stats.isDirectory()) size.bytes += stats.size;
    size.disk += (stats.blocks ?? Math.ceil(stats.size / BLOCK)) * BLOCK;
  }

  async function enter(parent: PinnedFolder, name: string) {
    // Asked only there: everything else lies in a folder that was allowed.
    if (joinPath(app.host.files.kind, parent.real, name) === own) await checkReach(app, actor, own, 'read');
    const child = await parent.child(name);
    try {
      const { names, kinds } = await readNames(child);
      const folders: string[] = [];
      for (let from = 0; from < names.length; from += AT_ONCE) {
        signal.throwIfAborted();
        const piece = names.slice(from, from + AT_ONCE);
        await Promise.all(piece.map((each, i) => (kinds[from + i] === FOLDER ? void folders.push(each) : leaf(child, each))));
        onProgress?.(size);
      }
      for (const each of folders) await entry(child, each);
    } finally {
      await child.close();
    }
  }

  async function leaf(folder: PinnedFolder, name: string) {
    const stats = await lstat(folder.at(name)).catch(() => null);
    if (!stats) return void size.unread++;
    size.files++;
    count(stats);
  }

  async function entry(folder: PinnedFolder, name: string): Promise<void> {
    signal.throwIfAborted();
    try {
      const stats = await lstat(folder.at(name));
      if (!stats.isDirectory()) {
        size.files++;
        return count(stats);
      }
      if (stats.dev !== device) return void size.elsewhere++;
      size.folders++;
      count(stats);
      await enter(folder, name);
    } catch (error) {
      signal.throwIfAborted();
      size.unread++;
    }
    onProgress?.(size);
  }

  return { size, entry };
}
