import type { Context } from 'hono';
import type { App } from '../../core/app.ts';
import { awayOf } from '../../core/docker/away.ts';
import type { Env } from '../../http/env.ts';
import { isHtmx, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { EngineAwayPage } from '../../views/docker/away-page.tsx';

/** A page about something of the engine; where the engine itself cannot be reached, the page that says so and what to do. */
export async function orAway(app: App, c: Context<Env>, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const engine = awayOf(app, error);
    if (!engine || isHtmx(c)) throw error;
    c.header('retry-after', '5');
    return page(c, <EngineAwayPage ui={uiOf(c)} engine={engine} />, 503);
  }
}

/** What the engine refused, in its words, or that it took too long; that it cannot be reached is no answer. */
export function said(app: App, c: Context<Env>, error: unknown): { error: string } {
  if (!(error instanceof AppError) || error.code === 'internal' || error.code === 'not_found') throw error;
  const why = awayOf(app, error)?.why;
  if (why && why !== 'silent') throw error;
  return { error: error.say(uiOf(c).t) };
}
