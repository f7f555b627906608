import type { Context } from 'hono';
import type { ArchiveFormat, ArchiveStream } from '../core/files/downloads/archive.ts';
import type { Env } from './env.ts';
import { dispositionOf, SANDBOX } from './file-response.ts';

const TYPES: Record<ArchiveFormat, string> = { zip: 'application/zip', tar: 'application/x-tar' };

/** The longest that Bun takes (255 s): a slow disk may think for a while between two pieces. */
const QUIET_S = 255;

/** An archive on its way: nobody knows its length before its end, and no part of it can be asked for. */
export function archiveResponse(c: Context<Env>, { name, body }: ArchiveStream, format: ArchiveFormat): Response {
  c.env.server.timeout(c.req.raw, QUIET_S);
  const headers = { 'content-type': TYPES[format], 'content-disposition': dispositionOf(name), 'content-security-policy': SANDBOX, 'accept-ranges': 'none' };
  if (c.req.method === 'HEAD') {
    void body.cancel();
    return new Response(null, { headers });
  }
  return new Response(body, { headers });
}
