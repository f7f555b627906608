import { Hono, type Context } from 'hono';
import type { App } from '../core/app.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { SOURCE } from '../version.ts';
import { AboutPage, type About } from '../views/about/page.tsx';

export function about(app: App) {
  const r = new Hono<Env>();
  r.get('/about', allow('system.read'), async (c) => {
    const { version } = app.db.$client.query('SELECT sqlite_version() AS version').get() as { version: string };
    const facts: About = { bun: Bun.version, sqlite: version, platform: `${process.platform} ${process.arch}`, source: SOURCE, licences: await licencesOf(c) };
    return page(c, <AboutPage ui={uiOf(c)} about={facts} />);
  });
  return r;
}

/** The build gathers the texts into one asset: each begins with its name between two rulers. */
async function licencesOf(c: Context<Env>): Promise<About['licences']> {
  const href = c.env.assets.url('licenses.txt');
  const answer = c.env.assets.respond(new Request(new URL(href, c.get('origin')).href), href);
  if (!answer) return null;
  const works = [...(await answer.text()).matchAll(/^={80}\n(.+)\n={80}$/gm)].map((match) => match[1]!);
  return { href, works };
}
