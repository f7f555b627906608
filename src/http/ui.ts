import type { Context } from 'hono';
import { can } from '../core/access.ts';
import { listArmed, listReverted } from '../core/armed/armed.ts';
import { createFormat } from '../i18n/format.ts';
import { messages } from '../i18n/languages.ts';
import type { Ui } from '../views/ui.ts';
import { readPreference } from './cookies.ts';
import { isEnginePath } from '../views/docker/paths.ts';
import { engineOf } from './engine-seen.ts';
import type { Env } from './env.ts';
import { langOf } from './lang.ts';

/** What views draw with, made on first use: streams and the API never need it. */
export function uiOf(c: Context<Env>): Ui {
  const made = c.get('ui');
  if (made) return made;
  const app = c.get('app');
  const lang = langOf(c);
  const theme = readPreference(c, 'mantou_theme');
  const actor = c.get('actor');
  const ui: Ui = {
    t: messages(lang),
    fmt: createFormat(lang),
    lang,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    nonce: c.get('nonce'),
    path: c.req.path,
    here: hereOf(c),
    now: app.clock.now(),
    actor: actor?.kind === 'user' ? { name: actor.name, role: actor.role } : null,
    can: (permission) => can(actor, permission),
    asset: (path) => c.env.assets.url(path),
    hostname: app.host.system.hostname(),
    version: app.version,
    tasksRunning: app.tasks.running(),
    windows: app.host.kind === 'windows' || app.host.kind === 'fake',
    ...(can(actor, 'armed.read') ? { armed: { changes: listArmed(app), reverted: listReverted(app) } } : {}),
    ...(isEnginePath(c.req.path) ? { engine: { id: engineOf(app), name: app.engines.chosenName(), far: app.engines.isFar() } } : {}),
  };
  c.set('ui', ui);
  return ui;
}

/** The page to come back to. What a POST answers has no address of its own: there it is the page with the form. */
function hereOf(c: Context<Env>): string {
  if (c.req.method === 'GET') return c.req.path + new URL(c.req.url).search;
  const from = URL.parse(c.req.header('referer') ?? '');
  return from?.origin === c.get('origin') ? from.pathname + from.search : '/';
}
