import { z } from 'zod';
import { deleteFromTrash } from '../../core/files/trash/empty.ts';
import { allTrash, listTrash, TRASH_FIELDS } from '../../core/files/trash/list.ts';
import { restoreFromTrash } from '../../core/files/trash/restore.ts';
import { listFields, pageQuery } from '../../http/list.ts';
import type { Messages } from '../../i18n/en.ts';
import { AppError } from '../../lib/errors.ts';
import { endpoint } from '../endpoint.ts';
import { answer, collection, MaybeTime, means } from '../schemas.ts';
import { answerOf, Conflict, Done, inTheWay } from './operations.ts';

const Id = z.string().min(1).max(4096);
const Ids = means(z.array(Id).min(1).max(10_000), 'trashIds');

const Trashed = z
  .object({
    id: means(Id, 'trashId'),
    name: z.string(),
    folder: means(z.string(), 'trashFolder'),
    type: z.enum(['file', 'dir', 'link', 'other']),
    size: means(z.number().nullable(), 'trashSize'),
    deletedAt: MaybeTime,
    by: means(z.string().nullable(), 'trashBy'),
    volume: means(z.string(), 'trashVolume'),
  })
  .meta({ id: 'Trashed' });

export const fileTrash = [
  endpoint({
    id: 'files.trash', method: 'get', path: '/files/trash', permission: 'files.read', status: 200,
    query: z.strictObject(listFields(TRASH_FIELDS, '-deletedAt')),
    response: collection(Trashed),
    example: { query: 'limit=20' },
    async run(app, actor, { query }) {
      const found = await listTrash(app, actor, pageQuery(query));
      return answer({ ...found, items: found.items.map((row) => ({ ...row, type: row.type === 'folder' ? ('dir' as const) : row.type })) }, query.sort);
    },
  }),
  endpoint({
    id: 'files.restore', method: 'post', path: '/files/trash/restore', permission: 'files.write', status: 200,
    body: z.strictObject({ ids: Ids, conflict: Conflict, recreate: means(z.boolean().default(false), 'trashRecreate') }),
    response: Done, refusals: ['conflict', 'not_found', 'unavailable'],
    async run(app, actor, { body }) {
      const found = await restoreFromTrash(app, actor, body);
      if (found.state === 'conflicts') throw inTheWay(found.conflicts.map((item) => item.path));
      if (found.state === 'missing') throw new AppError('conflict', (t) => t.trash.missingTitle, { field: 'recreate', issues: found.folders.slice(0, 100).map((field) => ({ field, say: (t: Messages) => t.trash.errors.chooseRecreate })) });
      return answerOf(found);
    },
  }),
  endpoint({
    id: 'files.empty', method: 'post', path: '/files/trash/empty', permission: 'files.write', status: 200,
    body: z.strictObject({ ids: means(z.array(Id).min(1).max(10_000).optional(), 'trashEmptyIds') }),
    response: Done, refusals: ['not_found', 'unavailable'],
    async run(app, actor, { body }) {
      const ids = body.ids ?? (await allTrash(app, actor)).map((row) => row.id);
      if (ids.length === 0) return { task: null, entries: 0, bytes: 0, skipped: 0 };
      return answerOf(await deleteFromTrash(app, actor, ids));
    },
  }),
];
