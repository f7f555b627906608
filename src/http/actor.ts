import type { Context } from 'hono';
import type { Actor } from '../core/app.ts';
import type { Env } from './env.ts';

/** Who asks, behind `allow()`: there they are known. */
export function actorOf(c: Context<Env>): Actor {
  const actor = c.get('actor');
  if (!actor) throw new Error(`${c.req.path} asks for its actor without allow()`);
  return actor;
}
