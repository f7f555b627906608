import { z } from 'zod';
import { createShare, listShares, NewShare, removeShare } from '../../core/files/shares/shares.ts';
import { endpoint } from '../endpoint.ts';
import { MaybeTime, means, Time } from '../schemas.ts';

const Share = z
  .object({
    id: means(z.uuid(), 'shareId'),
    path: z.string(),
    by: means(z.string(), 'shareBy'),
    password: means(z.boolean(), 'sharePassword'),
    createdAt: Time,
    expiresAt: MaybeTime,
    downloadsMost: means(z.number().int().nullable(), 'shareMost'),
    downloads: z.number().int(),
    over: means(z.boolean(), 'shareOver'),
  })
  .meta({ id: 'Share' });

const { shape } = NewShare;

/** Links that give one file or folder to people without an account. */
export const fileShares = [
  endpoint({
    id: 'files.shares.list', method: 'get', path: '/files/shares', permission: 'files.read', status: 200,
    response: z.object({ items: z.array(Share) }),
    run: (app, actor) => ({ items: listShares(app, actor) }),
  }),
  endpoint({
    id: 'files.shares.create', method: 'post', path: '/files/shares', permission: 'files.write', status: 201,
    body: z.strictObject({
      path: means(shape.path, 'sharePath'),
      expiresInHours: means(shape.expiresInHours, 'shareHours'),
      password: means(shape.password, 'shareSetPassword'),
      downloadsMost: means(shape.downloadsMost, 'shareMost'),
    }),
    response: z.object({ id: means(z.uuid(), 'shareId'), url: means(z.string(), 'shareUrl'), path: z.string(), expiresAt: MaybeTime }),
    refusals: ['not_found', 'conflict', 'unavailable'],
    example: { body: { path: '/srv/www/report.pdf', expiresInHours: 24, downloadsMost: 3 } },
    async run(app, actor, { body }, c) {
      const { id, token, path, expiresAt } = await createShare(app, actor, body);
      return { id, url: `${c.get('origin')}/s/${token}`, path, expiresAt };
    },
  }),
  endpoint({
    id: 'files.shares.remove', method: 'delete', path: '/files/shares/{id}', permission: 'files.write', status: 204,
    params: z.strictObject({ id: means(z.uuid(), 'shareId') }),
    run: (app, actor, { params }) => void removeShare(app, actor, params.id),
  }),
];
