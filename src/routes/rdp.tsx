import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { changeRdp, rdpCommands, RdpInput, readRdp } from '../core/rdp/rdp.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../http/form.ts';
import { go, page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { NoRdpPage, RdpPage } from '../views/rdp/page.tsx';

const ticked = z.literal('on').optional().transform((value) => value === 'on');
const Form = RdpInput.extend({ on: ticked, nla: ticked, preview: ticked });

/** Remote Desktop: on and off, its port, and who is in. */
export function rdp(app: App) {
  const r = new Hono<Env>();
  const show = async (c: Context<Env>, state: FormState, commands: readonly string[] | null = null) =>
    page(c, <RdpPage ui={uiOf(c)} rdp={await readRdp(app, actorOf(c))} commands={commands} {...state} />, Object.keys(state.errors).length ? 422 : 200);

  r.get('/rdp', allow('rdp.read'), (c) => {
    const ui = uiOf(c);
    const refusal = app.host.rdp.refusal();
    return refusal ? page(c, <NoRdpPage ui={ui} text={refusal(ui.t)} />) : show(c, emptyForm);
  });

  r.post('/rdp', allow('rdp.write'), async (c) => {
    const form = await readForm(c, Form, uiOf(c).t);
    if (!form.ok) return show(c, form.state);
    const { preview, ...to } = form.input;
    try {
      if (preview) return await show(c, form.state, rdpCommands(app, (await readRdp(app, actorOf(c))).state, to));
      await changeRdp(app, actorOf(c), to);
      return go(c, '/rdp');
    } catch (error) {
      return show(c, formRefusal(error, form.state, uiOf(c).t));
    }
  });

  return r;
}
