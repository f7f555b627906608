import { constants } from 'node:fs';
import { chmod, chown, lstat, open, realpath, rename, rm, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import type { Random } from '../../lib/random.ts';
import { TEXT_MOST } from './sizes.ts';
import { textPaths, type Stack } from './stack.ts';

/** One of the files that make a stack. */
export interface StackText {
  path: string;
  /** null: it is not there. */
  text: string | null;
}

/** @throws AppError invalid for what is no text, or larger than any */
export async function readTexts(stack: Pick<Stack, 'folder' | 'files' | 'env'>): Promise<StackText[]> {
  return Promise.all(textPaths(stack).map(async (path) => ({ path, text: await readOne(path) })));
}

async function readOne(path: string): Promise<string | null> {
  let handle;
  try {
    // Nothing waits for the other end of a pipe that somebody put there.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as { code?: string }).code ?? '')) return null;
    throw new AppError('unavailable', (t) => t.stacks.errors.unreadable({ name: basename(path) }), { cause: error, detail: (error as Error).message });
  }
  try {
    return await checkedText(handle, () => new AppError('invalid', (t) => t.stacks.errors.noText({ name: basename(path) })));
  } finally {
    await handle.close();
  }
}

/** Of a file that is open: UTF-8 and no more than a text has. @throws what `noText` makes */
export async function checkedText(handle: FileHandle, noText: () => AppError): Promise<string> {
  const stats = await handle.stat();
  if (!stats.isFile() || stats.size > TEXT_MOST) throw noText();
  const bytes = await handle.readFile();
  if (bytes.includes(0)) throw noText();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw noText();
  }
}

/** Puts them on the disk, each whole or not at all; null takes a file away. A symlink stays one: what it leads to is written. */
export async function writeTexts(random: Random, texts: readonly StackText[]) {
  for (const { path, text } of texts) {
    if (text === null) await rm(path, { force: true });
    else await writeOne(random, path, text);
  }
}

async function writeOne(random: Random, path: string, text: string) {
  const real = await realpath(path).catch(() => path);
  const before = await lstat(real).catch(() => null);
  if (before && !before.isFile()) throw new AppError('invalid', (t) => t.stacks.errors.noText({ name: basename(path) }));
  const part = join(dirname(real), `.${basename(real)}.${random.id().slice(0, 8)}.part`);
  try {
    await writeNew(part, text);
    if (before && process.platform !== 'win32') {
      await chown(part, before.uid, before.gid).catch(() => {});
      await chmod(part, before.mode & 0o7777);
    }
    await rename(part, real);
  } catch (error) {
    await unlink(part).catch(() => {});
    throw error;
  }
}

/** A file of its own with these contents, on the disk when it returns; others may not read it. */
export async function writeNew(path: string, text: string) {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
