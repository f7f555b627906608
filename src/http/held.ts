import type { Context, MiddlewareHandler } from 'hono';
import type { Env } from './env.ts';

type Close = () => Promise<void>;

const held = new WeakMap<Context<Env>, Close[]>();

/**
 * Keeps something open until the server has taken the answer over: Bun opens the file of a `new Response(Bun.file(…))`
 * only then (seen in 1.4.5, with and without TLS), and `/proc/self/fd/N` means something only while N is open.
 */
export function holdUntilSent(c: Context<Env>, close: Close) {
  const mine = held.get(c);
  if (mine) mine.push(close);
  else held.set(c, [close]);
}

/** Outermost of all, as after it nothing may wait any more: Bun takes the answer in the very turn in which it is there. */
export function letGo(): MiddlewareHandler<Env> {
  return async (c, next) => {
    try {
      await next();
    } finally {
      const closers = held.get(c);
      if (closers) setImmediate(() => closers.forEach((close) => void close().catch(() => {})));
    }
  };
}
