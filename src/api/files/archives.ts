import { z } from 'zod';
import { readContents } from '../../core/files/archives/contents.ts';
import { createArchive, ENCRYPTIONS } from '../../core/files/archives/create.ts';
import { extract } from '../../core/files/archives/extract.ts';
import { ARCHIVE_FORMATS } from '../../core/files/archives/formats.ts';
import { NAME_ENCODINGS } from '../../core/files/archives/names.ts';
import { endpoint } from '../endpoint.ts';
import { Bytes, MaybeTime, means } from '../schemas.ts';

const Path = means(z.string().min(1).max(300_000), 'filePath');
const Password = means(z.string().max(1000).optional(), 'archivePassword');
const Encoding = means(z.enum(NAME_ENCODINGS).default('auto'), 'archiveEncoding');
const Started = z.object({ task: means(z.uuid(), 'taskId') }).meta({ id: 'FilesTask' });

const Create = z.strictObject({
  folder: Path,
  names: means(z.array(z.string().min(1).max(1000)).min(1).max(10_000), 'archiveNames'),
  name: means(z.string().min(1).max(1000), 'archiveName'),
  format: z.enum(ARCHIVE_FORMATS),
  password: Password,
  encryption: z.enum(ENCRYPTIONS).default('aes'),
});

const Extract = z.strictObject({
  path: Path,
  to: means(z.string().min(1).max(300_000), 'archiveTo'),
  into: means(z.string().max(1000).default(''), 'archiveInto'),
  conflict: means(z.enum(['replace', 'keep-both', 'skip']).default('keep-both'), 'archiveConflict'),
  password: Password,
  encoding: Encoding,
  special: means(z.boolean().default(false), 'archiveSpecial'),
  large: means(z.boolean().default(false), 'archiveLarge'),
});

export const fileArchives = [
  endpoint({
    id: 'files.archive', method: 'post', path: '/files/archive', permission: 'files.write', status: 202,
    body: Create, response: Started, refusals: ['conflict', 'not_found'],
    example: { body: { folder: '/srv', names: ['www'], name: 'www.tar.gz', format: 'tar.gz' } },
    run: async (app, actor, { body }) => ({ task: await createArchive(app, actor, body) }),
  }),
  endpoint({
    id: 'files.extract', method: 'post', path: '/files/extract', permission: 'files.write', status: 202,
    body: Extract, response: Started, refusals: ['conflict', 'not_found', 'unsupported'],
    example: { body: { path: '/srv/www.tar.gz', to: '/srv', into: 'www' } },
    run: async (app, actor, { body }) => ({ task: await extract(app, actor, body) }),
  }),
  endpoint({
    id: 'files.archive_contents', method: 'get', path: '/files/archive/contents', permission: 'files.read', status: 200,
    query: z.strictObject({ path: Path, encoding: Encoding, limit: means(z.coerce.number().int().min(1).max(10_000).default(1000), 'limit') }),
    response: z
      .object({
        format: z.string(),
        items: z.array(z.object({
          name: means(z.string(), 'archiveEntry'), type: z.enum(['file', 'folder', 'link', 'hard-link', 'special']), size: Bytes, modified: MaybeTime, encrypted: z.boolean(),
          refused: means(z.string().nullable(), 'archiveRefused'),
        })),
        total: means(z.number().int(), 'total'),
        bytes: Bytes,
        cut: means(z.boolean(), 'archiveCut'),
      })
      .meta({ id: 'ArchiveContents' }),
    refusals: ['not_found', 'unsupported'],
    example: { query: 'path=/srv/www.zip' },
    async run(app, actor, { query }, c) {
      const { format, entries, total, bytes, cut } = await readContents(app, actor, query.path, { encoding: query.encoding, most: query.limit, signal: c.req.raw.signal });
      return { format, items: entries, total, bytes, cut };
    },
  }),
];
