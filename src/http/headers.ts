import type { MiddlewareHandler } from 'hono';
import type { Env } from './env.ts';

/** What every answer carries. Pages get a nonce for their import map; nothing inline, nothing from elsewhere. */
export function headers(): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next();
    const h = c.res.headers;
    h.set('x-content-type-options', 'nosniff');
    h.set('cross-origin-resource-policy', 'same-origin');
    // Styles and scripts are not opened as pages, and there are dozens of them: what guards pages would be most of their weight.
    if (c.res.ok && c.req.path.startsWith('/assets/')) return;
    h.set('referrer-policy', 'same-origin');
    h.set('cross-origin-opener-policy', 'same-origin');
    if (!h.has('x-frame-options')) h.set('x-frame-options', 'DENY');
    h.set('permissions-policy', 'camera=(), microphone=(), geolocation=()');
    if (!h.has('content-security-policy')) h.set('content-security-policy', policy(c.get('nonce') ?? ''));
    if (!h.has('cache-control')) h.set('cache-control', 'no-store');
    // No HSTS: it covers every port of the host name, and other sites of this machine are not ours to upgrade.
  };
}

/** What a page of ours may load; `more` adds to single directives, for the one page that needs it: { 'frame-src': "'self'" }. */
export function policy(nonce: string, more: Readonly<Record<string, string>> = {}): string {
  const base: Record<string, string> = {
    'default-src': "'none'",
    'script-src': `'self' 'nonce-${nonce}'`,
    'style-src': "'self'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'manifest-src': "'self'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
  };
  for (const [name, sources] of Object.entries(more)) base[name] = base[name] ? `${base[name]} ${sources}` : sources;
  return Object.entries(base).map((pair) => pair.join(' ')).join('; ');
}
