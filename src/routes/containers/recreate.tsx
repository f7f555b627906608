import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { listenLocally } from '../../core/containers/recreate/local-only.ts';
import { planRecreation, recreateContainer } from '../../core/containers/recreate/recreate.ts';
import { PullInput, startPull } from '../../core/images/pull.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readFields } from '../../http/form.ts';
import { accept, readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { RecreatePage } from '../../views/containers/recreate.tsx';
import { orAway } from './away.tsx';
import { idOf } from './one.tsx';

/** The registry is asked only when somebody presses for it. */
const AskQuery = z.object({ ask: z.literal('on').optional() });

/** A container made anew of what its image's name means now. */
export function recreate(app: App) {
  const r = new Hono<Env>();
  r.get('/containers/:id/recreate', allow('containers.admin'), (c) =>
    orAway(app, c, async () => page(c, <RecreatePage ui={uiOf(c)} plan={await planRecreation(app, actorOf(c), idOf(c), { ask: readQuery(c, AskQuery).ask === 'on' })} />)),
  );
  r.post('/containers/:id/recreate', allow('containers.admin'), async (c) => {
    const { pull } = await readFields(c);
    return go(c, `/tasks/${await recreateContainer(app, actorOf(c), idOf(c), { pull: pull === 'on' })}`);
  });
  r.post('/containers/:id/fetch', allow('containers.admin'), async (c) => {
    const { id, image, fetching } = await planRecreation(app, actorOf(c), idOf(c));
    // What it changes is shown on the same page, once it is here.
    if (fetching === null) startPull(app, actorOf(c), accept(PullInput, { reference: image }, 'body'));
    return go(c, `/containers/${id}/recreate`);
  });
  r.post('/containers/:id/local-only', allow('containers.admin'), async (c) => go(c, `/tasks/${await listenLocally(app, actorOf(c), idOf(c))}`));
  return r;
}
