import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { open } from '../http/allow.ts';
import { writePreference } from '../http/cookies.ts';
import type { Env } from '../http/env.ts';
import { readFields } from '../http/form.ts';
import { localPath } from '../http/respond.tsx';
import { isLang } from '../i18n/languages.ts';

const Theme = z.enum(['light', 'dark', 'system']);

/** Language and theme: cookies of the browser, so they work before signing in. */
export function preferences(_app: App) {
  const r = new Hono<Env>();
  r.post('/preferences', open(), async (c) => {
    const { lang, theme, next } = await readFields(c);
    if (isLang(lang)) writePreference(c, 'mantou_lang', lang);
    const known = Theme.safeParse(theme);
    if (known.success) writePreference(c, 'mantou_theme', known.data);
    return c.redirect(localPath(next), 303);
  });
  return r;
}
