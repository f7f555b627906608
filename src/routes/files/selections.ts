import { Hono } from 'hono';
import type { App } from '../../core/app.ts';
import { keepSelection } from '../../core/files/listing/selections.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readSelection } from '../../http/selection.ts';

/** A selection that is too long for an address is kept, and named by its id. */
export function selections(app: App) {
  const r = new Hono<Env>();
  r.post('/files/selections', allow('files.read'), async (c) => {
    const selection = await readSelection(c);
    return c.json({ id: selection.id ?? keepSelection(app, actorOf(c), selection).id });
  });
  return r;
}
