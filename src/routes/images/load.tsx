import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { LoadFileInput, startLoadFile } from '../../core/images/load.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { loadBody } from '../../http/load-body.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { LoadPage } from '../../views/images/load.tsx';

const Named = z.object({ name: z.string().max(255).regex(/^[^\x00-\x1f\x7f]*$/).catch('') });
const LoadForm = z.object(LoadFileInput.shape);

/** Images from an archive: sent by the browser, or one that lies on this machine. */
export function imageLoad(app: App) {
  const r = new Hono<Env>();

  r.get('/images/load', allow('images.admin'), (c) => page(c, <LoadPage ui={uiOf(c)} values={{ path: (c.req.query('path') ?? '').slice(0, 300_000) }} errors={{}} />));

  /** The archive itself is the body: public/js/images/load.js sends it. */
  r.post('/images/load', allow('images.admin'), async (c) => {
    try {
      return c.json(await loadBody(app, actorOf(c), c, readQuery(c, Named).name));
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'denied') throw error;
      return c.json({ message: error.say(uiOf(c).t) }, error.status);
    }
  });

  r.post('/images/load/file', allow('images.admin'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, LoadForm, ui.t);
    if (!form.ok) return page(c, <LoadPage ui={ui} {...form.state} />, 422);
    try {
      return go(c, `/tasks/${await startLoadFile(app, actorOf(c), form.input)}`);
    } catch (error) {
      if (!(error instanceof AppError) || !['invalid', 'not_found', 'denied', 'conflict'].includes(error.code)) throw error;
      const { errors } = formRefusal(new AppError('invalid', error.say, { field: 'path' }), emptyForm, ui.t);
      return page(c, <LoadPage ui={ui} values={form.state.values} errors={errors} />, 422);
    }
  });

  return r;
}
