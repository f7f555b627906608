import { Hono, type Context } from 'hono';
import type { App } from '../../core/app.ts';
import { startBuild } from '../../core/images/build/build.ts';
import { rootsOf } from '../../core/files/reach.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { BuildForm } from '../../http/build-form.ts';
import { choosingOf } from '../../http/choosing.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../../http/form.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { BuildPage } from '../../views/images/build.tsx';

/** Images from a folder or a repository. */
export function imageBuild(app: App) {
  const r = new Hono<Env>();

  const show = async (c: Context<Env>, state: FormState, status: 200 | 422 = 200) => {
    const to = state.values.to || rootsOf(app, actorOf(c))[0] || '/';
    return page(c, <BuildPage ui={uiOf(c)} choosing={await choosingOf(c, to.slice(0, 300_000))} {...state} />, status);
  };

  // Whatever stands in the address is only what the form begins with.
  r.get('/images/build', allow('containers.admin'), (c) => show(c, { ...emptyForm, values: { to: c.req.query('path') ?? '' } }));

  r.post('/images/build', allow('containers.admin'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, BuildForm, ui.t);
    if (!form.ok) return show(c, form.state, 422);
    try {
      return go(c, `/tasks/${await startBuild(app, actorOf(c), form.input)}`);
    } catch (error) {
      const { values, errors } = formRefusal(error, form.state, ui.t);
      // The chooser calls it so.
      const { path, ...others } = errors;
      return show(c, { values, errors: path === undefined ? others : { ...others, to: path } }, 422);
    }
  });

  return r;
}
