import type { Stats } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import type { PinnedFolder } from '../../../platform/files.ts';
import { checkIsStill, namePart, reopenPart, syncFolder } from '../beside.ts';
import { errnoOf } from '../faults.ts';
import type { HeldFile } from '../held-file.ts';
import { lstatOf, numbered } from '../operations/names.ts';
import { folderThere, taken } from './refusal.ts';
import type { UploadRow } from './rows.ts';

/** Names that are tried one after the other before somebody else has taken each of them. */
const TRIES = 10_000;

/**
 * Gives a whole part its name, as its policy says what to do when something has that name by now. Of two that come to an
 * end at the same moment the file system lets one be first. What is done to the part is done to what is open (`file`,
 * closed here, as Windows renames nothing that is open): its name may lead elsewhere by now (S4).
 * @returns the name it got; '' when it was skipped and its part is gone
 * @throws UploadRefusal 412: the part stays, and another policy may be chosen
 */
export async function place(folder: PinnedFolder, row: Pick<UploadRow, 'name' | 'part' | 'conflict'>, file: HeldFile, lastModified: number | null): Promise<string> {
  const { name, part, conflict } = row;
  const there = conflict === 'replace' ? await lstatOf(folder, name) : null;
  try {
    await dress(file, there, lastModified);
    // The old contents go when the new ones are on the disk, not before.
    if (there) await file.sync();
    await checkIsStill(folder, part, file);
  } finally {
    await file.close();
  }
  if (there) return replace(folder, part, name, there);
  for (let n = 0; n < TRIES; n++) {
    const candidate = n === 0 ? name : numbered(name, n + 1);
    try {
      await namePart(folder, part, candidate);
      return candidate;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      if (conflict === 'keep-both') continue;
      if (conflict === 'ask') throw taken();
      if (conflict === 'skip') return unlink(folder.at(part)).then(() => '');
      // It appeared in this very moment.
      const now = await lstatOf(folder, name);
      if (!now) continue;
      const again = await reopenPart(folder, part);
      await again.sync().finally(() => again.close());
      return replace(folder, part, name, now);
    }
  }
  throw taken();
}

async function replace(folder: PinnedFolder, part: string, name: string, there: Stats): Promise<string> {
  if (there.isDirectory()) throw folderThere();
  await rename(folder.at(part), folder.at(name));
  await syncFolder(folder);
  return name;
}

/** Mode and owner of the file that it replaces, else those that a new file has; and the time that its sender names. */
async function dress(file: HeldFile, like: Stats | null, lastModified: number | null) {
  const old = like?.isFile() ? like : null;
  // Only root may give files away; for others it is their own file now, as with every editor.
  if (old) await file.chown(old.uid, old.gid).catch(() => {});
  await file.chmod(old ? old.mode & 0o777 : 0o666 & ~process.umask());
  if (lastModified !== null) await file.utimes(new Date(), new Date(lastModified)).catch(() => {});
}
