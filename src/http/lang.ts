import type { Context } from 'hono';
import { isLang, preferredLang, type Lang } from '../i18n/languages.ts';
import { isApiPath } from './api-path.ts';
import { readPreference } from './cookies.ts';
import type { Env } from './env.ts';

/** What the reader chose in the panel; a browser that has not, and a program, by what they accept. */
export function langOf(c: Context<Env>): Lang {
  const wanted = isApiPath(c.req.path) ? undefined : readPreference(c, 'mantou_lang');
  return isLang(wanted) ? wanted : preferredLang(c.req.header('accept-language'));
}
