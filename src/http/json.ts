import type { Context } from 'hono';
import type { z } from 'zod';
import { AppError } from '../lib/errors.ts';
import type { Env } from './env.ts';
import { uiOf } from './ui.ts';

/**
 * For the few calls that a script of a page makes (passkeys): JSON in, JSON out, a refusal as `{"error": "…", "field"?: "…"}` in
 * the reader's language. Anything that is no refusal is a bug and goes on to `onError`.
 */
export async function answerJson<S extends z.ZodType>(c: Context<Env>, schema: S, work: (input: z.output<S>) => Promise<object>) {
  try {
    const parsed = schema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) throw new AppError('invalid', (t) => t.errors.badRequest);
    return c.json(await work(parsed.data));
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
    if (error.retryAfter) c.header('retry-after', String(Math.ceil(error.retryAfter)));
    return c.json({ error: error.say(uiOf(c).t), field: error.field }, error.status);
  }
}
