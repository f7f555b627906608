import type { App } from '../app.ts';
import { isPartName } from './beside.ts';
import { errnoOf } from './faults.ts';
import { dropOldRecords, forgetPart, leftParts } from './part-records.ts';
import { removeTree } from './remove-tree.ts';

/**
 * Removes what panels before this one were writing when they were killed. Only what they recorded, only under a name that
 * they could have made, and never through a symlink; a folder that is not there now (a share) is tried again later.
 * @returns how many are gone
 */
export async function sweepParts(app: App): Promise<number> {
  let count = 0;
  for (const { id, folder: path, name } of leftParts(app)) {
    try {
      if (isPartName(name)) count += (await removeLeft(app, path, name)) ? 1 : 0;
      forgetPart(app, id);
    } catch (error) {
      app.log.warn('a part stays for now', { folder: path, name, error: errnoOf(error) });
    }
  }
  dropOldRecords(app);
  return count;
}

async function removeLeft(app: App, path: string, name: string): Promise<boolean> {
  const gone = (error: unknown) => (errnoOf(error) === 'ENOENT' ? null : Promise.reject(error));
  const folder = await app.host.files.pin(path).catch(gone);
  if (!folder) return false;
  try {
    // It was recorded where it really was: elsewhere now, the folder is another one.
    if (folder.real !== path) return false;
    return (await removeTree(folder, name).catch(gone)) ?? false;
  } finally {
    await folder.close();
  }
}
