import { Hono, type Context } from 'hono';
import type { App } from '../core/app.ts';
import { dismissReverted, keepArmed, revertArmed } from '../core/armed/armed.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { readFields } from '../http/form.ts';
import { go, localPath } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { ArmedBanner } from '../views/armed/banner.tsx';

/** Changes that revert by themselves: the banner that every page has, and its three buttons. */
export function armed(app: App) {
  const r = new Hono<Env>();
  const back = async (c: Context<Env>) => go(c, localPath((await readFields(c)).next));

  r.get('/armed', allow('armed.read'), (c) => c.html(String(<ArmedBanner ui={uiOf(c)} />)));

  r.get('/armed/stream', allow('armed.read'), (c) =>
    c.get('streams').open(c, (stream) => stream.onEnd(app.bus.on('armed.changed', () => stream.send('changed', '{}')))),
  );

  r.post('/armed/:id/keep', allow('armed.write'), (c) => {
    keepArmed(app, actorOf(c), c.req.param('id'));
    return back(c);
  });

  r.post('/armed/:id/revert', allow('armed.write'), async (c) => {
    await revertArmed(app, actorOf(c), c.req.param('id'));
    return back(c);
  });

  r.post('/armed/:id/dismiss', allow('armed.write'), (c) => {
    dismissReverted(app, actorOf(c), c.req.param('id'));
    return back(c);
  });

  return r;
}
