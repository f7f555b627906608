import type { MiddlewareHandler } from 'hono';
import type { App } from '../core/app.ts';
import { AppError } from '../lib/errors.ts';
import { isEnginePath } from '../views/docker/paths.ts';
import type { Env } from './env.ts';

/** What a page calls the engine of this machine. */
const HERE = 'here';
const HEADER = 'mantou-engine';

/**
 * Pages about containers say which engine they show, and what they send must be meant for the one that is chosen: somebody may
 * have switched since, and `data` is a volume of both. Programs, and browsers without scripts, say nothing.
 */
export function engineSeen(app: App): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!isEnginePath(c.req.path)) return next();
    const now = app.engines.chosen() ?? HERE;
    const meant = c.req.header(HEADER) ?? c.req.query('engine');
    if (c.req.method !== 'GET' && meant !== undefined && meant !== now) {
      const name = app.engines.chosenName();
      throw new AppError('conflict', (t) => t.endpoints.moved({ name: name ?? t.endpoints.here }));
    }
    await next();
    // Of pages only: a stream is sent as it was made.
    if (c.res.headers.get('content-type')?.startsWith('text/html')) c.res.headers.set(HEADER, now);
  };
}

/** For the page itself. */
export const engineOf = (app: App) => app.engines.chosen() ?? HERE;
