import { hostname, networkInterfaces } from 'node:os';
import type { MiddlewareHandler } from 'hono';
import { AppError } from '../lib/errors.ts';
import { isLoopback } from '../lib/loopback.ts';
import type { App } from '../core/app.ts';
import { messages } from '../i18n/languages.ts';
import type { Env } from './env.ts';
import { langOf } from './lang.ts';
import { forwarded, knownHost, parseHost, plainAddress, trustedPeers } from './peer.ts';

/** The outermost door: who is at the other end, under which name, and did our own page send it? */
export function guard(app: App): MiddlewareHandler<Env> {
  const trusted = trustedPeers(app.config.trustedProxies);
  const machine = hostname().toLowerCase();
  const ours = new Set([machine, machine.split('.')[0]!, app.config.host.toLowerCase(), ...app.config.allowedHosts.map((name) => name.toLowerCase())]);
  // Plain HTTP for a proxy, on an address that others reach too.
  const clear = !app.panel.tls && !isLoopback(app.config.host);
  return async (c, next) => {
    const { headers } = c.req.raw;
    const peer = c.env.server.requestIP(c.req.raw)?.address ?? '';
    const from = forwarded(peer, headers, trusted);
    const secure = app.panel.tls || from.https;
    c.set('ip', from.ip);
    c.set('secure', secure);
    const header = from.host ?? headers.get('host') ?? '';
    const host = parseHost(header);
    // Without a host that can be read (HTTP/1.0, "Host: a b") Bun gives a URL without origin, which nothing here can use.
    if (!URL.canParse(c.req.url)) return c.text('Bad Request: the Host header cannot be read.\n', 400);
    c.set('origin', host ? new URL(`${secure ? 'https' : 'http'}://${header}`).origin : '');
    // Health checks come from anywhere and learn nothing.
    if (c.req.path === '/healthz' && isSafe(c.req.method)) return next();
    if (clear && !trusted(peer) && !isHere(peer)) return c.text(`${messages(langOf(c)).errors.proxyOnly}\n`, 403);
    // Bare text: a rebound page may read the answer, and our styles would be refused to it as well.
    if (!knownHost(host, ours) && !isCertified(app, host)) return c.text(`${messages(langOf(c)).errors.unknownHost({ name: (host || header).slice(0, 100) })}\n`, 403);
    if (!mayAsk(c.req.raw, c.req.path, c.get('origin'))) throw new AppError('denied', (t) => t.errors.foreignOrigin);
    await next();
  };
}

/**
 * A name that the panel's own certificate vouches for is ours: whoever rebinds a name of theirs has none for it.
 * Wildcards do not count; they cover names of other machines.
 */
const isCertified = (app: App, host: string) => app.panel.certificate()?.names.includes(host) ?? false;

/** Does the connection come from this very machine? What it says is not on any wire. */
function isHere(peer: string): boolean {
  const address = plainAddress(peer);
  return isLoopback(address) || Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === address));
}

/** Reading, changing and connecting each have their own proof that no other site sent it (S7). */
function mayAsk({ method, headers }: Request, path: string, origin: string): boolean {
  // A WebSocket is a GET that other sites may send with our cookies; its Origin is all there is, so it must be there. Programs
  // send none: their bearer token is the proof, which no page can add to a WebSocket.
  if (headers.has('upgrade')) return (headers.get('origin') === origin && ownPage(headers, origin)) || isProgram(headers, path);
  if (isSafe(method)) return !isForeignRead(headers);
  return ownPage(headers, origin) || isProgram(headers, path);
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

/**
 * Another site (also another port of this host, which is sent our cookies) may link here, but neither load nor frame
 * anything of ours (W3C Fetch Metadata, "resource isolation policy").
 */
function isForeignRead(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== 'cross-site' && site !== 'same-site') return false;
  return headers.get('sec-fetch-mode') !== 'navigate' || headers.get('sec-fetch-dest') !== 'document';
}

/** The API is called by programs with a bearer token, which no browser adds by itself; cookies mean nothing there. */
const isProgram = (headers: Headers, path: string) =>
  path.startsWith('/api/v1/') && /^bearer /i.test(headers.get('authorization') ?? '') && !headers.get('origin');
