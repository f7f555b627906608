import { z } from 'zod';
import { checksumsOf } from '../../core/files/checksums/checksums.ts';
import { openFile } from '../../core/files/entry.ts';
import { FetchInput, startFetch } from '../../core/files/fetches/fetch.ts';
import { baseOf } from '../../core/files/paths.ts';
import { fileResponse } from '../../http/file-response.ts';
import { endpoint } from '../endpoint.ts';
import { Bytes, means } from '../schemas.ts';

const PathQuery = z.strictObject({ path: means(z.string().min(1).max(300_000), 'filePath') });

/** Bytes of files on their way out, what proves them, and files on their way in from elsewhere. */
export const fileDownloads = [
  endpoint({
    id: 'files.content', method: 'get', path: '/files/content', permission: 'files.read', status: 200, also: [206, 304],
    query: PathQuery,
    headers: z.object({
      range: means(z.string().max(1000).optional(), 'headerRange'),
      'if-range': means(z.string().max(1000).optional(), 'headerIfRange'),
      'if-none-match': means(z.string().max(10_000).optional(), 'headerIfNoneMatch'),
    }),
    gives: 'application/octet-stream', refusals: ['not_found'],
    example: { query: 'path=/var/log/syslog' },
    async run(app, actor, { query: { path } }, c) {
      const file = await openFile(app, actor, path);
      return fileResponse(c, file, { name: baseOf(app.host.files.kind, file.real) });
    },
  }),
  endpoint({
    id: 'files.checksum', method: 'get', path: '/files/checksum', permission: 'files.read', status: 200,
    query: PathQuery, refusals: ['not_found', 'conflict', 'unavailable'],
    response: z.object({ sha256: z.string(), sha1: z.string(), md5: z.string(), size: Bytes }).meta({ id: 'Checksums' }),
    example: { query: 'path=/usr/bin/env' },
    run(app, actor, { query: { path } }, c) {
      // The first byte comes when the last of the file has been read.
      c.env.server.timeout(c.req.raw, 0);
      return checksumsOf(app, actor, path, { signal: c.req.raw.signal });
    },
  }),
  endpoint({
    id: 'files.fetch', method: 'post', path: '/files/fetch', permission: 'files.write', status: 202,
    body: z.strictObject({
      folder: means(FetchInput.shape.folder, 'fetchFolder'),
      url: means(FetchInput.shape.url, 'fetchUrl'),
      name: means(FetchInput.shape.name, 'fetchName'),
      conflict: means(FetchInput.shape.conflict, 'fileConflict'),
    }),
    response: z.object({ task: means(z.uuid(), 'taskId') }), refusals: ['not_found', 'conflict'],
    example: { body: { folder: '/srv/www', url: 'https://example.org/release.tar.gz' } },
    run: async (app, actor, { body }) => ({ task: await startFetch(app, actor, body) }),
  }),
];
