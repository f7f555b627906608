import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { isInside, normalPath } from '../../files/paths.ts';
import { demoFolder } from '../../files/reach.ts';
import { openSource, type Source } from '../../files/windows/source.ts';

export interface LogFile {
  path: string;
  /** Bytes, packed or not. */
  size: number;
  /** ms since 1970 */
  modified: number;
  /** Written by the panel itself. */
  own: boolean;
}

/** More than any server has; whoever has more names the file in the address. */
const FILES_MOST = 1000;
const DEPTH_MOST = 5;
/** Records in binary: wtmp(5), lastlog(8); and the journal, which journalctl reads. */
const NO_TEXT = /^(wtmp|btmp|lastlog|faillog|tallylog)([.-]|$)|\.journal~?$|\.(xz|bz2|zip|tar|tgz|db|sqlite)$/;
const NO_FOLDER = new Set(['journal', 'private']);

const ownFolder = ({ config }: Pick<App, 'config'>) => join(config.dataDir, 'logs');

/** Folders whose files are logs. The demo has its own. */
const foldersOf = (app: App): string[] => [ownFolder(app), ...(app.config.demo ? [join(demoFolder(app), 'logs')] : app.host.logs.folders)];

/** What there is to be read, by path. Symlinks are not followed: where they lead is there by its own name, or no log. */
export async function listLogFiles(app: App, actor: Actor): Promise<LogFile[]> {
  need(actor, 'logs.read');
  const found: LogFile[] = [];
  const own = ownFolder(app);
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    for (const entry of entries) {
      if (found.length >= FILES_MOST) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth < DEPTH_MOST && !NO_FOLDER.has(entry.name)) await walk(path, depth + 1);
      if (!entry.isFile() || NO_TEXT.test(entry.name) || /[\0\r\n]/.test(path)) continue;
      const stats = await lstat(path).catch(() => null);
      if (stats?.isFile()) found.push({ path, size: stats.size, modified: Math.floor(stats.mtimeMs), own: folder === own });
    }
  };
  for (const folder of foldersOf(app)) await walk(folder, 0);
  return found.toSorted((a, b) => Number(a.own) - Number(b.own) || a.path.localeCompare(b.path, 'en', { numeric: true }));
}

/** Is it in a folder of logs, by the name that the kernel gives it? @throws AppError denied */
export async function insideLogs(app: App): Promise<(real: string) => void> {
  const folders = (await Promise.all(foldersOf(app).map((folder) => realpath(folder).catch(() => null)))).filter((folder) => folder !== null);
  return (real) => {
    if (!folders.some((folder) => isInside(app.host.files.kind, folder, real))) throw new AppError('denied', (t) => t.logs.outside);
  };
}

/**
 * Opens one for reading. Whoever could swap something on the way has no say: what was opened is asked where it lies (S4).
 * @throws AppError denied, not_found, invalid
 */
export async function openLogFile(app: App, actor: Actor, path: string): Promise<Source> {
  need(actor, 'logs.read');
  const check = await insideLogs(app);
  const source = await openSource(app, actor, normalPath(app.host.files.kind, path));
  try {
    check(source.real);
    if (source.virtual) throw new AppError('unsupported', (t) => t.view.errors.noTail);
    return source;
  } catch (error) {
    await source.close();
    throw error;
  }
}
