import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { PinnedFolder } from '../../platform/files.ts';
import type { App } from '../app.ts';
import { normalName } from '../files/paths.ts';
import type { Placed } from './deploy.ts';
import { TEXT_MOST, UPLOAD_MOST } from './sizes.ts';
import { textPaths, type Stack } from './stack.ts';
import { checkedText } from './texts.ts';

/** A file beside the compose files, from the folder of the stack on: `conf/nginx.conf`. What it means is checked with the folder in hand. */
export const FilePath = z.string().min(1).max(1000);

/** Folders below each other. */
const DEPTH_MOST = 8;
/** What the page of a stack shows; a folder of data may hold millions. */
const ENTRIES_MOST = 500;
const ENTRIES_OF_ONE = 200;
const SORTED_MOST = 20_000;
const collator = new Intl.Collator('en', { numeric: true });

export interface FolderEntry {
  path: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  size: number;
}

const badPath = () => new AppError('invalid', (t) => t.stacks.errors.badPath, { field: 'path' });

/** Names on the way to it. @throws AppError invalid: for what leads out, is no name, or lies too deep (S4) */
export function partsOf(app: App, path: string): string[] {
  const parts = path.split('/');
  if (parts.length > DEPTH_MOST) throw badPath();
  return parts.map((part) => normalName(app.host.files.kind, part, 'path'));
}

/** From the folder of the stack on; null: it lies elsewhere, or is one of the files that make the stack. */
export function besideOf(stack: Pick<Stack, 'folder' | 'files' | 'env'>, path: string): string | null {
  if (stack.folder === null || textPaths(stack).includes(path)) return null;
  const way = relative(stack.folder, path);
  return way === '' || way.startsWith('..') || isAbsolute(way) ? null : way.split(sep).join('/');
}

/**
 * Holds the folder that a file of the stack lies in. No link on the way is followed: a container may have put it there, in a
 * folder that it has as a volume. @param make makes folders that are not there yet @throws AppError invalid, not_found
 */
async function within<T>(app: App, stack: Placed, path: string, run: (folder: PinnedFolder, name: string) => Promise<T>, make = false): Promise<T> {
  const parts = partsOf(app, path);
  let folder = await app.host.files.pin(stack.folder);
  try {
    for (const part of parts.slice(0, -1)) {
      if (make) await mkdir(folder.at(part), { mode: 0o755 }).catch(ignore('EEXIST'));
      const next: PinnedFolder = await folder.child(part);
      await folder.close();
      folder = next;
    }
    return await run(folder, parts.at(-1)!);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT') throw new AppError('not_found', (t) => t.stacks.errors.noFile({ name: path }), { field: 'path' });
    if (code === 'ENOTDIR' || code === 'ELOOP') throw new AppError('invalid', (t) => t.stacks.errors.link({ name: path }), { field: 'path' });
    if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO'].includes(code ?? '')) throw new AppError('unavailable', (t) => t.stacks.errors.unwritable({ name: path }), { detail: (error as Error).message, cause: error });
    throw error;
  } finally {
    await folder.close();
  }
}

const ignore = (code: string) => (error: { code?: string }) => {
  if (error.code !== code) throw error;
};

/** What is in it; null: it is not there. @throws AppError invalid for a link, for what is no text, or larger than any */
export async function readBeside(app: App, stack: Placed, path: string): Promise<string | null> {
  const noText = () => new AppError('invalid', (t) => t.stacks.errors.noText({ name: path }), { field: 'path' });
  return within(app, stack, path, async (folder, name) => {
    // Where open(2) knows no O_NOFOLLOW.
    if ((await lstat(folder.at(name))).isSymbolicLink()) throw Object.assign(new Error('a link'), { code: 'ELOOP' });
    const handle = await open(folder.at(name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      return await checkedText(handle, noText);
    } finally {
      await handle.close();
    }
  }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  });
}

/** Puts it there whole, or takes it away. A link in its place is replaced, not followed. */
export async function writeBeside(app: App, stack: Placed, path: string, text: string | null): Promise<void> {
  if (text === null) {
    return within(app, stack, path, (folder, name) => unlink(folder.at(name)).catch(ignore('ENOENT'))).catch((error: unknown) => {
      if (!(error instanceof AppError && error.code === 'not_found')) throw error;
    });
  }
  if (Buffer.byteLength(text) > TEXT_MOST) throw new AppError('invalid', (t) => t.stacks.errors.noText({ name: path }), { field: 'path' });
  await within(app, stack, path, async (folder, name) => {
    const before = await lstat(folder.at(name)).catch(() => null);
    if (before && !before.isFile() && !before.isSymbolicLink()) throw new AppError('invalid', (t) => t.stacks.errors.noText({ name: path }), { field: 'path' });
    await putWhole(app, folder, name, new TextEncoder().encode(text), before?.isFile() ? before : null);
  }, true);
}

async function putWhole(app: App, folder: PinnedFolder, name: string, bytes: Uint8Array, before: { uid: number; gid: number; mode: number } | null) {
  const part = folder.at(`.${app.random.id().slice(0, 12)}.part`);
  const handle = await open(part, 'wx', 0o644);
  try {
    try {
      await handle.writeFile(bytes);
      if (before && app.host.files.kind === 'posix') {
        await handle.chown(before.uid, before.gid).catch(() => {});
        await handle.chmod(before.mode & 0o7777);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, folder.at(name));
  } catch (error) {
    await unlink(part).catch(() => {});
    throw error;
  }
}

/** A new file with these bytes. @throws AppError conflict when there is one */
export async function addBeside(app: App, stack: Placed, path: string, bytes: Uint8Array): Promise<void> {
  if (bytes.length > UPLOAD_MOST) throw new AppError('invalid', (t) => t.stacks.errors.large({ mib: UPLOAD_MOST >> 20 }), { field: 'path' });
  await within(app, stack, path, async (folder, name) => {
    if (await lstat(folder.at(name)).catch(() => null)) throw new AppError('conflict', (t) => t.stacks.errors.fileTaken({ name: path }), { field: 'path' });
    await putWhole(app, folder, name, bytes, null);
  }, true);
}

/** @throws AppError conflict when the new name is taken */
export async function moveBeside(app: App, stack: Placed, from: string, to: string): Promise<void> {
  await within(app, stack, from, (folder, name) => within(app, stack, to, async (target, fresh) => {
    await lstat(folder.at(name));
    if (await lstat(target.at(fresh)).catch(() => null)) throw new AppError('conflict', (t) => t.stacks.errors.fileTaken({ name: to }), { field: 'to' });
    await rename(folder.at(name), target.at(fresh)).catch((error: { code?: string }) => {
      // A folder into itself, or to another disk.
      throw ['EINVAL', 'EXDEV'].includes(error.code ?? '') ? badPath() : error;
    });
  }, true));
}

/** A file, a link, or a folder in which nothing lies. */
export async function dropBeside(app: App, stack: Placed, path: string): Promise<void> {
  await within(app, stack, path, async (folder, name) => {
    if (!(await lstat(folder.at(name))).isDirectory()) return unlink(folder.at(name));
    return rmdir(folder.at(name)).catch((error: { code?: string }) => {
      throw ['ENOTEMPTY', 'EEXIST', 'EBUSY'].includes(error.code ?? '') ? new AppError('conflict', (t) => t.stacks.errors.notEmpty({ name: path }), { field: 'path' }) : error;
    });
  });
}

/** Of a run that was killed: the panel's own names. */
const isPart = (name: string) => /^\.[\w.-]+\.(part|check|check\.yml)$/.test(name);

/** Everything that lies in the folder, folders before files, as far as a page shows it. */
export async function listBeside(app: App, stack: Placed): Promise<{ entries: FolderEntry[]; more: boolean }> {
  const entries: FolderEntry[] = [];
  let more = false;
  const walk = async (folder: PinnedFolder, above: string, depth: number): Promise<void> => {
    const all = (await readdir(folder.at(''))).filter((name) => !isPart(name));
    more ||= all.length > ENTRIES_OF_ONE;
    // Those of a million that a container made are not put in order.
    const names = all.slice(0, SORTED_MOST).sort(collator.compare);
    const found = await Promise.all(names.slice(0, ENTRIES_OF_ONE).map(async (name) => ({ name, stats: await lstat(folder.at(name)).catch(() => null) })));
    for (const { name, stats } of found.toSorted((a, b) => Number(b.stats?.isDirectory() ?? false) - Number(a.stats?.isDirectory() ?? false))) {
      if (!stats) continue;
      if (entries.length >= ENTRIES_MOST) return void (more = true);
      const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other';
      entries.push({ path: `${above}${name}`, kind, size: kind === 'file' ? stats.size : 0 });
      if (kind !== 'folder' || depth >= DEPTH_MOST - 1) continue;
      const child = await folder.child(name).catch(() => null);
      if (child) await walk(child, `${above}${name}/`, depth + 1).finally(() => child.close());
    }
  };
  const top = await app.host.files.pin(stack.folder);
  await walk(top, '', 0).finally(() => top.close());
  return { entries, more };
}

/** Of a file beside the others as texts name it. */
export const pathBeside = (stack: Placed, path: string) => join(stack.folder, ...path.split('/'));
