import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { CommitInput, commitContainer, exportContainer } from '../../core/containers/copies.ts';
import { getContainer } from '../../core/containers/detail.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm } from '../../http/form.ts';
import { go, page } from '../../http/respond.tsx';
import { tarResponse } from '../../http/tar-response.ts';
import { uiOf } from '../../http/ui.ts';
import { CommitPage } from '../../views/containers/commit.tsx';
import { orAway } from './away.tsx';
import { idOf } from './one.tsx';

const ticked = z.literal('on').optional().transform((on) => on === 'on');
const CommitForm = z.object({ ...CommitInput.shape, pause: ticked, replace: ticked });

/** A container as an image, and as a tar. */
export function containerCopies(app: App) {
  const r = new Hono<Env>();

  r.get('/containers/:id/commit', allow('containers.admin'), (c) =>
    orAway(app, c, async () => page(c, <CommitPage ui={uiOf(c)} one={await getContainer(app, actorOf(c), idOf(c))} {...emptyForm} />)),
  );

  r.post('/containers/:id/commit', allow('containers.admin'), async (c) => {
    const ui = uiOf(c);
    const one = await getContainer(app, actorOf(c), idOf(c));
    const form = await readForm(c, CommitForm, ui.t);
    if (!form.ok) return page(c, <CommitPage ui={ui} one={one} {...form.state} />, 422);
    try {
      return go(c, `/tasks/${await commitContainer(app, actorOf(c), one.id, form.input)}`);
    } catch (error) {
      return page(c, <CommitPage ui={ui} one={one} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
  });

  r.get('/containers/:id/export', allow('containers.admin'), async (c) => tarResponse(c, await exportContainer(app, actorOf(c), idOf(c), c.req.raw.signal)));

  return r;
}
