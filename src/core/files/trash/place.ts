import { chmod, lstat, mkdir } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { App } from '../../app.ts';
import { errnoOf } from '../faults.ts';
import { isInside, joinPath, parentOf } from '../paths.ts';
import { demoFolder } from '../reach.ts';

/**
 * The trash of one file system, as the freedesktop.org specification has it: `$topdir/.Trash-$uid` with `files` and
 * `info`, so that moving something there is a rename. It is used on the file system of the home directory too: the panel
 * runs without a home of its own (a service has none, and under systemd's ProtectHome it could not be written), and one
 * form for all is one thing to check. `$topdir/.Trash` that an administrator may have made for everybody is left alone.
 */
export interface TrashPlace {
  /** Mount point or drive. */
  top: string;
  files: PinnedFolder;
  info: PinnedFolder;
  close(): Promise<void>;
}

/** Which one in which trash: what pages and the API call it by. */
export const trashId = (top: string, name: string) => Buffer.from(JSON.stringify([top, name])).toString('base64url');

/** @throws AppError not_found */
export function readTrashId(id: string): { top: string; name: string } {
  try {
    const [top, name] = JSON.parse(Buffer.from(id, 'base64url').toString()) as unknown[];
    if (typeof top === 'string' && typeof name === 'string' && name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name)) return { top, name };
  } catch {
    // Told below.
  }
  throw new AppError('not_found', (t) => t.trash.errors.gone);
}

/** Windows has no user ids; what an administrator's panel throws away belongs to administrators. */
export const trashName = () => `.Trash-${process.getuid?.() ?? 0}`;

/** Tops of file systems that may hold a trash. A demo has its own. */
export async function trashTops(app: App): Promise<string[]> {
  if (app.config.demo) return [demoFolder(app)];
  return [...new Set((await app.host.files.volumes()).map((volume) => volume.path))];
}

/** The file system that a path lies on. */
export async function topOf(app: App, real: string): Promise<string> {
  const { kind } = app.host.files;
  const tops = (await trashTops(app)).filter((top) => isInside(kind, top, real));
  return tops.sort((a, b) => b.length - a.length)[0] ?? '/';
}

export const isInTrash = (app: App, top: string, real: string) => isInside(app.host.files.kind, joinPath(app.host.files.kind, top, trashName()), real);

/** A trash that may be used: a folder of the panel's own account, which nobody else may write to, and no symlink. */
const refused = (detail: string) => new AppError('unavailable', (t) => t.trash.errors.unsafe, { detail });

/**
 * The trash of a file system, held open; null when there is none and `make` is not set.
 * @throws AppError unavailable when it is not safe to use; what the file system refuses
 */
export async function openTrash(app: App, top: string, make: boolean): Promise<TrashPlace | null> {
  const { kind } = app.host.files;
  const held = await app.host.files.pin(top);
  const open: PinnedFolder[] = [held];
  const close = async () => void (await Promise.all(open.map((folder) => folder.close())));
  const enter = async (at: PinnedFolder, name: string): Promise<PinnedFolder | null> => {
    if (make) await mkdir(at.at(name), { mode: 0o700 }).catch((error: unknown) => (errnoOf(error) === 'EEXIST' ? undefined : Promise.reject(error)));
    const path = joinPath(kind, at.real, name);
    const stats = await lstat(at.at(name)).catch((error: unknown) => (errnoOf(error) === 'ENOENT' ? null : Promise.reject(error)));
    if (!stats) return null;
    const folder = stats.isDirectory() ? await at.child(name).catch(() => null) : null;
    if (!folder) throw refused(path);
    open.push(folder);
    // Asked of what is held now: nothing can be swapped in after it.
    const own = await lstat(kind === 'posix' ? folder.at('.') : folder.at(''));
    if (kind === 'posix' && own.uid !== process.getuid?.()) throw refused(path);
    if (kind === 'posix' && own.mode & 0o022) {
      if (!make) throw refused(path);
      await chmod(folder.at('.'), 0o700);
    }
    return folder;
  };
  try {
    const trash = await enter(held, trashName());
    const files = trash && (await enter(trash, 'files'));
    const info = trash && (await enter(trash, 'info'));
    if (files && info) return { top, files, info, close };
    await close();
    return null;
  } catch (error) {
    await close();
    throw error;
  }
}

/** "srv/www/a.txt" of something below the top. */
export function relativePath(app: App, top: string, real: string): string {
  const rest = real.slice(top.length).replace(/^[\\/]+/, '');
  return app.host.files.kind === 'windows' ? rest.replaceAll('\\', '/') : rest;
}

export function originalPath(app: App, top: string, path: string): string {
  const { kind } = app.host.files;
  return path.split('/').reduce((at, part) => joinPath(kind, at, part), top);
}

export const originalFolder = (app: App, top: string, path: string) => parentOf(app.host.files.kind, originalPath(app, top, path));
