import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Context } from 'hono';
import { SESSION_MS } from '../core/sessions/sessions.ts';
import type { Env } from './env.ts';

/** Cookies that no script reads and no other site sends. */
interface Kept {
  name: string;
  /** Life in s. */
  maxAge: number;
}

const SESSION: Kept = { name: 'mantou_session', maxAge: SESSION_MS / 1000 };
/** A password was right, a code is missing: 5 minutes. */
const PENDING: Kept = { name: 'mantou_pending', maxAge: 300 };
/** Browsers that have signed in before: a year. */
const DEVICE: Kept = { name: 'mantou_device', maxAge: 31_536_000 };

/** Under TLS the `__Host-` prefix binds the cookie to this very host (RFC 6265bis, 4.1.3.2). */
const nameOf = (c: Context<Env>, kept: Kept) => (c.get('secure') ? `__Host-${kept.name}` : kept.name);
const flags = (c: Context<Env>) => ({ path: '/', httpOnly: true, sameSite: 'Strict', secure: c.get('secure') }) as const;

const read = (kept: Kept) => (c: Context<Env>): string => getCookie(c, nameOf(c, kept)) ?? '';
const write = (kept: Kept) => (c: Context<Env>, value: string) => setCookie(c, nameOf(c, kept), value, { ...flags(c), maxAge: kept.maxAge });
const drop = (kept: Kept) => (c: Context<Env>) => void deleteCookie(c, nameOf(c, kept), flags(c));

export const readSession = read(SESSION);
export const writeSession = write(SESSION);
export const dropSession = drop(SESSION);
export const readPending = read(PENDING);
export const writePending = write(PENDING);
export const dropPending = drop(PENDING);
export const readDevice = read(DEVICE);
export const writeDevice = write(DEVICE);

type Preference = 'mantou_lang' | 'mantou_theme' | 'mantou_files_hidden' | 'mantou_files_view';

/** Preferences that pages are drawn with: no secret, a year. */
export function writePreference(c: Context<Env>, name: Preference, value: string) {
  setCookie(c, name, value, { path: '/', sameSite: 'Strict', secure: c.get('secure'), maxAge: 31_536_000 });
}

export const readPreference = (c: Context<Env>, name: Preference) => getCookie(c, name);
