import { z } from 'zod';
import type { ConflictPolicy } from '../../../db/schema/files.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { unknown } from './refusal.ts';
import type { UploadRow } from './rows.ts';
import { UploadStore } from './store.ts';
import { turnsOf } from './turns.ts';

/** What to do with a whole upload whose name was taken meanwhile. */
export const PlaceInput = z.strictObject({ conflict: z.enum(['replace', 'keep-both', 'skip']) });

/** Where an upload is, in bytes. Asked while bytes come, it ends the request that sends them: one at a time. */
export async function uploadState(app: App, actor: Actor, id: string): Promise<UploadRow & { offset: number }> {
  return alone(app, actor, id, async (store) => {
    const { offset } = await store.getUpload(id);
    if (!store.row) throw unknown();
    return { ...store.row, offset };
  });
}

/**
 * Gives a whole upload its name under another policy: no byte is sent again.
 * @returns the name it got; '' when it was skipped
 * @throws UploadRefusal, AppError conflict while bytes are missing
 */
export async function placeUpload(app: App, actor: Actor, id: string, conflict: ConflictPolicy): Promise<string> {
  return alone(app, actor, id, async (store) => {
    const { offset, size } = await store.getUpload(id);
    if (offset !== size) throw new AppError('conflict', (t) => t.uploads.errors.incomplete);
    await store.finish(conflict);
    return store.row?.endedAs ?? '';
  });
}

async function alone<T>(app: App, actor: Actor, id: string, run: (store: UploadStore) => Promise<T>): Promise<T> {
  const store = new UploadStore(app, actor, { verb: 'GET', checksum: null });
  const lock = turnsOf(app).newLock(id);
  await lock.lock(new AbortController().signal, () => {});
  try {
    return await run(store);
  } finally {
    await store.close();
    await lock.unlock();
  }
}
