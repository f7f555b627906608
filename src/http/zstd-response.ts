import type { Context } from 'hono';
import { streamOf } from '../lib/stream-of.ts';
import type { Env } from './env.ts';
import { dispositionOf, SANDBOX } from './file-response.ts';
import { patient } from './patient.ts';

/** A compressed tar that is made while it is read: nobody knows its length, and whoever goes away ends it. */
export async function zstdResponse(c: Context<Env>, { name, body }: { name: string; body: AsyncIterable<Buffer> }): Promise<Response> {
  patient(c);
  const headers = { 'content-type': 'application/zstd', 'content-disposition': dispositionOf(name), 'content-security-policy': SANDBOX, 'accept-ranges': 'none' };
  if (c.req.method !== 'HEAD') return new Response(streamOf(body), { headers });
  await body[Symbol.asyncIterator]().return?.();
  return new Response(null, { headers });
}
