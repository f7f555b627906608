import type { Context } from 'hono';
import { foldersIn } from '../core/files/operations/folders.ts';
import { normalPath } from '../core/files/paths.ts';
import { rootsOf } from '../core/files/reach.ts';
import { AppError } from '../lib/errors.ts';
import type { Choosing } from '../views/files/operations/chooser.tsx';
import { actorOf } from './actor.ts';
import type { Env } from './env.ts';
import { uiOf } from './ui.ts';

/** What the folder chooser shows at `to`; a folder that cannot be shown says why. */
export async function choosingOf(c: Context<Env>, to: string): Promise<Choosing> {
  const app = c.get('app');
  const actor = actorOf(c);
  const { kind } = app.host.files;
  const roots = rootsOf(app, actor);
  try {
    const path = normalPath(kind, to);
    return { kind, path, roots, ...(await foldersIn(app, actor, path)) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind, path: to, roots, folders: null, more: false, error: error.say(uiOf(c).t) };
  }
}
