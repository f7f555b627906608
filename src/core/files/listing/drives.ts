import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { isInside } from '../paths.ts';
import { rootsOf } from '../reach.ts';
import { goneEntry, type ListedEntry } from './look.ts';
import { FOLDER, type Names } from './names.ts';

/** Windows: what stands above the drives. "C:" and its sisters, as far as the person may use something there. */
export async function readDrives(app: App, actor: Actor): Promise<{ real: string; entries: Names; figures: null }> {
  const roots = rootsOf(app, actor);
  const drives = (await app.host.files.volumes()).filter(({ path }) => roots.some((root) => isInside('windows', root, path) || isInside('windows', path, root)));
  if (drives.length === 0) throw new AppError('denied', (t) => t.files.errors.outside);
  const names = drives.map(({ path }) => path.replace(/\\$/, ''));
  return { real: '/', entries: { names, kinds: new Uint8Array(names.length).fill(FOLDER) }, figures: null };
}

export async function driveEntries(app: App, names: readonly string[]): Promise<ListedEntry[]> {
  const volumes = new Map((await app.host.files.volumes()).map((volume) => [volume.path, volume]));
  return names.map((name) => {
    const volume = volumes.get(`${name}\\`);
    return { ...goneEntry(name), type: 'folder', gone: !volume, mount: volume ? { type: volume.type, readOnly: volume.readOnly } : null };
  });
}
