import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { nameOf } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';

export const KINDS = ['folder', 'file', 'link', 'fifo', 'socket', 'block', 'char', 'unknown'] as const;
export type Kind = (typeof KINDS)[number];

export const FOLDER = 0;
export const FILE = 1;
export const LINK = 2;
const UNKNOWN = 7;

/** What lies in a folder, in the order of the file system: 100,000 names take about 8 MiB. */
export interface Names {
  readonly names: readonly string[];
  /** Index into KINDS, for each name. */
  readonly kinds: Uint8Array;
}

export async function readNames(folder: PinnedFolder): Promise<Names> {
  const found: Dirent[] = await readdir(folder.at(''), { withFileTypes: true });
  const names = new Array<string>(found.length);
  const kinds = new Uint8Array(found.length);
  let broken = false;
  let unknown = false;
  for (let i = 0; i < found.length; i++) {
    const entry = found[i]!;
    const name = (names[i] = entry.name);
    kinds[i] = kindOf(entry);
    unknown ||= kinds[i] === UNKNOWN;
    broken ||= mayBeBroken(name);
  }
  if (broken) return readBytes(folder, names, kinds);
  // Some file systems keep no types in their folders.
  if (unknown) await lookUp(folder, names, kinds);
  return { names, kinds };
}

/** U+FFFD stands for bytes that are no UTF-8; U+DBFF begins the characters that `nameOf` gives such bytes. */
const mayBeBroken = (name: string) => name.includes('\ufffd') || name.includes('\udbff');

/** Bun gives bytes without types (1.4.5), so names that are plain text get theirs from the first reading. */
async function readBytes(folder: PinnedFolder, plain: readonly string[], plainKinds: Uint8Array): Promise<Names> {
  const known = new Map<string, number>();
  plain.forEach((name, i) => mayBeBroken(name) || known.set(name, plainKinds[i]!));
  const names = (await readdir(folder.at(''), { encoding: 'buffer' })).map((bytes) => nameOf(bytes));
  const kinds = Uint8Array.from(names, (name) => known.get(name) ?? UNKNOWN);
  await lookUp(folder, names, kinds);
  return { names, kinds };
}

async function lookUp(folder: PinnedFolder, names: readonly string[], kinds: Uint8Array) {
  for (let i = 0; i < names.length; i++) {
    if (kinds[i] !== UNKNOWN) continue;
    const stats = await lstat(folder.at(names[i]!)).catch(() => null);
    if (stats) kinds[i] = kindOf(stats);
  }
}

type Kinded = Pick<Dirent, 'isDirectory' | 'isFile' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice'>;

export function kindOf(entry: Kinded): number {
  if (entry.isFile()) return FILE;
  if (entry.isDirectory()) return FOLDER;
  if (entry.isSymbolicLink()) return LINK;
  return entry.isFIFO() ? 3 : entry.isSocket() ? 4 : entry.isBlockDevice() ? 5 : entry.isCharacterDevice() ? 6 : UNKNOWN;
}
