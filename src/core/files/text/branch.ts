import { stat } from 'node:fs/promises';
import type { Actor, App } from '../../app.ts';
import { openFolder } from '../entry.ts';
import { told } from '../faults.ts';
import { FILE, FOLDER, LINK, readNames } from '../listing/names.ts';
import { orderOf } from '../listing/order.ts';
import { joinPath, normalPath } from '../paths.ts';

/** More than a person looks through beside a text: the file manager has all of them. */
export const BRANCH_MOST = 1000;

export interface Branch {
  path: string;
  /** Folders first, each by name. Devices and the like are left out: nothing opens them. */
  entries: { name: string; path: string; folder: boolean }[];
  /** How many more there are. */
  more: number;
}

/** One level of a tree of folders. @throws AppError */
export async function listBranch(app: App, actor: Actor, path: string): Promise<Branch> {
  const { kind } = app.host.files;
  const normal = normalPath(kind, path);
  const folder = await openFolder(app, actor, normal);
  try {
    const all = await told(normal, () => readNames(folder));
    const which = Uint32Array.from(all.names.keys()).filter((i) => [FOLDER, FILE, LINK].includes(all.kinds[i]!));
    const shown = orderOf(all, which, { sort: 'name', descending: false, foldersFirst: true }, null).subarray(0, BRANCH_MOST);
    const entries = await Promise.all([...shown].map(async (i) => {
      const name = all.names[i]!;
      const leads = all.kinds[i] === LINK && (await stat(folder.at(name)).then((stats) => stats.isDirectory(), () => false));
      return { name, path: joinPath(kind, normal, name), folder: all.kinds[i] === FOLDER || leads };
    }));
    return { path: normal, entries, more: which.length - shown.length };
  } finally {
    await folder.close();
  }
}
