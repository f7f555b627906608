import type { Context } from 'hono';
import type { Env } from './env.ts';

/** The longest that Bun takes. */
const QUIET_S = 255;

/** Before work of which the browser hears nothing until it is done: the connection would be closed after half a minute. */
export const patient = (c: Context<Env>) => c.env.server.timeout(c.req.raw, QUIET_S);
