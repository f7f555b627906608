import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type { Done, Preview } from '../../core/firewall/change.ts';
import { readFirewall } from '../../core/firewall/firewall.ts';
import { keptRow } from '../../core/firewall/kept.ts';
import { putForwardBack } from '../../core/firewall/forwards.ts';
import { preview, type Wish } from '../../core/firewall/preview.ts';
import { addPublished, publishedText, readPublished, removePublished, restorePublished } from '../../core/firewall/published.ts';
import { portsText, RULE_SCOPES, RuleInput, specOf } from '../../core/firewall/rule.ts';
import { addRule, changeRule, findRule, forgetGone, putRuleBack, removeRule } from '../../core/firewall/rules.ts';
import { getSetting } from '../../core/settings/settings.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { formDone } from '../../http/form-done.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readFields, readForm, type FormState } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { AskPage } from '../../views/firewall/asks.tsx';
import { RuleFormPage } from '../../views/firewall/form.tsx';
import { shortRule } from '../../views/firewall/words.tsx';
import type { RuleSpec } from '../../platform/firewall.ts';

/** What the forms have beside the fields of the input. */
const Form = z.object({ armed: z.literal('on').optional(), do: z.literal('preview').optional() });
const RuleForm = z.record(z.string(), z.string()).transform(({ armed, do: what, ...rest }) => rest).pipe(RuleInput);
const Start = z.object({ scope: z.enum(RULE_SCOPES).default('host'), ports: z.string().max(40).default(''), protocol: z.enum(['tcp', 'udp']).default('tcp'), action: z.enum(['allow', 'deny']).optional() });

const valuesOf = (spec: RuleSpec): Record<string, string> => ({
  action: spec.action, direction: spec.direction, protocol: spec.protocol, ports: portsText(spec.ports), service: spec.service ?? '', source: spec.source ?? '',
  destination: spec.destination ?? '', interface: spec.interface ?? '', zone: spec.zone ?? '', family: spec.source || spec.destination ? 'both' : spec.family, comment: spec.comment,
});

/** Says what was done; one that is armed says so in the banner as well. */
export function firewallDone(c: Context<Env>, { armed }: Done, text: string) {
  return formDone(c, { list: '/firewall', text: armed ? uiOf(c).t.firewall.armedDone : text, tone: armed ? 'warn' : 'ok' });
}

export const isArmed = (state: FormState) => state.values.armed === 'on';
export const isPreview = (state: FormState) => state.values.do === 'preview';

export function firewallRules(app: App) {
  const r = new Hono<Env>();
  const seconds = () => getSetting(app, 'armedSeconds');

  const showForm = async (c: Context<Env>, action: string, state: FormState, more: { changes?: boolean; preview?: Preview | null; status?: 200 | 422 } = {}) => {
    const actor = actorOf(c);
    const [firewall, published] = await Promise.all([readFirewall(app, actor), readPublished(app, actor)]);
    return page(c, <RuleFormPage ui={uiOf(c)} state={firewall} action={action} containers={!published.hindrance} changes={more.changes ?? false} preview={more.preview ?? null} seconds={seconds()} {...state} />, more.status ?? 200);
  };

  /** Draws the form with what would run, does it, or draws it with what is wrong. */
  const submit = async (c: Context<Env>, action: string, changes: boolean, wish: (rule: RuleInput) => Wish, work: (rule: RuleInput, armed: boolean) => Promise<Done>, text: (rule: RuleInput) => string) => {
    const { t } = uiOf(c);
    const form = await readForm(c, RuleForm, t);
    if (!form.ok) return showForm(c, action, form.state, { changes, status: 422 });
    try {
      if (isPreview(form.state)) return await showForm(c, action, form.state, { changes, preview: await preview(app, actorOf(c), wish(form.input)) });
      return firewallDone(c, await work(form.input, isArmed(form.state)), text(form.input));
    } catch (error) {
      return showForm(c, action, formRefusal(error, form.state, t), { changes, status: 422 });
    }
  };

  r.get('/firewall/rules/new', allow('firewall.write'), (c) => {
    const { scope, ports, protocol, action = scope === 'containers' ? 'deny' as const : undefined } = readQuery(c, Start);
    return showForm(c, '/firewall/rules', { values: { scope, ports, protocol, ...(action ? { action } : {}) }, errors: {} });
  });

  r.post('/firewall/rules', allow('firewall.write'), (c) => {
    const actor = actorOf(c);
    const add = (rule: RuleInput, armed: boolean) => (rule.scope === 'containers' ? addPublished(app, actor, rule) : addRule(app, actor, rule, { armed }));
    return submit(c, '/firewall/rules', false, (rule) => ({ verb: 'add', rule }), add, (rule) => uiOf(c).t.firewall.added({ rule: shortRule(uiOf(c), specOf(rule)) }));
  });

  const ruleId = (c: Context<Env>) => c.req.param('id')!;

  r.get('/firewall/rules/:id/change', allow('firewall.write'), async (c) => {
    const { spec, extra } = findRule(await readFirewall(app, actorOf(c)), ruleId(c));
    if (!spec || extra) throw new AppError('conflict', (t) => t.firewall.notChangeable);
    return showForm(c, `/firewall/rules/${ruleId(c)}/change`, { values: valuesOf(spec), errors: {} }, { changes: true });
  });

  r.post('/firewall/rules/:id/change', allow('firewall.write'), (c) => {
    const id = ruleId(c);
    return submit(c, `/firewall/rules/${id}/change`, true, (rule) => ({ verb: 'change', id, rule }), (rule, armed) => changeRule(app, actorOf(c), id, rule, { armed }), (rule) => uiOf(c).t.firewall.changed({ rule: shortRule(uiOf(c), specOf(rule)) }));
  });

  const askRemove = async (c: Context<Env>, state: FormState) => {
    const ui = uiOf(c);
    const id = ruleId(c);
    const firewall = await readFirewall(app, actorOf(c));
    const rule = firewall.rules.find((one) => one.id === id) ?? findRule(firewall, id);
    const what = await preview(app, actorOf(c), { verb: 'remove', id });
    const text = [rule.spec ? shortRule(ui, rule.spec) : rule.text, rule.comment, 'origin' in rule && rule.origin === 'outside' ? ui.t.firewall.outsideNote : ''].filter(Boolean).map((line) => <p class="small">{line}</p>);
    return page(c, <AskPage ui={ui} title={ui.t.firewall.removeTitle} action={`/firewall/rules/${id}/remove`} submit={ui.t.firewall.removeSubmit} danger preview={what} seconds={seconds()} {...state}>{text}</AskPage>, state === emptyForm ? 200 : 422);
  };

  r.get('/firewall/rules/:id/remove', allow('firewall.write'), (c) => askRemove(c, emptyForm));

  r.post('/firewall/rules/:id/remove', allow('firewall.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, Form, ui.t);
    const rule = findRule(await readFirewall(app, actorOf(c)), ruleId(c));
    try {
      return firewallDone(c, await removeRule(app, actorOf(c), rule.id, { armed: isArmed(form.state) }), ui.t.firewall.removed({ rule: rule.spec ? shortRule(ui, rule.spec) : rule.text }));
    } catch (error) {
      return askRemove(c, formRefusal(error, form.state, ui.t));
    }
  });

  r.post('/firewall/gone/:id/put-back', allow('firewall.write'), async (c) => {
    const { armed } = await readFields(c);
    const back = keptRow(app, ruleId(c))?.kind === 'forward' ? putForwardBack : putRuleBack;
    await back(app, actorOf(c), ruleId(c), { armed: armed === 'on' });
    return go(c, '/firewall');
  });

  r.post('/firewall/gone/:id/forget', allow('firewall.write'), (c) => {
    forgetGone(app, actorOf(c), ruleId(c));
    return go(c, '/firewall');
  });

  const askUnpublish = async (c: Context<Env>, state: FormState) => {
    const ui = uiOf(c);
    const id = ruleId(c);
    const found = (await readPublished(app, actorOf(c))).rules.find((one) => one.id === id);
    if (!found) throw new AppError('not_found', (t) => t.firewall.gone);
    const what = await preview(app, actorOf(c), { verb: 'unpublish', id });
    return page(c, <AskPage ui={ui} title={ui.t.firewall.removeTitle} action={`/firewall/published/${id}/remove`} submit={ui.t.firewall.removeSubmit} danger preview={what} seconds={seconds()} text={publishedText(found.rule)} {...state} />, state === emptyForm ? 200 : 422);
  };

  r.get('/firewall/published/:id/remove', allow('firewall.write'), (c) => askUnpublish(c, emptyForm));

  r.post('/firewall/published/:id/remove', allow('firewall.write'), async (c) => {
    const done = await removePublished(app, actorOf(c), ruleId(c));
    return firewallDone(c, done, uiOf(c).t.firewall.removed({ rule: uiOf(c).t.firewall.scopes.containers }));
  });

  r.post('/firewall/published/restore', allow('firewall.write'), async (c) => {
    await restorePublished(app, actorOf(c));
    return go(c, '/firewall');
  });

  return r;
}
