import type { MiddlewareHandler } from 'hono';
import type { App } from '../core/app.ts';
import { findSession, findToken } from '../core/sessions/sessions.ts';
import { isApiPath } from './api-path.ts';
import { readSession } from './cookies.ts';
import type { Env } from './env.ts';
import { langOf } from './lang.ts';

/** Finds out who asks: pages by the session cookie, the API by its bearer token and by nothing else. */
export function person(app: App): MiddlewareHandler<Env> {
  return async (c, next) => {
    const bearer = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    const found = isApiPath(c.req.path) ? findToken(app, bearer, c.get('ip')) : findSession(app, readSession(c), c.get('ip'));
    c.set('actor', found && { ...found, lang: langOf(c) });
    await next();
  };
}
