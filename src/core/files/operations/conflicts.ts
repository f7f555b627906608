import type { Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { nameOf } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { lstatOf } from './names.ts';

export interface Side {
  type: 'file' | 'folder' | 'link' | 'other';
  size: number;
  modified: number;
}

export interface Conflict {
  /** Below the selection, with "/": what `choices` are named by. */
  path: string;
  source: Side;
  target: Side;
}

export interface Conflicts {
  items: Conflict[];
  /** There are more, or more to look at, than were looked for. */
  more: boolean;
}

/** A dialog shows so many, and asks so many times. */
const SHOWN_MOST = 200;
const LOOKS_MOST = 50_000;

/** What is in the way of a copy or move. Folders that are on both sides are merged, so what is in them is compared. */
export async function findConflicts(from: PinnedFolder, names: Iterable<readonly [name: string, wanted: string]>, to: PinnedFolder): Promise<Conflicts> {
  const found: Conflicts = { items: [], more: false };
  let looks = 0;
  const compare = async (source: PinnedFolder, pairs: Iterable<readonly [string, string]>, target: PinnedFolder, path: string): Promise<void> => {
    for (const [name, wanted] of pairs) {
      if (found.items.length >= SHOWN_MOST || looks++ >= LOOKS_MOST) return void (found.more = true);
      const there = await lstatOf(target, wanted);
      const stats = there && (await lstatOf(source, name));
      if (!there || !stats || (there.ino === stats.ino && there.dev === stats.dev)) continue;
      const below = path ? `${path}/${name}` : name;
      if (there.isDirectory() && stats.isDirectory()) await compareFolders(source, name, target, wanted, below);
      else found.items.push({ path: below, source: sideOf(stats), target: sideOf(there) });
    }
  };
  const compareFolders = async (source: PinnedFolder, name: string, target: PinnedFolder, wanted: string, path: string) => {
    const [a, b] = await Promise.allSettled([source.child(name), target.child(wanted)]);
    try {
      if (a.status === 'rejected' || b.status === 'rejected') return;
      const raw = await readdir(a.value.at(''), { encoding: 'buffer' }).catch(() => []);
      await compare(a.value, raw.map((bytes) => [nameOf(bytes), nameOf(bytes)] as const), b.value, path);
    } finally {
      for (const side of [a, b]) if (side.status === 'fulfilled') await side.value.close();
    }
  };
  await compare(from, names, to, '');
  return found;
}

const sideOf = (stats: Stats): Side => ({
  type: stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other',
  size: stats.size,
  modified: stats.mtimeMs,
});
