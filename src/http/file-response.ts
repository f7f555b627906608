import { create } from 'content-disposition';
import type { Context } from 'hono';
import type { PinnedFile } from '../platform/files.ts';
import type { Env } from './env.ts';
import { holdUntilSent } from './held.ts';
import { spanOf, validatorsOf, weigh } from './validators.ts';

interface Sending {
  /** As the file is called; any text. */
  name: string;
  /** Only for pictures and the like that a page shows; whoever asks for it has made sure of the type. */
  inline?: { type: string };
}

/** Whatever the file is, nothing of it runs in the panel's name (S15). */
export const SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'";

/**
 * RFC 6266 with the name in UTF-8 (RFC 8187). Bytes that are no text and control characters become "_": a header could
 * carry them, and no system would save them.
 */
export const dispositionOf = (name: string, type: 'attachment' | 'inline' = 'attachment') =>
  create(name.replace(/[\u{10ff80}-\u{10ffff}\x00-\x1f\x7f/\\]/gu, '_').toWellFormed(), { type });

/**
 * The bytes of a file without a copy: Bun hands them from the disk to the socket (sendfile, or its own reader under TLS).
 * Conditions and one range are answered as RFC 9110 says. Takes the file over: it is closed when Bun has it.
 *
 * As many bytes are sent as were declared: what is appended meanwhile is left out, and when the file gets shorter
 * Bun breaks the connection, so that nobody takes a piece for the whole.
 */
export function fileResponse(c: Context<Env>, file: PinnedFile, { name, inline }: Sending): Response {
  holdUntilSent(c, file.close);
  const { headers: asked } = c.req.raw;
  const { size } = file.stats;
  const found = validatorsOf(file.stats, c.get('app').clock.now());
  const headers = new Headers({ 'accept-ranges': 'bytes', etag: found.etag, 'cache-control': 'private, no-cache' });
  if (found.lastModified) headers.set('last-modified', found.lastModified);
  const verdict = weigh(asked, found);
  if (verdict !== 'go') return new Response(null, { status: verdict === 'failed' ? 412 : 304, headers });
  const span = spanOf(asked, found, size);
  if (span === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set('content-type', inline?.type ?? 'application/octet-stream');
  headers.set('content-disposition', dispositionOf(name, inline ? 'inline' : 'attachment'));
  headers.set('content-security-policy', SANDBOX);
  const { first, last } = span === 'whole' ? { first: 0, last: size - 1 } : span;
  if (span !== 'whole') headers.set('content-range', `bytes ${first}-${last}/${size}`);
  headers.set('content-length', String(last - first + 1));
  const body = c.req.method === 'HEAD' ? null : Bun.file(file.at).slice(first, last + 1);
  return new Response(body, { status: span === 'whole' ? 200 : 206, headers });
}
