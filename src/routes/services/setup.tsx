import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { sealOf } from '../../core/seal.ts';
import { RECOVERY_ACTIONS, SERVICE_ACCOUNTS } from '../../core/services/kinds.ts';
import { AccountInput, changeSetup, planSetup, readSetup, RecoveryInput } from '../../core/services/setup.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, say, type FormState } from '../../http/form.ts';
import { askPlanned, sendPlanned, type PlannedForm } from '../../http/planned.tsx';
import { page } from '../../http/respond.tsx';
import { serviceDone } from '../../http/service-done.ts';
import { uiOf } from '../../http/ui.ts';
import { servicePath } from '../../views/services/paths.ts';
import { RecoveryFields, ServiceAccountPage, WHO } from '../../views/services/setup.tsx';

const badDelay = say('services.delay', (t) => t.serviceSetup.badDelay);
const badReset = say('services.reset', (t) => t.serviceSetup.badReset);
const Action = z.enum(RECOVERY_ACTIONS);
/** Seconds as they are typed, to ms. */
const Delay = z.string().trim().regex(/^\d{1,5}(\.\d{1,3})?$/, badDelay).transform((text) => Math.round(Number(text) * 1000)).refine((ms) => ms <= 86_400_000, badDelay);
const Reset = z.string().trim().default('').refine((text) => /^\d{0,9}$/.test(text) && Number(text) <= 3650 * 86_400, badReset).transform((text) => (text === '' ? null : Number(text)));

const RecoveryForm = z
  .object({
    first: Action, second: Action, later: Action, firstDelay: Delay, secondDelay: Delay, laterDelay: Delay,
    // A field called “reset” would stand in the way of the form's own method.
    forget: Reset, command: RecoveryInput.shape.command, onErrors: z.literal('on').optional(),
  })
  .transform(({ first, second, later, firstDelay, secondDelay, laterDelay, forget, command, onErrors }) => ({
    steps: [{ action: first, delay: firstDelay }, { action: second, delay: secondDelay }, { action: later, delay: laterDelay }], reset: forget, command, onErrors: onErrors === 'on',
  }));

const AccountForm = z.object({ do: z.literal('apply').optional(), seen: z.string().max(64).default(''), who: z.enum(WHO), named: z.string().max(400).default(''), password: z.string().max(400).default('') })
  .transform(({ do: step, seen, who, named, password }) => ({ step: step ?? '', seen, account: SERVICE_ACCOUNTS[WHO.indexOf(who)] ?? named, password }))
  .pipe(z.object({ step: z.enum(['', 'apply']), seen: z.string(), account: AccountInput.shape.account, password: AccountInput.shape.password.unwrap() }));

/** How a service of Windows is set up: what happens when it fails, and the account that it runs as. */
export function serviceSetup(app: App) {
  const r = new Hono<Env>();

  const recovery = async (c: Context<Env>): Promise<PlannedForm<typeof RecoveryForm>> => {
    const ui = uiOf(c);
    const t = ui.t.serviceSetup;
    const { row: { name }, settings } = await readSetup(app, actorOf(c), c.req.param('name')!);
    return {
      schema: RecoveryForm, title: t.recoveryOf({ name }), submit: t.save, back: { href: servicePath(name), label: name },
      fields: (state) => <RecoveryFields ui={ui} settings={settings} state={state} />,
      plan: (to) => planSetup(app, actorOf(c), name, { kind: 'recovery', to }),
      apply: (to, seen) => changeSetup(app, actorOf(c), name, { kind: 'recovery', to }, { seen }),
      done: () => t.recoveryDone({ name }),
    };
  };
  r.get('/services/:name/recovery', allow('services.write'), async (c) => askPlanned(c, await recovery(c)));
  r.post('/services/:name/recovery', allow('services.write'), async (c) => sendPlanned(c, await recovery(c)));

  const showAccount = async (c: Context<Env>, state: FormState, account: string | null = null) => {
    const { row: { name }, account: current } = await readSetup(app, actorOf(c), c.req.param('name')!);
    // Where it is not to be changed, that is said before anything is typed.
    const plan = await planSetup(app, actorOf(c), name, { kind: 'account', account: account ?? 'LocalSystem' });
    const review = account === null ? null : { account, plan, seal: sealOf(plan) };
    return page(c, <ServiceAccountPage ui={uiOf(c)} name={name} current={current} state={state} review={review} />, Object.keys(state.errors).length ? 422 : 200);
  };
  r.get('/services/:name/account', allow('services.write'), (c) => showAccount(c, emptyForm));
  r.post('/services/:name/account', allow('services.write'), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, AccountForm, t);
    if (!form.ok) return showAccount(c, form.state);
    const { step, seen, account, password } = form.input;
    if (step !== 'apply') return showAccount(c, { values: form.state.values, errors: {} }, account);
    try {
      const name = c.req.param('name');
      await changeSetup(app, actorOf(c), name, { kind: 'account', account }, { seen, secret: password });
      return serviceDone(c, { page: servicePath(name), text: t.serviceSetup.accountDone({ name }) });
    } catch (error) {
      const state = formRefusal(error, form.state, t);
      // What is wrong with the account is mended in the first step.
      return showAccount(c, state, state.errors.account ? null : account);
    }
  });

  return r;
}
