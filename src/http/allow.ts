import type { Context, Hono, MiddlewareHandler } from 'hono';
import { can, type Permission } from '../core/access.ts';
import { AppError } from '../lib/errors.ts';
import { Onward } from '../views/signin/onward.tsx';
import type { Env } from './env.ts';
import { page } from './respond.tsx';
import { uiOf } from './ui.ts';

const RULE = Symbol('access rule');

/** What a route asks of the person: a permission, or nothing because it is one of the few public ones. */
export type AccessRule = { permission: Permission } | { open: true };

type Marked = MiddlewareHandler<Env> & { [RULE]?: AccessRule };

/** First on a route's line: signed in and with this permission, else denied. */
export function allow(permission: Permission): MiddlewareHandler<Env> {
  const middleware: Marked = async (c, next) => {
    const actor = c.get('actor');
    if (!actor) return signedOut(c);
    if (!can(actor, permission)) throw new AppError('denied', (t) => t.errors.denied);
    await next();
  };
  middleware[RULE] = { permission };
  return middleware;
}

/** First on the line of a route that anyone may call. Each is named in test/rules. */
export function open(): MiddlewareHandler<Env> {
  const middleware: Marked = async (_c, next) => {
    await next();
  };
  middleware[RULE] = { open: true };
  return middleware;
}

/** A browser goes to sign in and comes back; a program is told 401. */
function signedOut(c: Context<Env>): Response | Promise<Response> {
  const path = c.req.path;
  if (path.startsWith('/api/v1') || path === '/metrics') {
    return c.json({ type: 'about:blank', title: 'Unauthorized', status: 401, detail: 'Send a bearer token.' }, 401, {
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer',
    });
  }
  if (c.req.header('accept')?.includes('text/event-stream')) return c.body(null, 401);
  const url = new URL(c.req.url);
  const back = c.req.method === 'GET' && path !== '/' ? `?next=${encodeURIComponent(path + url.search)}` : '';
  if (c.req.header('hx-request')) return c.body(null, 401, { 'hx-redirect': `/signin${back}` });
  const navigates = c.req.method === 'GET' && c.req.header('sec-fetch-site') === 'cross-site';
  if (navigates) return page(c, Onward({ ui: uiOf(c), to: `/signin${back}` }), 401);
  return c.redirect(`/signin${back}`, 303);
}

export interface RouteRule {
  method: string;
  path: string;
  rule: AccessRule;
}

/**
 * Every route with its rule.
 * @throws Error when a route has none first on its line: the panel does not start with a door that nobody watches.
 */
export function routeRules(server: Hono<Env>): RouteRule[] {
  const found = new Map<string, RouteRule | null>();
  for (const route of server.routes) {
    const rule = (route.handler as unknown as Marked)[RULE];
    // `use()` without a path is middleware of the whole server; anything else that answers every method is a route.
    if (route.method === 'ALL' && route.path === '/*' && !rule) continue;
    const key = `${route.method} ${route.path}`;
    // The first of a line is what runs first: one that follows an open answer watches nothing.
    if (!found.has(key)) found.set(key, rule ? { method: route.method, path: route.path, rule } : null);
  }
  const bare = [...found].filter(([, rule]) => !rule).map(([key]) => key);
  if (bare.length) throw new Error(`routes without allow() or open() first on their line: ${bare.join(', ')}`);
  return [...found.values()].filter((rule): rule is RouteRule => rule !== null);
}
