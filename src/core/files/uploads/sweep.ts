import { unlink } from 'node:fs/promises';
import type { App } from '../../app.ts';
import { isPartName } from '../beside.ts';
import { errnoOf } from '../faults.ts';
import { dropUpload, oldUploads, type UploadRow } from './rows.ts';
import { turnsOf } from './turns.ts';

/**
 * Removes uploads that were given up, with their parts, and forgets those that ended a while ago. Only what a row names is
 * removed; where a disk is not there now, the row waits for it.
 * @returns how many parts went
 */
export async function sweepUploads(app: App): Promise<number> {
  let removed = 0;
  for (const row of oldUploads(app)) {
    if (turnsOf(app).held(row.id)) continue;
    if (row.endedAt !== null) dropUpload(app, row.id);
    else if (await removePart(app, row)) {
      dropUpload(app, row.id);
      removed++;
    }
  }
  return removed;
}

const SOMETIMES_MS = 3_600_000;
const swept = new WeakMap<object, number>();

/** The same, once an hour at most: whoever uploads makes room. Housekeeping does it once a day where nobody does. */
export function sweepSometimes(app: App) {
  const now = app.clock.monotonic();
  if (now - (swept.get(app) ?? -SOMETIMES_MS) < SOMETIMES_MS) return;
  swept.set(app, now);
  void sweepUploads(app).catch((error: unknown) => app.log.error('uploads not swept', { error: error as Error }));
}

/** @returns false when it may still be there */
async function removePart(app: App, row: UploadRow): Promise<boolean> {
  if (!isPartName(row.part)) return true;
  try {
    const folder = await app.host.files.pin(row.folder);
    try {
      // Reached through another way now than when it began: whatever has this name there is not ours.
      if (folder.real === row.folder) await unlink(folder.at(row.part));
      return true;
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error))) return true;
    app.log.warn('part of an upload not removed', { folder: row.folder, part: row.part, error: error as Error });
    return false;
  }
}
