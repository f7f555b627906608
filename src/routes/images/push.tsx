import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { getImage } from '../../core/images/images.ts';
import { PushInput, startPush } from '../../core/images/push.ts';
import { ImageReference } from '../../core/images/reference.ts';
import { listRegistries } from '../../core/registries/registries.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { formDone } from '../../http/form-done.ts';
import type { Env } from '../../http/env.ts';
import { formRefusal, readForm, type FormState } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { PushPage } from '../../views/images/push.tsx';

const OfName = z.object({ reference: ImageReference.optional() });
const Named = z.object({ reference: ImageReference });
const PushForm = z.object({ reference: PushInput.shape.reference });

/** To a registry; and where a task that made or moved an image leads to. */
export function imagePush(app: App) {
  const r = new Hono<Env>();
  const one = (c: Context<Env>) => getImage(app, actorOf(c), `sha256:${c.req.param('id')}`);
  const show = async (c: Context<Env>, state: FormState, status: 200 | 422 = 200) =>
    page(c, <PushPage ui={uiOf(c)} image={await one(c)} hosts={listRegistries(app, actorOf(c)).map(({ host }) => host)} {...state} />, status);

  r.get('/images/named', allow('images.read'), async (c) => {
    const { id } = await getImage(app, actorOf(c), readQuery(c, Named).reference);
    return go(c, `/images/${id.slice('sha256:'.length)}`);
  });

  r.get('/images/:id/push', allow('images.admin'), (c) => show(c, { values: { reference: readQuery(c, OfName).reference ?? '' }, errors: {} }));

  r.post('/images/:id/push', allow('images.admin'), async (c) => {
    const ui = uiOf(c);
    const { id } = await one(c);
    const form = await readForm(c, PushForm, ui.t);
    if (!form.ok) return show(c, form.state, 422);
    try {
      const task = await startPush(app, actorOf(c), { image: id, reference: form.input.reference });
      return formDone(c, { list: '/images', page: `/tasks/${task}`, task, text: ui.t.imagePush.started({ reference: form.input.reference }) });
    } catch (error) {
      return show(c, formRefusal(error, form.state, ui.t), 422);
    }
  });

  return r;
}
