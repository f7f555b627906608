import type { Stats } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { nameOf } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { statOf, withEntry } from '../entry.ts';
import { checkReach } from '../reach.ts';
import { withSource } from '../windows/source.ts';
import { HEAD, looksOf, type Looks } from './kind.ts';

/** Something at a path, looked at without waking it. */
export interface Look extends Looks {
  path: string;
  name: string;
  entry: 'folder' | 'file' | 'fifo' | 'socket' | 'block' | 'char';
  /** Of what a symlink leads to. */
  stats: Stats;
  /** Where a symlink points, as it says. */
  target: string | null;
  /** Bytes: what the kernel says, or for files of /proc what was read. */
  size: number;
  /** Has the kernel no size for it? */
  virtual: boolean;
}

/**
 * What is at a path and how it can be shown. Pipes, devices and sockets are told, never opened.
 * @throws AppError
 */
export async function lookAt(app: App, actor: Actor, path: string): Promise<Look> {
  const found = await withEntry(app, actor, path, 'read', async (entry) => {
    const own = entry.name === '' ? null : await statOf(entry);
    if (entry.name !== '' && !own) throw new AppError('not_found', (t) => t.files.errors.gone, { detail: entry.path });
    const held = await entry.folder.open(entry.name, 'follow');
    try {
      await checkReach(app, actor, held.real, 'read');
      const target = own?.isSymbolicLink() ? nameOf(await readlink(entry.at, { encoding: 'buffer' })) : null;
      return { path: entry.path, name: entry.name || entry.path, stats: held.stats, target };
    } finally {
      await held.close();
    }
  });
  const kind = entryOf(found.stats);
  if (kind !== 'file') return { ...found, entry: kind, size: found.stats.size, virtual: false, kind: 'binary', type: 'application/octet-stream', encoding: null };
  return withSource(app, actor, path, async (source) => ({
    ...found, entry: kind, size: source.size, virtual: source.virtual, ...looksOf(await source.read(0, HEAD), found.name),
  }));
}

function entryOf(stats: Stats): Look['entry'] {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  if (stats.isBlockDevice()) return 'block';
  return stats.isCharacterDevice() ? 'char' : 'file';
}
