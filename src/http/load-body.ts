import type { Context } from 'hono';
import type { Actor, App } from '../core/app.ts';
import { startLoad } from '../core/images/load.ts';
import { AppError } from '../lib/errors.ts';
import type { Env } from './env.ts';

/** An archive of images in a request, handed to the engine as it comes. @returns when the engine has it @throws AppError why it has not */
export async function loadBody(app: App, actor: Actor, c: Context<Env>, name: string): Promise<{ task: string; images: string[] }> {
  const { body, headers } = c.req.raw;
  if (!body) throw new AppError('invalid', (t) => t.imageLoad.noArchive);
  // Nothing comes any more while the engine unpacks; whoever stops sending before is told so by the task.
  c.env.server.timeout(c.req.raw, 0);
  const length = Number(headers.get('content-length') ?? NaN);
  const { task, loaded } = startLoad(app, actor, { body, size: Number.isSafeInteger(length) && length > 0 ? length : null, name: name || 'tar' });
  return { task, images: await loaded };
}
