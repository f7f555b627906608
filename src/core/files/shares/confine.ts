import { lstat, readdir, realpath } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { nameOf } from '../../../lib/file-name.ts';
import type { PinnedFile, PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import { openFolder, withEntry } from '../entry.ts';
import { errnoOf } from '../faults.ts';
import { isInside } from '../paths.ts';
import { checkReach } from '../reach.ts';

/** Entries that the public page shows of one folder. */
export const SHOWN_MOST = 1000;

export interface SharedEntry {
  name: string;
  folder: boolean;
  size: number;
}

/** The panel's own folder is shared with nobody, whoever asks. @throws AppError denied */
export async function refuseOwnFolder(app: App, real: string) {
  const own = await realpath(app.config.dataDir).catch(() => app.config.dataDir);
  const { kind } = app.host.files;
  if (!app.config.demo && isInside(kind, own, real)) throw new AppError('denied', (t) => t.files.errors.ownFolder);
}

const gone = () => new AppError('not_found', (t) => t.shares.page.gone);

/** Is the thing itself a folder? @throws AppError not_found when it is not there any more, or something else is in its place */
export async function isSharedFolder(app: App, actor: Actor, path: string): Promise<boolean> {
  return withEntry(app, actor, path, 'read', async (entry) => {
    if (entry.real !== path) throw gone();
    const stats = await lstat(entry.at);
    if (!stats.isDirectory() && !stats.isFile()) throw gone();
    return stats.isDirectory();
  });
}

/** The shared file itself; a symlink that stands there now is not followed. */
export async function openSharedFile(app: App, actor: Actor, path: string): Promise<PinnedFile> {
  return withEntry(app, actor, path, 'read', async (entry) => regular(app, await entry.folder.open(entry.name, 'nofollow'), path));
}

async function regular(app: App, file: PinnedFile, path: string): Promise<PinnedFile> {
  try {
    if (!file.stats.isFile() || file.real !== path) throw gone();
    await refuseOwnFolder(app, file.real);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * A folder at or below the shared one, by the names on the way. No symlink is followed, neither in place of the shared
 * folder nor below it: what is shared is what lies there, and nothing that it points to (S4).
 */
export async function openSharedFolder(app: App, actor: Actor, path: string, names: readonly string[]): Promise<PinnedFolder> {
  let folder = await openFolder(app, actor, path);
  try {
    if (folder.real !== path) throw gone();
    for (const name of names) {
      const next: PinnedFolder = await folder.child(name);
      await folder.close();
      folder = next;
    }
    await checkReach(app, actor, folder.real, 'read');
    await refuseOwnFolder(app, folder.real);
    return folder;
  } catch (error) {
    await folder.close().catch(() => {});
    throw errnoOf(error) === '' ? error : gone();
  }
}

export async function openFileIn(app: App, folder: PinnedFolder, name: string): Promise<PinnedFile> {
  const file = await folder.open(name, 'nofollow').catch(() => Promise.reject(gone()));
  return regular(app, file, file.real);
}

/** What the page shows of a folder: folders, then files, by name; hidden ones, links and devices are left out. */
export async function listShared(folder: PinnedFolder): Promise<{ entries: SharedEntry[]; total: number }> {
  const found: SharedEntry[] = [];
  const names = (await readdir(folder.at(''), { encoding: 'buffer' })).map(nameOf).filter((name) => !name.startsWith('.'));
  names.sort(new Intl.Collator('en', { numeric: true }).compare);
  for (const name of names.slice(0, SHOWN_MOST * 4)) {
    const stats = await lstat(folder.at(name)).catch(() => null);
    if (stats?.isFile() || stats?.isDirectory()) found.push({ name, folder: stats.isDirectory(), size: stats.size });
  }
  found.sort((a, b) => Number(b.folder) - Number(a.folder));
  return { entries: found.slice(0, SHOWN_MOST), total: names.length > SHOWN_MOST * 4 ? names.length : found.length };
}
