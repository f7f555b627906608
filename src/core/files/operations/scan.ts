import { lstat, readdir } from 'node:fs/promises';
import { nameOf } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';

export interface Amount {
  entries: number;
  bytes: number;
}

interface Scan {
  signal?: AbortSignal | undefined;
  /** Stops counting as soon as there is more: enough to tell a small selection from a large one. */
  most?: Amount;
}

/**
 * How much there is, for progress and for telling what takes long. Folders that cannot be read count as one entry: the
 * operation itself says why. @returns null when there is more than `most`
 */
export async function amountOf(folder: PinnedFolder, names: Iterable<string>, { signal, most }: Scan = {}): Promise<Amount | null> {
  const found: Amount = { entries: 0, bytes: 0 };
  const more = () => most !== undefined && (found.entries > most.entries || found.bytes > most.bytes);
  const look = async (at: PinnedFolder, name: string): Promise<void> => {
    signal?.throwIfAborted();
    found.entries += 1;
    const stats = await lstat(at.at(name)).catch(() => null);
    if (stats?.isFile()) found.bytes += stats.size;
    if (!stats?.isDirectory() || more()) return;
    const child = await at.child(name).catch(() => null);
    if (!child) return;
    try {
      for (const raw of await readdir(child.at(''), { encoding: 'buffer' }).catch(() => [])) {
        if (more()) return;
        await look(child, nameOf(raw));
      }
    } finally {
      await child.close();
    }
  };
  for (const name of names) {
    if (more()) return null;
    await look(folder, name);
  }
  return more() ? null : found;
}
