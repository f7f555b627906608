import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { rememberRecent } from '../../core/files/recents.ts';
import { ENCODINGS } from '../../core/files/text/encodings.ts';
import { openText, textOf } from '../../core/files/text/open.ts';
import { Conflict, saveText, SaveText, Unencodable } from '../../core/files/text/save.ts';
import { readVersion } from '../../core/files/versions/versions.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { accept, readQuery } from '../../http/list.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import type { Context } from 'hono';

export const PathField = z.string().min(1).max(300_000);
const Encoding = z.enum(ENCODINGS).optional();

const OpenQuery = z.object({ path: PathField, encoding: Encoding });
const VersionQuery = z.object({ path: PathField, id: z.uuid(), encoding: Encoding });

/** What the editor's script asks for: texts as JSON, and saves. Refusals come as JSON too, in the reader's language. */
export function text(app: App) {
  const r = new Hono<Env>();

  r.get('/files/text', allow('files.read'), (c) =>
    told(c, async () => {
      const { path, encoding } = readQuery(c, OpenQuery);
      const found = await openText(app, actorOf(c), path, encoding);
      rememberRecent(app, actorOf(c), found.path, false);
      return found;
    }),
  );

  r.put('/files/text', allow('files.write'), (c) => told(c, async () => saveText(app, actorOf(c), accept(SaveText, await c.req.json().catch(() => null), 'body'))));

  r.get('/files/versions/text', allow('files.read'), (c) =>
    told(c, async () => {
      const { path, id, encoding } = readQuery(c, VersionQuery);
      const { version, bytes } = await readVersion(app, actorOf(c), path, id);
      return { path, at: version.at, actor: version.actor, ...textOf(bytes, encoding) };
    }),
  );

  return r;
}

/** A refusal as `{ error, field?, disk?, line?, column? }`. Anything that is no refusal is a bug and goes on to `onError`. */
async function told(c: Context<Env>, work: () => Promise<object>) {
  try {
    return c.json(await work());
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'internal') throw error;
    const more = error instanceof Conflict ? { disk: error.disk } : error instanceof Unencodable ? error.where : {};
    return c.json({ error: error.say(uiOf(c).t), field: error.field, ...more }, error.status);
  }
}
