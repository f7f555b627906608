import { z } from 'zod';
import { writeContent, type Expected } from '../../core/files/text/content.ts';
import { validatorsOf } from '../../http/validators.ts';
import { AppError } from '../../lib/errors.ts';
import { endpoint } from '../endpoint.ts';
import { means, Time } from '../schemas.ts';

const Written = z
  .object({
    path: means(z.string(), 'contentPath'),
    size: z.number().int(),
    sha256: means(z.string(), 'contentSha256'),
    etag: means(z.string(), 'contentEtag'),
    modified: Time,
  })
  .meta({ id: 'FileWritten' });

/** Bytes of a file, written by a program; reading them is with the downloads. */
export const fileContent = [
  endpoint({
    id: 'files.write', method: 'put', path: '/files/content', permission: 'files.write', status: 200,
    query: z.strictObject({ path: means(z.string().min(1).max(300_000), 'filePath') }),
    headers: z.object({ 'if-match': means(z.string().max(1000).optional(), 'contentIfMatch'), 'if-none-match': means(z.literal('*').optional(), 'contentIfNoneMatch') }),
    takes: 'application/octet-stream', response: Written, refusals: ['conflict', 'not_found', 'unavailable'],
    example: { query: 'path=/srv/www/index.html' },
    async run(app, actor, { query, headers }, c) {
      const { path, size, sha256, stats } = await writeContent(app, actor, query.path, expectedOf(headers, app.clock.now()), c.req.raw.body);
      const { etag } = validatorsOf(stats, app.clock.now());
      c.header('etag', etag);
      return { path, size, sha256, etag, modified: Math.floor(stats.mtimeMs) };
    },
  }),
];

/**
 * `If-Match` takes the ETag of the download, or the SHA-256 of the contents in quotes, which also holds for a file that
 * was written in this very second (its ETag is weak, and weak tags match nothing: RFC 9110, 13.1.1).
 */
function expectedOf(headers: { 'if-match'?: string | undefined; 'if-none-match'?: '*' | undefined }, now: number): Expected {
  const match = headers['if-match']?.trim();
  if (match === undefined && headers['if-none-match'] === '*') return 'nothing';
  if (match === undefined) throw new AppError('invalid', (t) => t.editor.errors.needsMatch, { field: 'if-match' });
  if (match === '*') return 'anything';
  const sha256 = /^"([0-9a-f]{64})"$/.exec(match)?.[1];
  if (sha256) return { sha256 };
  const tags = match.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return { matches: (stats) => tags.some((tag) => !tag.startsWith('W/') && tag === validatorsOf(stats, now).etag) };
}
