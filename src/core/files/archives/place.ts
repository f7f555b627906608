import { lstat, readdir, rename } from 'node:fs/promises';
import { nameOf } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { renameNew } from '../beside.ts';
import { freeName, lstatOf } from '../operations/names.ts';

/** What happens when something with the name is there already. */
export type PlacePolicy = 'replace' | 'keep-both' | 'skip';

export interface Placing {
  policy: PlacePolicy;
  signal: AbortSignal;
  placed(): void;
  skipped(path: string): void;
  /** A folder is where a file should go, or the other way round. */
  refused(path: string): void;
}

/** Moves everything in a staged folder to where it belongs; folders that are on both sides become one. */
export async function placeAll(from: PinnedFolder, to: PinnedFolder, placing: Placing, above = ''): Promise<void> {
  for (const raw of await readdir(from.at(''), { encoding: 'buffer' })) {
    placing.signal.throwIfAborted();
    await placeOne(from, to, nameOf(raw), placing, above);
  }
}

async function placeOne(from: PinnedFolder, to: PinnedFolder, name: string, placing: Placing, above: string): Promise<void> {
  const path = above + name;
  const stats = await lstat(from.at(name));
  const there = await lstatOf(to, name);
  if (!there) return renameNew(from, name, to, name).then(placing.placed);
  if (stats.isDirectory() && there.isDirectory()) return merge(from, to, name, placing, `${path}/`);
  if (placing.policy === 'skip') return placing.skipped(path);
  if (placing.policy === 'keep-both') return renameNew(from, name, to, await freeName(to, name, stats.isDirectory())).then(placing.placed);
  if (stats.isDirectory() || there.isDirectory()) return placing.refused(path);
  await rename(from.at(name), to.at(name));
  placing.placed();
}

async function merge(from: PinnedFolder, to: PinnedFolder, name: string, placing: Placing, above: string) {
  const [source, target] = [await from.child(name), await to.child(name).catch(() => null)];
  try {
    if (target) await placeAll(source, target, placing, above);
    else placing.refused(above);
  } finally {
    await source.close();
    await target?.close();
  }
}
