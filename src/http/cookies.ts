import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Context } from 'hono';
import { SESSION_MS } from '../core/sessions/sessions.ts';
import type { Env } from './env.ts';

/** Under TLS the `__Host-` prefix binds the cookie to this very host (RFC 6265bis, 4.1.3.2). */
const sessionName = (secure: boolean) => (secure ? '__Host-mantou_session' : 'mantou_session');

export const readSession = (c: Context<Env>): string => getCookie(c, sessionName(c.get('secure'))) ?? '';

export function writeSession(c: Context<Env>, token: string) {
  const secure = c.get('secure');
  setCookie(c, sessionName(secure), token, { path: '/', httpOnly: true, sameSite: 'Strict', secure, maxAge: SESSION_MS / 1000 });
}

export function dropSession(c: Context<Env>) {
  const secure = c.get('secure');
  deleteCookie(c, sessionName(secure), { path: '/', httpOnly: true, sameSite: 'Strict', secure });
}

/** Preferences that pages are drawn with: no secret, a year. */
export function writePreference(c: Context<Env>, name: 'mantou_lang' | 'mantou_theme', value: string) {
  setCookie(c, name, value, { path: '/', sameSite: 'Strict', secure: c.get('secure'), maxAge: 31_536_000 });
}

export const readPreference = (c: Context<Env>, name: 'mantou_lang' | 'mantou_theme') => getCookie(c, name);
