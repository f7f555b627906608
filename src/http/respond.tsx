import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { Env } from './env.ts';

/** Did htmx ask? Then fragments are enough. */
export const isHtmx = (c: Context<Env>) => c.req.header('hx-request') === 'true';

/** A whole document. */
export function page(c: Context<Env>, view: Child, status: 200 | 401 | 403 | 404 | 409 | 422 | 429 | 500 | 501 | 503 = 200) {
  return c.html(`<!doctype html>${String(view)}`, status);
}

/** What changed, to htmx; without it the browser is sent to the page that shows it. */
export function changed(c: Context<Env>, to: string, ...fragments: Child[]) {
  if (!isHtmx(c)) return c.redirect(to, 303);
  return c.html(fragments.map(String).join(''));
}

/** Leaves for another page, for htmx and for a plain browser alike. */
export function go(c: Context<Env>, to: string) {
  if (isHtmx(c)) return c.body(null, 200, { 'hx-redirect': to });
  return c.redirect(to, 303);
}

/** A short word in the corner of the page that is open (public/js/toast.js listens). */
export function toast(c: Context<Env>, tone: 'ok' | 'warn' | 'danger', text: string) {
  trigger(c, { toast: { tone, text } });
}

/** Events for the page that is open: name → detail. They rise from the element that asked, up to the document. */
export function trigger(c: Context<Env>, events: Readonly<Record<string, object>>) {
  // Header values are bytes: anything past ASCII travels as JSON escapes.
  const json = JSON.stringify(events).replace(/[^\x20-\x7e]/g, (ch) => '\\u' + ch.charCodeAt(0).toString(16).padStart(4, '0'));
  c.header('hx-trigger', json);
}

/** Only paths of this panel: never `//elsewhere` or a scheme. */
export const localPath = (value: string | undefined, fallback = '/') =>
  value && /^\/(?![/\\])[^\x00-\x1f\\]*$/.test(value) ? value : fallback;
