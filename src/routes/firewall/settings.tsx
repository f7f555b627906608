import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type { Preview } from '../../core/firewall/change.ts';
import { addForward, findForward, ForwardInput, forwardText, removeForward } from '../../core/firewall/forwards.ts';
import { firewallCommands, InstallInput, installFirewall } from '../../core/firewall/install.ts';
import { preview, type Wish } from '../../core/firewall/preview.ts';
import { portsText } from '../../core/firewall/rule.ts';
import { disableFirewall, enableFirewall, PolicyInput, setPolicy, waysIn } from '../../core/firewall/settings.ts';
import { getSetting } from '../../core/settings/settings.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readBody, readForm, type FormState } from '../../http/form.ts';
import { accept, readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { AskPage, EnablePage, ForwardPage, InstallPage, PolicyPage } from '../../views/firewall/asks.tsx';
import { forwardWords } from '../../views/firewall/words.tsx';
import { firewallDone, isArmed, isPreview } from './rules.tsx';

const Plain = z.object({ armed: z.literal('on').optional(), letIn: z.literal('on').optional(), do: z.literal('preview').optional() });
/** The input of core without what the form has beside it. */
const bare = <S extends z.ZodType>(schema: S) => z.record(z.string(), z.string()).transform(({ armed, do: what, ...rest }) => rest).pipe(schema as z.ZodType<z.output<S>, Record<string, string>>);
const PolicyForm = bare(PolicyInput);
const ForwardForm = bare(ForwardInput);

/** Turning it on and off, what happens to the rest, forwards, installing one. */
export function firewallSettings(app: App) {
  const r = new Hono<Env>();
  const seconds = () => getSetting(app, 'armedSeconds');
  const wished = (c: Context<Env>, wish: Wish) => preview(app, actorOf(c), wish);
  const status = (state: FormState) => (Object.keys(state.errors).length ? 422 : 200);

  const askEnable = async (c: Context<Env>, state: FormState) => {
    const ui = uiOf(c);
    const firewall = await app.host.firewall.read();
    if (firewall.active) throw new AppError('conflict', (t) => t.firewall.isOn);
    const ways = await waysIn(app, actorOf(c), firewall);
    const what = await wished(c, { verb: 'enable', letIn: state.values.letIn === 'on' });
    return page(c, <EnablePage ui={ui} name={firewall.provider ? ui.t.firewall.providers[firewall.provider] : ''} ports={ways.map(({ comment, ports }) => `${comment} ${portsText(ports)}`)} preview={what} seconds={seconds()} {...state} />, status(state));
  };

  r.get('/firewall/enable', allow('firewall.write'), (c) => askEnable(c, { values: { letIn: 'on' }, errors: {} }));

  r.post('/firewall/enable', allow('firewall.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, Plain, ui.t);
    try {
      const done = await enableFirewall(app, actorOf(c), { letIn: form.state.values.letIn === 'on', armed: isArmed(form.state) });
      return firewallDone(c, done, ui.t.firewall.enabled({ name: ui.t.firewall.title }));
    } catch (error) {
      return askEnable(c, formRefusal(error, form.state, ui.t));
    }
  });

  r.get('/firewall/disable', allow('firewall.write'), async (c) => {
    const ui = uiOf(c);
    const { active, provider } = await app.host.firewall.read();
    if (!active) throw new AppError('conflict', (t) => t.firewall.isOff);
    const name = provider ? ui.t.firewall.providers[provider] : '';
    return page(c, <AskPage ui={ui} title={ui.t.firewall.disableTitle({ name })} action="/firewall/disable" submit={ui.t.firewall.disableSubmit} danger text={ui.t.firewall.disableText} preview={await wished(c, { verb: 'disable' })} seconds={seconds()} {...emptyForm} />);
  });

  r.post('/firewall/disable', allow('firewall.write'), async (c) => firewallDone(c, await disableFirewall(app, actorOf(c)), uiOf(c).t.firewall.disabled({ name: uiOf(c).t.firewall.title })));

  const askPolicy = async (c: Context<Env>, state: FormState, what: Preview | null = null) => page(c, <PolicyPage ui={uiOf(c)} state={await app.host.firewall.read()} preview={what} seconds={seconds()} {...state} />, status(state));

  r.get('/firewall/policy', allow('firewall.write'), (c) => askPolicy(c, emptyForm));

  r.post('/firewall/policy', allow('firewall.write'), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, PolicyForm, t);
    if (!form.ok) return askPolicy(c, form.state);
    try {
      if (isPreview(form.state)) return await askPolicy(c, form.state, await wished(c, { verb: 'policy', policy: form.input }));
      return firewallDone(c, await setPolicy(app, actorOf(c), form.input, { armed: isArmed(form.state) }), t.firewall.policyDone);
    } catch (error) {
      return askPolicy(c, formRefusal(error, form.state, t));
    }
  });

  const askForward = (c: Context<Env>, state: FormState, what: Preview | null = null) => page(c, <ForwardPage ui={uiOf(c)} preview={what} seconds={seconds()} {...state} />, status(state));

  r.get('/firewall/forwards/new', allow('firewall.write'), (c) => askForward(c, emptyForm));

  r.post('/firewall/forwards', allow('firewall.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, ForwardForm, ui.t);
    if (!form.ok) return askForward(c, form.state);
    try {
      if (isPreview(form.state)) return askForward(c, form.state, await wished(c, { verb: 'forward', forward: form.input }));
      return firewallDone(c, await addForward(app, actorOf(c), form.input, { armed: isArmed(form.state) }), ui.t.firewall.forwarded({ rule: forwardWords(ui, form.input) }));
    } catch (error) {
      return askForward(c, formRefusal(error, form.state, ui.t));
    }
  });

  const forwardOf = async (c: Context<Env>) => findForward((await app.host.firewall.read()).forwards, c.req.param('id')!);

  r.get('/firewall/forwards/:id/remove', allow('firewall.write'), async (c) => {
    const ui = uiOf(c);
    const forward = await forwardOf(c);
    const what = await wished(c, { verb: 'unforward', id: forward.id });
    return page(c, <AskPage ui={ui} title={ui.t.firewall.forwardRemoveTitle} action={`/firewall/forwards/${forward.id}/remove`} submit={ui.t.firewall.forwardRemoveSubmit} danger text={forwardText(forward)} preview={what} seconds={seconds()} {...emptyForm} />);
  });

  r.post('/firewall/forwards/:id/remove', allow('firewall.write'), async (c) => {
    const ui = uiOf(c);
    const forward = await forwardOf(c);
    return firewallDone(c, await removeForward(app, actorOf(c), forward.id), ui.t.firewall.unforwarded({ rule: forwardWords(ui, forward) }));
  });

  r.get('/firewall/install', allow('firewall.write'), async (c) => {
    const ui = uiOf(c);
    const { provider } = readQuery(c, InstallInput);
    const commands = await firewallCommands(app, actorOf(c), { provider });
    return page(c, <InstallPage ui={ui} name={ui.t.firewall.providers[provider]} provider={provider} commands={commands} />);
  });

  r.post('/firewall/install', allow('firewall.write'), async (c) => {
    const input = accept(InstallInput, await readBody(c), 'body');
    return go(c, `/tasks/${await installFirewall(app, actorOf(c), input)}`);
  });

  return r;
}
