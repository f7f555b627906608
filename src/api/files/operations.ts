import { z } from 'zod';
import type { Actor, App } from '../../core/app.ts';
import { deleteForGood } from '../../core/files/operations/delete.ts';
import { makeFolder } from '../../core/files/operations/make.ts';
import { renameEntry } from '../../core/files/operations/rename.ts';
import { transfer } from '../../core/files/operations/transfer.ts';
import { baseOf, joinPath, normalPath, parentOf } from '../../core/files/paths.ts';
import { moveToTrash } from '../../core/files/trash/put.ts';
import { CONFLICT_POLICIES } from '../../db/schema/files.ts';
import type { Messages } from '../../i18n/en.ts';
import { AppError } from '../../lib/errors.ts';
import { shownName } from '../../lib/file-name.ts';
import { endpoint } from '../endpoint.ts';
import { Bytes, means } from '../schemas.ts';

const Path = z.string().min(1).max(300_000);
const Name = z.string().min(1).max(1000);
const Selected = {
  folder: means(Path, 'fileFolder'),
  names: means(z.array(Name).min(1).max(10_000), 'fileNames'),
};
export const Conflict = means(z.enum(CONFLICT_POLICIES).default('ask'), 'fileConflict');

/** What was done at once; or the task that does it, and zeros. */
export const Done = z
  .object({
    task: means(z.string().nullable(), 'fileTask'),
    entries: means(z.number().int(), 'fileEntries'),
    bytes: Bytes,
    skipped: means(z.number().int(), 'fileSkipped'),
  })
  .meta({ id: 'FilesDone' });

export const answerOf = (found: { state: 'task'; id: string } | { state: 'done'; counts: { entries: number; bytes: number; skipped: number } }) =>
  found.state === 'task' ? { task: found.id, entries: 0, bytes: 0, skipped: 0 } : { task: null, entries: found.counts.entries, bytes: found.counts.bytes, skipped: found.counts.skipped };

const Transfer = z.strictObject({ ...Selected, to: means(Path, 'fileTo'), as: means(Name.optional(), 'fileAs'), conflict: Conflict });

async function run(app: App, actor: Actor, move: boolean, { folder, names, to, as, conflict }: z.output<typeof Transfer>) {
  const found = await transfer(app, actor, { move, folder, names, to, rename: as, conflict });
  if (found.state !== 'conflicts') return answerOf(found);
  throw inTheWay(found.conflicts.items.map((item) => item.path));
}

/** Nothing was done: each name that is taken, and what may be said about it. */
export const inTheWay = (paths: readonly string[]) =>
  new AppError('conflict', (t) => t.files.errors.exists, { field: 'conflict', issues: paths.slice(0, 100).map((path) => ({ field: shownName(path), say: (t: Messages) => t.transfers.errors.chooseConflict })) });

export const fileOperations = [
  endpoint({
    id: 'files.mkdir', method: 'post', path: '/files/folders', permission: 'files.write', status: 201,
    body: z.strictObject({ path: means(Path, 'fileNewFolder') }),
    response: z.object({ path: Path }), refusals: ['conflict', 'not_found', 'unavailable'],
    example: { body: { path: '/srv/www/new' } },
    async run(app, actor, { body }) {
      const { kind } = app.host.files;
      const path = normalPath(kind, body.path);
      return { path: await makeFolder(app, actor, { folder: parentOf(kind, path), name: baseOf(kind, path) }) };
    },
  }),
  endpoint({
    id: 'files.rename', method: 'post', path: '/files/rename', permission: 'files.write', status: 200,
    body: z.strictObject({ path: means(Path, 'filePath'), name: means(Name, 'fileNewName') }),
    response: z.object({ path: Path }), refusals: ['conflict', 'not_found', 'unavailable'],
    example: { body: { path: '/srv/www/old.txt', name: 'new.txt' } },
    async run(app, actor, { body }) {
      const { kind } = app.host.files;
      const path = normalPath(kind, body.path);
      const folder = parentOf(kind, path);
      await renameEntry(app, actor, { folder, name: baseOf(kind, path), to: body.name });
      return { path: joinPath(kind, folder, body.name) };
    },
  }),
  endpoint({
    id: 'files.copy', method: 'post', path: '/files/copy', permission: 'files.write', status: 200,
    body: Transfer, response: Done, refusals: ['conflict', 'not_found', 'unavailable'],
    example: { body: { folder: '/srv/www', names: ['index.html'], to: '/srv/backup', conflict: 'keep-both' } },
    run: (app, actor, { body }) => run(app, actor, false, body),
  }),
  endpoint({
    id: 'files.move', method: 'post', path: '/files/move', permission: 'files.write', status: 200,
    body: Transfer, response: Done, refusals: ['conflict', 'not_found', 'unavailable'],
    example: { body: { folder: '/srv/www', names: ['index.html'], to: '/srv/old' } },
    run: (app, actor, { body }) => run(app, actor, true, body),
  }),
  endpoint({
    id: 'files.delete', method: 'post', path: '/files/delete', permission: 'files.write', status: 200,
    body: z.strictObject({ ...Selected, forever: means(z.boolean().default(false), 'fileForever') }),
    response: Done.extend({ trash: means(z.array(z.string()), 'trashIds') }).meta({ id: 'FilesDeleted' }),
    refusals: ['conflict', 'not_found', 'unavailable'],
    example: { body: { folder: '/srv/www', names: ['old.txt'] } },
    async run(app, actor, { body: { forever, ...selected } }) {
      if (forever) return { ...answerOf(await deleteForGood(app, actor, selected)), trash: [] };
      const found = await moveToTrash(app, actor, selected);
      return { ...answerOf(found), trash: found.state === 'done' ? found.ids : [] };
    },
  }),
];
