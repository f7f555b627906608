import { hostname } from 'node:os';
import type { MiddlewareHandler } from 'hono';
import { AppError } from '../lib/errors.ts';
import type { App } from '../core/app.ts';
import type { Env } from './env.ts';
import { forwarded, hostName, knownHost, trustedPeers } from './peer.ts';

/** The outermost door: who is at the other end, under which name, and did our own page send it? */
export function guard(app: App): MiddlewareHandler<Env> {
  const trusted = trustedPeers(app.config.trustedProxies);
  const machine = hostname().toLowerCase();
  const ours = new Set([machine, machine.split('.')[0]!, app.config.host.toLowerCase(), ...app.config.allowedHosts.map((name) => name.toLowerCase())]);
  return async (c, next) => {
    const peer = c.env.server.requestIP(c.req.raw)?.address ?? '';
    const from = forwarded(peer, c.req.raw.headers, trusted);
    const url = new URL(c.req.url);
    const header = from.host ?? c.req.header('host') ?? url.host;
    const name = hostName(header);
    // Health checks come from anywhere and learn nothing.
    if (!knownHost(name, ours) && c.req.path !== '/healthz') throw new AppError('denied', (t) => t.errors.unknownHost({ name: name.slice(0, 100) }));
    const secure = app.panel.tls || from.https;
    c.set('ip', from.ip);
    c.set('secure', secure);
    c.set('origin', `${secure ? 'https' : 'http'}://${header}`);
    if (!isSafe(c.req.method) && !ownPage(c.req.raw.headers, c.get('origin')) && !isProgram(c.req.raw.headers, c.req.path)) {
      throw new AppError('denied', (t) => t.errors.foreignOrigin);
    }
    await next();
  };
}

const isSafe = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/**
 * Did a page of this very origin send it? Browsers add `Origin` to every POST and to every WebSocket; where
 * `Sec-Fetch-Site` is sent as well it must agree. Neither present means it is not a browser we know: refused.
 */
export function ownPage(headers: Headers, origin: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site && site !== 'same-origin' && site !== 'none') return false;
  const from = headers.get('origin');
  if (from !== null) return from === origin;
  return site === 'same-origin';
}

/** The API is called by programs with a bearer token, which no browser adds by itself; cookies mean nothing there. */
const isProgram = (headers: Headers, path: string) =>
  path.startsWith('/api/v1/') && /^bearer /i.test(headers.get('authorization') ?? '') && !headers.get('origin');
