import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { checkSetupToken, completeSetup, FirstUser } from '../core/setup/setup.ts';
import { attemptSucceeded, startAttempt, withdrawAttempt, type Attempt } from '../core/sign-in/backoff.ts';
import { openSession } from '../core/sign-in/sign-in.ts';
import { hasUsers } from '../core/users/users.ts';
import { open } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { readBody, readForm, say, type FormState } from '../http/form.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { letIn, visitorOf } from '../http/visitor.ts';
import { AppError } from '../lib/errors.ts';
import { SetupPage } from '../views/setup/setup.tsx';
import { Fingerprint } from '../views/signin/fingerprint.tsx';

const SetupForm = FirstUser.extend({ password2: z.string().max(1024) }).refine((form) => form.password === form.password2, {
  path: ['password2'],
  message: say('setup.differs', (t) => t.users.passwordDiffers),
});

/** The first administrator, by the token that the console printed. Afterwards this page leads to sign-in. */
export function setup(app: App) {
  const r = new Hono<Env>();

  const show = (c: Context<Env>, state: Partial<FormState> & { token?: string }, status: 200 | 422 | 429 = 200) => {
    const ui = uiOf(c);
    const footer = <Fingerprint ui={ui} certificate={app.panel.certificate()} />;
    return page(c, <SetupPage ui={ui} values={state.values ?? {}} errors={state.errors ?? {}} token={state.token} footer={footer} />, status);
  };

  r.get('/setup', open(), (c) => (hasUsers(app) ? c.redirect('/signin', 303) : show(c, {})));

  r.post('/setup', open(), async (c) => {
    if (hasUsers(app)) return c.redirect('/signin', 303);
    const { t } = uiOf(c);
    const attempt: Attempt = { of: 'setup', ip: c.get('ip'), name: '', device: null };
    const wait = startAttempt(app, attempt);
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000);
      c.header('retry-after', String(seconds));
      return show(c, { errors: { '': t.signIn.held({ seconds }) } }, 429);
    }
    const { token, ...form } = await readSetup(c);
    // Only a wrong token is a guess: a weak password is not.
    if (token) withdrawAttempt(app, attempt);
    if (!form.ok) return show(c, { ...form.state, token }, 422);
    try {
      const { userId } = await completeSetup(app, { kind: 'anonymous', ip: c.get('ip') }, form.input);
      attemptSucceeded(app, attempt);
      letIn(c, openSession(app, visitorOf(c), { id: userId }, 'setup'));
      return c.redirect('/', 303);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      return show(c, { values: form.state.values, errors: { [error.field ?? '']: error.say(t) }, token }, 422);
    }
  });

  /** The form, and its token when that is a good one: then the page that comes back keeps it. */
  async function readSetup(c: Context<Env>) {
    const { t } = uiOf(c);
    const form = await readForm(c, SetupForm, t);
    const body = await readBody(c);
    const given = typeof body.token === 'string' ? body.token.trim().slice(0, 200) : '';
    return { ...form, token: checkSetupToken(app, given) ? given : undefined };
  }

  return r;
}
