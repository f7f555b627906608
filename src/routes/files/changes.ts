import { Hono } from 'hono';
import { z } from 'zod';
import type { Actor, App } from '../../core/app.ts';
import { openFolder } from '../../core/files/entry.ts';
import { getListing } from '../../core/files/listing/listing.ts';
import { listingsOf } from '../../core/files/listing/store.ts';
import { isInside } from '../../core/files/paths.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { AppError } from '../../lib/errors.ts';

const Query = z.object({
  path: z.string().max(300_000),
  /** Id of the listing that the page shows: what changed before it listened is told, too. */
  of: z.string().max(100).optional(),
});

/** A task that writes ten thousand files changes their folder ten thousand times: pages are told this often at most. */
const CHANGES_MS = 400;

/** Tells a page that the folder it shows has changed, or is gone with one above it. */
export function changes(app: App) {
  const r = new Hono<Env>();

  r.get('/files/changes', allow('files.read'), async (c) => {
    const { path, of } = readQuery(c, Query);
    const real = await realOf(app, actorOf(c), path);
    return c.get('streams').open(c, (stream) => {
      if (real === null) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let own = false;
      const tell = async () => {
        timer = undefined;
        const changed = own;
        own = false;
        if (changed || !(await isThere(app, real))) stream.send('changed', '{}');
      };
      const off = app.bus.on('files.changed', ({ folder }) => {
        if (!isInside(app.host.files.kind, folder, real)) return;
        own ||= folder === real;
        timer ??= setTimeout(() => void tell(), CHANGES_MS);
      });
      const shown = of ? getListing(app, actorOf(c), of) : null;
      if (shown && listingsOf(app).outdated(shown)) {
        own = true;
        timer = setTimeout(() => void tell(), CHANGES_MS);
      }
      stream.onEnd(() => {
        off();
        clearTimeout(timer);
      });
    });
  });

  return r;
}

/** Not what took its place: a link to elsewhere is another folder. */
async function isThere(app: App, real: string): Promise<boolean> {
  const folder = await app.host.files.pin(real).catch(() => null);
  await folder?.close();
  return folder?.real === real;
}

/** What cannot be opened is told nothing about: a refused stream would be asked for again and again. */
async function realOf(app: App, actor: Actor, path: string): Promise<string | null> {
  try {
    const folder = await openFolder(app, actor, path);
    await folder.close();
    return folder.real;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
