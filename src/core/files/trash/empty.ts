import { unlink } from 'node:fs/promises';
import { lstat } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { getSetting } from '../../settings/settings.ts';
import { told } from '../faults.ts';
import { removeTree } from '../remove-tree.ts';
import { checkReach } from '../reach.ts';
import type { Deleted } from '../operations/delete.ts';
import { openGuard, type Guard } from '../operations/guard.ts';
import { isFatal, openJournal, settle, type Journal } from '../operations/run.ts';
import { amountOf } from '../operations/scan.ts';
import { SYSTEM } from '../../app.ts';
import { holdTrash, notesOf, type Held } from './list.ts';
import { NOTE } from './note.ts';
import { openTrash, trashTops, type TrashPlace } from './place.ts';

/** So many entries are deleted while the person waits. */
const AT_ONCE = 1000;
const DAY_MS = 86_400_000;

/** Deletes what is chosen of the trash for good. @throws AppError denied for what came from outside of one's reach */
export async function deleteFromTrash(app: App, actor: Actor, ids: readonly string[]): Promise<Deleted> {
  if (ids.length === 0) throw new AppError('invalid', (t) => t.transfers.errors.nothing, { field: 'id' });
  const held = await holdTrash(app, ids);
  let kept = false;
  try {
    for (const item of held.items) await checkReach(app, actor, item.path, 'write');
    const guard = await openGuard(app, actor);
    record(app, actor, { action: 'files.empty', target: held.items.length === 1 ? held.items[0]!.path : '', params: { count: ids.length, paths: held.items.slice(0, 50).map((item) => item.path) } });
    if (await isSmall(held.items)) {
      const journal = openJournal();
      await removeItems(held.items, guard, journal, new AbortController().signal, () => {});
      settle(journal.counts);
      return { state: 'done', counts: journal.counts };
    }
    const id = app.tasks.start(actor, {
      kind: 'files.empty', key: 'files.empty', params: { count: ids.length }, steps: ['delete'],
      async run(task) {
        task.step('delete');
        const journal = openJournal(task);
        await removeItems(held.items, guard, journal, task.signal, task.progress).finally(held.close);
        settle(journal.counts);
      },
    });
    kept = true;
    return { state: 'task', id };
  } finally {
    if (!kept) await held.close();
  }
}

async function isSmall(items: readonly Held[]): Promise<boolean> {
  let left = AT_ONCE - items.length;
  for (const { place, name } of items) {
    const amount = left < 0 ? null : await amountOf(place.files, [name], { most: { entries: left, bytes: Infinity } });
    if (!amount) return false;
    left -= amount.entries;
  }
  return true;
}

async function removeItems(items: readonly Held[], guard: Guard, journal: Journal, signal: AbortSignal, progress: (part: number) => void) {
  for (const [at, { place, name, path }] of items.entries()) {
    await told(path, () => removeOne(place, name, guard, journal, signal));
    progress((at + 1) / items.length);
  }
}

/** The entry first: while anything of it is left its note tells what it is. */
async function removeOne(place: TrashPlace, name: string, guard: Guard, journal: Journal, signal?: AbortSignal) {
  const gone = await removeTree(place.files, name, {
    signal,
    keeps: (real) => guard.isMount(real),
    onRemoved: () => void (journal.counts.entries += 1),
    onFault(path, error) {
      if (isFatal(error)) throw error;
      journal.fault(path, error);
    },
  });
  if (gone) await unlink(place.info.at(name + NOTE)).catch(() => {});
}

/**
 * Deletes what this panel has put into a trash longer ago than the setting allows, and notes whose entry is gone. What
 * other programs threw away is theirs.
 * @returns how many entries went
 */
export async function expireTrash(app: App): Promise<number> {
  const days = getSetting(app, 'trashDays');
  const before = app.clock.now() - days * DAY_MS;
  const guard = await openGuard(app, SYSTEM);
  let count = 0;
  for (const top of await trashTops(app)) {
    const place = await openTrash(app, top, false).catch(() => null);
    if (!place) continue;
    try {
      for (const { name, note } of await notesOf(place)) {
        if (note.by === null || note.at === null) continue;
        const orphan = await lstat(place.files.at(name)).then(() => false, () => true);
        // A note is written before its entry comes: one of this minute may belong to something under way.
        if (orphan && note.at < app.clock.now() - DAY_MS) await unlink(place.info.at(name + NOTE)).catch(() => {});
        if (orphan || days === 0 || note.at >= before) continue;
        const journal = openJournal();
        await removeOne(place, name, guard, journal).catch((error: unknown) => app.log.warn('trash not expired', { error: error as Error }));
        if (journal.counts.fault) app.log.warn('trash not expired', { path: journal.counts.fault.path });
        else count += 1;
      }
    } finally {
      await place.close();
    }
  }
  return count;
}
