import type { Context } from 'hono';
import type { ContainerFile } from '../core/containers/files/read.ts';
import { AppError } from '../lib/errors.ts';
import { streamOf } from '../lib/stream-of.ts';
import type { Env } from './env.ts';
import { dispositionOf, SANDBOX } from './file-response.ts';

/** The longest that Bun takes (255 s): an engine may think for a while between two pieces. */
const QUIET_S = 255;

const headersOf = (name: string, type: string) => new Headers({ 'content-type': type, 'content-disposition': dispositionOf(name), 'content-security-policy': SANDBOX, 'accept-ranges': 'none', 'cache-control': 'no-store' });

/** The bytes of a file as they come. One that gets shorter breaks off, so that nobody takes a piece for the whole. */
export function containerFileResponse(c: Context<Env>, file: ContainerFile): Response {
  const headers = headersOf(file.name, 'application/octet-stream');
  // Only a HEAD tells it: Bun (1.4) sends what comes as a stream without its length.
  if (file.size !== null) headers.set('content-length', String(file.size));
  if (c.req.method === 'HEAD') {
    file.close();
    return new Response(null, { headers });
  }
  c.env.server.timeout(c.req.raw, QUIET_S);
  return new Response(streamOf(file.bytes), { headers });
}

/** A folder as the engine packs it. */
export function containerTarResponse(c: Context<Env>, { name, tar }: { name: string; tar: AsyncIterable<Uint8Array> & { destroy?(): void } }, as: 'tar' | 'tar.gz'): Response {
  const headers = headersOf(`${name}.${as}`, as === 'tar' ? 'application/x-tar' : 'application/gzip');
  if (c.req.method === 'HEAD') {
    tar.destroy?.();
    return new Response(null, { headers });
  }
  c.env.server.timeout(c.req.raw, QUIET_S);
  const plain = streamOf(tar);
  return new Response(as === 'tar' ? plain : plain.pipeThrough(new CompressionStream('gzip') as never), { headers });
}

/** How many bytes follow, as the request says. @throws AppError invalid where it does not */
export function bodyLength(c: Context<Env>): number {
  const text = c.req.header('content-length') ?? '';
  const size = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(size)) throw new AppError('invalid', (t) => t.containerFiles.errors.length);
  return size;
}
