import { lstat } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { nameBytes } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { errnoOf } from '../faults.ts';
import { NAME_MOST } from '../paths.ts';

/** "a.tar.gz" → ["a", ".tar.gz"]; a name that begins with its only dot has no ending. */
export function splitName(name: string): [stem: string, ending: string] {
  const found = /^(.+?)((?:\.tar)?\.[^.]{1,16})$/s.exec(name);
  return found ? [found[1]!, found[2]!] : [name, ''];
}

/** "a.txt", 2 → "a (2).txt"; "a (2).txt", 3 → "a (3).txt". At most `most` bytes. */
export function numbered(name: string, n: number, ending = splitName(name)[1], most = NAME_MOST): string {
  const stem = name.slice(0, name.length - ending.length).replace(/ \(\d{1,6}\)$/, '');
  const tail = ` (${n})${ending}`;
  let room = most - nameBytes(tail);
  let kept = '';
  for (const char of stem) {
    room -= nameBytes(char);
    if (room < 0) break;
    kept += char;
  }
  return kept + tail;
}

const MOST = 10_000;

/** The first of its kind that is not taken; `folderToo`: a folder's name has no ending. */
export async function freeName(folder: PinnedFolder, name: string, isFolder = false): Promise<string> {
  for (let n = 2; n < MOST; n++) {
    const free = numbered(name, n, isFolder ? '' : undefined);
    if (!(await exists(folder, free))) return free;
  }
  throw new AppError('conflict', (t) => t.files.errors.exists, { detail: name });
}

export async function exists(folder: PinnedFolder, name: string): Promise<boolean> {
  return (await lstatOf(folder, name)) !== null;
}

/** lstat, or null when there is nothing. */
export async function lstatOf(folder: PinnedFolder, name: string) {
  try {
    return await lstat(folder.at(name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
