import type { MiddlewareHandler } from 'hono';
import { AppError } from '../lib/errors.ts';
import type { Env } from './env.ts';

/** A form or JSON of the panel is far smaller. */
const MOST = 1 << 20;
/** What takes more: uploads as they come, and texts of the editor, which may be 5 MiB in another encoding and escaped. */
const LIMITS: readonly [RegExp, number][] = [
  [/^\/(api\/v1\/)?files\/upload(\/|$)/, Infinity],
  [/^\/api\/v1\/files\/content$/, Infinity],
  // Lists of addresses.
  [/^\/(api\/v1\/)?firewall\/blocks\/import$/, 32 << 20],
  // Archives of images, handed on to the engine.
  [/^\/(api\/v1\/)?images\/load$/, Infinity],
  [/^\/(volumes\/-|api\/v1\/volumes\/[^/]+)\/backups\/upload$/, Infinity],
  [/^\/(api\/v1\/)?containers\/[^/]+\/files\/content$/, Infinity],
  [/^\/(files\/text|containers\/[^/]+\/files\/edit)$/, 32 << 20],
  // Names of a selection: 100,000 take a few MiB.
  [/^\/files\/(selections|names\/present)$/, 32 << 20],
];
/** As long as a phone on a bad line may take; Bun itself ends a connection only when nothing at all comes. */
const WAIT_MS = 30_000;

/**
 * Takes the whole body in before anybody asks who sent it. A request that is begun with a good session and ended drop
 * by drop after the session is over would otherwise still be done with its rights (S10); and none may stay half sent.
 */
export function wholeBody({ most: usual = MOST, waitMs: usualMs = WAIT_MS } = {}): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { body, method, headers } = c.req.raw;
    const most = LIMITS.find(([path]) => path.test(c.req.path))?.[1] ?? usual;
    // A route that takes a stream watches the session itself while it comes.
    if (most === Infinity) return next();
    const waitMs = most === usual ? usualMs : usualMs * 4;
    // What comes with a GET means nothing here: nobody reads it.
    if (!body || method === 'GET' || method === 'HEAD') return next();
    if (Number(headers.get('content-length') ?? 0) > most) throw tooLarge();
    const bytes = await readAll(body, most, waitMs);
    c.req.raw = new Request(c.req.raw, { body: bytes });
    await next();
  };
}

async function readAll(body: ReadableStream<Uint8Array>, most: number, waitMs: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void reader.cancel().catch(() => {});
  }, waitMs);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length;
      if (size > most) throw tooLarge();
      pieces.push(next.value);
    }
  } catch (cause) {
    void reader.cancel().catch(() => {});
    throw cause instanceof AppError ? cause : broken(cause);
  } finally {
    clearTimeout(timer);
  }
  if (late) throw broken();
  return Buffer.concat(pieces);
}

const tooLarge = () => new AppError('invalid', (t) => t.errors.tooLarge);
/** The sender went away or takes for ever. */
const broken = (cause?: unknown) => new AppError('invalid', (t) => t.errors.badRequest, { cause });
