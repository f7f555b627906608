import type { MiddlewareHandler } from 'hono';
import type { App } from '../core/app.ts';
import { findSession, findToken } from '../core/sessions/sessions.ts';
import { readSession } from './cookies.ts';
import type { Env } from './env.ts';

export const isApiPath = (path: string) => path.startsWith('/api/v1/') || path === '/api/v1' || path === '/metrics';

/** Finds out who asks: pages by the session cookie, the API by its bearer token and by nothing else. */
export function person(app: App): MiddlewareHandler<Env> {
  return async (c, next) => {
    const bearer = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    c.set('actor', isApiPath(c.req.path) ? findToken(app, bearer, c.get('ip')) : findSession(app, readSession(c), c.get('ip')));
    await next();
  };
}
