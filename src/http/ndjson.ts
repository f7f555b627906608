import type { Context } from 'hono';
import { streamOf } from '../lib/stream-of.ts';
import type { Env } from './env.ts';

export const NDJSON = 'application/x-ndjson';
const HEADERS = { 'content-type': `${NDJSON}; charset=utf-8`, 'x-accel-buffering': 'no' };

/** A line for each value; '' for none. */
export const ndjsonLines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** All that there is, at once. */
export const ndjsonResponse = (values: readonly unknown[]) => new Response(ndjsonLines(values), { headers: { 'content-type': HEADERS['content-type'] } });

/** A body that goes on for a while and that nobody holds: a quiet connection stays open. */
export function ndjsonBody(c: Context<Env>, body: ReadableStream<Uint8Array>): Response {
  // Bun closes a connection on which nothing comes for 10 s.
  c.env.server.timeout(c.req.raw, 0);
  return new Response(body, { headers: HEADERS });
}

/**
 * Lines as they come, for days if need be: it ends with its reader and with the token (S10), and a token has no more of them than
 * of other streams. @param open throws what is refused before the first line
 */
export async function ndjsonStream(c: Context<Env>, open: (signal: AbortSignal) => Promise<AsyncIterable<readonly unknown[]>>): Promise<Response> {
  // Nobody would read, or end, what is sent for it.
  if (c.req.method === 'HEAD') return new Response(null, { headers: HEADERS });
  const over = new AbortController();
  const letGo = c.get('streams').hold(c, () => over.abort());
  const signal = AbortSignal.any([c.req.raw.signal, over.signal]);
  signal.addEventListener('abort', letGo, { once: true });
  // What takes its time to begin is not closed meanwhile either.
  c.env.server.timeout(c.req.raw, 0);
  try {
    return ndjsonBody(c, streamOf(encode(await open(signal), letGo)));
  } catch (error) {
    letGo();
    throw error;
  }
}

/** The head of an answer goes with its first bytes: a blank line, which readers of NDJSON skip. */
export const FIRST_LINE = new TextEncoder().encode('\n');

async function* encode(portions: AsyncIterable<readonly unknown[]>, done: () => void): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  try {
    yield FIRST_LINE;
    for await (const values of portions) if (values.length) yield encoder.encode(ndjsonLines(values));
  } finally {
    done();
  }
}
