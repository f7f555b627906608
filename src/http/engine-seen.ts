import type { MiddlewareHandler } from 'hono';
import type { App } from '../core/app.ts';
import { AppError } from '../lib/errors.ts';
import { isEngineCall, isEnginePath } from '../views/docker/paths.ts';
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
    const changes = c.req.method !== 'GET' && c.req.method !== 'HEAD';
    if (changes && isEngineCall(c.req.path)) return held(app, next);
    if (!isEnginePath(c.req.path)) return next();
    const now = app.engines.chosen() ?? HERE;
    const meant = c.req.header(HEADER) ?? c.req.query('engine');
    if (changes && meant !== undefined && meant !== now) {
      const name = app.engines.chosenName();
      throw new AppError('conflict', (t) => t.endpoints.moved({ name: name ?? t.endpoints.here }));
    }
    await (changes ? held(app, next) : next());
    // Of pages only: a stream is sent as it was made.
    if (c.res.headers.get('content-type')?.startsWith('text/html')) c.res.headers.set(HEADER, now);
  };
}

/** Between a question and what follows from it the engine stays the same. */
async function held(app: App, next: () => Promise<void>) {
  const release = app.engines.hold();
  try {
    await next();
  } finally {
    release();
  }
}

/** For the page itself. */
export const engineOf = (app: App) => app.engines.chosen() ?? HERE;
