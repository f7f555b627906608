import type { Context } from 'hono';
import { streamOf } from '../lib/stream-of.ts';
import type { DockerStream } from '../platform/docker.ts';
import type { Env } from './env.ts';
import { dispositionOf, SANDBOX } from './file-response.ts';
import { patient } from './patient.ts';

/** A tar that a container engine writes, on its way: nobody knows its length, and whoever goes away ends it. */
export function tarResponse(c: Context<Env>, { name, body }: { name: string; body: DockerStream }): Response {
  // An engine packs a large layer before its first byte.
  patient(c);
  const headers = { 'content-type': 'application/x-tar', 'content-disposition': dispositionOf(name), 'content-security-policy': SANDBOX, 'accept-ranges': 'none' };
  if (c.req.method !== 'HEAD') return new Response(streamOf(body), { headers });
  body.destroy();
  return new Response(null, { headers });
}
