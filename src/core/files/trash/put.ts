import { constants } from 'node:fs';
import { lstat, open, unlink } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { nameBytes } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { actorName, type Actor, type App } from '../../app.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { renameNew, syncFolder } from '../beside.ts';
import { errnoOf, told } from '../faults.ts';
import { joinPath, NAME_MOST } from '../paths.ts';
import { recordNames, tellChanged } from '../operations/changed.ts';
import { holdSelected, type Selected } from '../operations/delete.ts';
import { exists, numbered } from '../operations/names.ts';
import { openJournal, settle, type Counts } from '../operations/run.ts';
import { NOTE, writeNote } from './note.ts';
import { isInTrash, openTrash, relativePath, topOf, trashId, type TrashPlace } from './place.ts';

export type Trashed = { state: 'done'; counts: Counts; ids: string[] } | { state: 'task'; id: string };

/** A rename each: so many are done while the person waits. */
const AT_ONCE = 500;
const TRIES = 1000;
/** Bytes of a name that leave room for the ending of its note. */
const NAME_ROOM = NAME_MOST - NOTE.length;

/**
 * Moves a selection to the trash of its file system.
 * @throws AppError unavailable with the reason when there can be none: then it can only be deleted for good
 */
export async function moveToTrash(app: App, actor: Actor, input: Selected): Promise<Trashed> {
  const { folder, names } = await holdSelected(app, actor, input);
  let kept = false;
  try {
    const place = await trashFor(app, folder);
    const ids: string[] = [];
    const run = async (task?: TaskContext) => {
      const journal = openJournal(task);
      try {
        await putAll(app, actor, folder, names, place, ids, journal, task);
      } finally {
        await Promise.all([syncFolder(place.info), syncFolder(place.files), syncFolder(folder)]);
        await place.close();
        tellChanged(app, folder.real);
      }
      settle(journal.counts);
      return journal.counts;
    };
    recordNames(app, actor, 'files.trash', folder.real, names);
    if (names.length <= AT_ONCE) return { state: 'done', counts: await run(), ids };
    const id = app.tasks.start(actor, {
      kind: 'files.trash',
      key: `files.trash ${folder.real}`,
      params: { name: names[0]!, count: names.length, from: folder.real },
      steps: ['trash'],
      async run(task) {
        task.step('trash');
        await run(task).finally(() => folder.close());
      },
    });
    kept = true;
    return { state: 'task', id };
  } finally {
    if (!kept) await folder.close();
  }
}

/** Why there can be no trash, in words; a later rename that the file system refuses (overlayfs, quota trees) says the same. */
const impossible = (error: unknown, detail: string) =>
  error instanceof AppError && error.code !== 'unavailable' && error.code !== 'denied'
    ? error
    : new AppError('unavailable', (t) => t.trash.errors.impossible({ why: error instanceof AppError ? error.say(t) : t.files.errors.systemRefuses }), { cause: error, detail, field: 'trash' });

async function trashFor(app: App, folder: PinnedFolder): Promise<TrashPlace> {
  const top = await topOf(app, folder.real);
  if (isInTrash(app, top, folder.real)) throw new AppError('unavailable', (t) => t.trash.errors.already, { field: 'trash' });
  try {
    return (await told(top, () => openTrash(app, top, true)))!;
  } catch (error) {
    throw impossible(error, top);
  }
}

async function putAll(app: App, actor: Actor, folder: PinnedFolder, names: readonly string[], place: TrashPlace, ids: string[], journal: ReturnType<typeof openJournal>, task?: TaskContext) {
  for (const [at, name] of names.entries()) {
    task?.signal.throwIfAborted();
    const real = joinPath(app.host.files.kind, folder.real, name);
    try {
      ids.push(trashId(place.top, await put(app, actor, folder, name, real, place)));
      journal.counts.entries += 1;
    } catch (error) {
      const code = errnoOf(error);
      // The first says it for all: nothing was done yet, and there is another way.
      if (at === 0 && ['EXDEV', 'ENOSPC', 'EDQUOT', 'EROFS'].includes(code)) throw impossible(await told(real, () => Promise.reject(error)).catch((words: unknown) => words), real);
      journal.fault(real, error);
    }
    task?.progress((at + 1) / names.length);
  }
}

/** The note first, as the specification says: a name with a note is taken. @returns its name in the trash */
async function put(app: App, actor: Actor, folder: PinnedFolder, name: string, real: string, place: TrashPlace): Promise<string> {
  await lstat(folder.at(name));
  const text = writeNote({ path: relativePath(app, place.top, real), at: app.clock.now(), by: actorName(actor) });
  const kept = await note(place, name, text);
  try {
    await renameNew(folder, name, place.files, kept);
    return kept;
  } catch (error) {
    await unlink(place.info.at(kept + NOTE)).catch(() => {});
    throw error;
  }
}

async function note(place: TrashPlace, name: string, text: string): Promise<string> {
  for (let n = 1; n < TRIES; n++) {
    const kept = n === 1 && nameBytes(name) <= NAME_ROOM ? name : numbered(name, n, undefined, NAME_ROOM);
    try {
      const handle = await open(place.info.at(kept + NOTE), constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') continue;
      await unlink(place.info.at(kept + NOTE)).catch(() => {});
      throw error;
    }
    if (!(await exists(place.files, kept))) return kept;
    await unlink(place.info.at(kept + NOTE));
  }
  throw new AppError('conflict', (t) => t.files.errors.exists, { detail: name });
}
