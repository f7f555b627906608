import type { MiddlewareHandler } from 'hono';
import { compress as pack } from './asset-files.ts';
import { chooseEncoding, encodings } from './encoding.ts';
import type { Env } from './env.ts';

/** Below this the headers weigh more than what is saved. */
const LEAST = 1400;

/**
 * Pages and JSON, compressed for the way: a dashboard is 96 KB of text and 23 KB on the wire. Event streams, downloads
 * and assets (which are compressed already) pass by.
 *
 * Guessing secrets from lengths (BREACH) needs a foreign page that makes the browser ask with its cookie; `SameSite=Strict`
 * keeps the cookie at home.
 */
export function compress(): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next();
    const { headers, status } = c.res;
    if (!/^(text\/html|application\/(problem\+)?json)\b/.test(headers.get('content-type') ?? '')) return;
    if (headers.has('content-encoding') || !c.res.body || c.req.method === 'HEAD') return;
    headers.append('vary', 'Accept-Encoding');
    const encoding = chooseEncoding(c.req.header('accept-encoding') ?? null, encodings);
    if (encoding === 'identity') return;
    const body = Buffer.from(await c.res.arrayBuffer());
    const small = body.length < LEAST;
    const kept = new Headers(headers);
    if (!small) {
      kept.set('content-encoding', encoding);
      kept.delete('content-length');
    }
    c.res = undefined;
    c.res = new Response(small ? body : pack(body, encoding, 'fast'), { status, headers: kept });
  };
}
