import type { MiddlewareHandler } from 'hono';
import type { App } from '../core/app.ts';
import { hasUsers } from '../core/users/users.ts';
import { AppError } from '../lib/errors.ts';
import type { Env } from './env.ts';
import { isApiPath } from './api-path.ts';

/** Until there is an administrator, set-up is the only page. */
export function setupGate(app: App): MiddlewareHandler<Env> {
  // Once true it stays true: the last administrator cannot be removed.
  let ready = false;
  return async (c, next) => {
    ready ||= hasUsers(app);
    const path = c.req.path;
    if (ready || path === '/setup' || path === '/preferences') return next();
    if (isApiPath(path) || c.req.method !== 'GET') throw new AppError('unavailable', (t) => t.setup.needed);
    return c.redirect('/setup', 303);
  };
}
