import type { Actor, App } from '../../app.ts';
import { openFolder } from '../entry.ts';
import { FOLDER, readNames } from '../listing/names.ts';

const SHOWN = 300;

/** Folders in a folder, sorted, for choosing one. @throws AppError */
export async function foldersIn(app: App, actor: Actor, path: string): Promise<{ folders: string[]; more: boolean }> {
  const folder = await openFolder(app, actor, path);
  try {
    const { names, kinds } = await readNames(folder);
    const found = names.filter((_, i) => kinds[i] === FOLDER).sort(new Intl.Collator('en', { numeric: true }).compare);
    // Hidden ones come last: they are seldom meant.
    const ordered = [...found.filter((name) => !name.startsWith('.')), ...found.filter((name) => name.startsWith('.'))];
    return { folders: ordered.slice(0, SHOWN), more: ordered.length > SHOWN };
  } finally {
    await folder.close();
  }
}
