import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import { openFolder } from '../entry.ts';
import { errnoOf, told } from '../faults.ts';
import { lstatOf } from '../operations/names.ts';
import { readWay } from './announced.ts';

/** Something that has the name of what is to come. */
export interface There {
  /** As it was asked for: "photos/a.jpg". */
  path: string;
  folder: boolean;
  size: number;
  /** ms since the epoch. */
  modified: number;
}

/** Which of these ways below a folder are taken; asked before any byte is sent. @throws AppError */
export async function lookThere(app: App, actor: Actor, path: string, ways: readonly string[]): Promise<There[]> {
  const top = await openFolder(app, actor, path, 'write');
  // Folders on the way, each held once; null: it is not there, and nothing in it is.
  const held = new Map<string, PinnedFolder | null>([['', top]]);
  const hold = async (parts: readonly string[]): Promise<PinnedFolder | null> => {
    const key = parts.join('/');
    const known = held.get(key);
    if (known !== undefined) return known;
    const above = await hold(parts.slice(0, -1));
    const found = (await above?.child(parts.at(-1)!).catch(missing)) ?? null;
    held.set(key, found);
    return found;
  };
  try {
    const found: There[] = [];
    for (const way of ways) {
      const parts = readWay(app.host.files.kind, way);
      const folder = await hold(parts.slice(0, -1));
      const stats = folder && (await lstatOf(folder, parts.at(-1)!));
      if (stats) found.push({ path: way, folder: stats.isDirectory(), size: stats.size, modified: Math.round(stats.mtimeMs) });
    }
    return found;
  } catch (error) {
    return await told(path, () => Promise.reject(error));
  } finally {
    for (const folder of held.values()) await folder?.close();
  }
}

const missing = (error: unknown): null => {
  if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error))) return null;
  throw error;
};
