import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { changeSshServer } from '../core/ssh-server/apply.ts';
import { SshServerForm, type SshServerWanted } from '../core/ssh-server/input.ts';
import { planSshServer } from '../core/ssh-server/plan.ts';
import { needSshServer, readSshServer, type SshServer } from '../core/ssh-server/ssh-server.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { emptyForm, readFields, type FormState } from '../http/form.ts';
import { accept } from '../http/list.ts';
import { patient } from '../http/patient.ts';
import { go, page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import { issueText } from '../lib/issue.ts';
import { SSH_SERVER, SshServerAwayPage, SshServerPage } from '../views/ssh-server/page.tsx';
import { ReviewSshServerPage } from '../views/ssh-server/review.tsx';

const Step = z.object({ do: z.enum(['review', 'apply', 'back']).default('review'), hash: z.string().max(64).default(''), sure: z.literal('on').optional() });
const NAMES = Object.keys(SshServerForm.shape);

/** The SSH server: a form, what it would change, and the change, which reverts unless it is kept. */
export function sshServer(app: App) {
  const r = new Hono<Env>();

  const show = async (c: Context<Env>, server: SshServer, state: FormState) =>
    page(c, <SshServerPage ui={uiOf(c)} server={server} state={state} signIns={await app.host.sshServer.signIns()} />, Object.keys(state.errors).length ? 422 : 200);

  r.get(SSH_SERVER, allow('ssh_server.read'), async (c) => {
    const server = await readSshServer(app, actorOf(c));
    return typeof server === 'string' ? page(c, <SshServerAwayPage ui={uiOf(c)} why={server} />) : show(c, server, emptyForm);
  });

  const review = async (c: Context<Env>, server: SshServer, wanted: SshServerWanted, values: Record<string, string>, error: string | null, status: 200 | 409 | 422) => {
    const plan = await planSshServer(app, server, wanted);
    return page(c, <ReviewSshServerPage ui={uiOf(c)} plan={plan} hash={server.hash} values={values} error={error} />, plan.fault === null ? status : 422);
  };

  r.post(SSH_SERVER, allow('ssh_server.write'), async (c) => {
    const { t } = uiOf(c);
    const actor = actorOf(c);
    const fields = await readFields(c);
    const step = accept(Step, fields, 'body');
    // An area of a form sends CRLF.
    const values = Object.fromEntries(NAMES.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name].replaceAll('\r\n', '\n')]])));
    const parsed = SshServerForm.safeParse(values);
    const server = await needSshServer(app, actor);
    if (!parsed.success || step.do === 'back') {
      const errors: Record<string, string> = {};
      for (const issue of parsed.error?.issues ?? []) errors[String(issue.path[0])] ??= issueText(issue.message, t);
      return show(c, server, { values, errors: step.do === 'back' ? {} : errors });
    }
    patient(c);
    if (step.do === 'review') return review(c, server, parsed.data, values, null, 200);
    try {
      await changeSshServer(app, actor, { settings: parsed.data, hash: step.hash, sure: step.sure === 'on' });
      return go(c, SSH_SERVER);
    } catch (error) {
      if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.code)) throw error;
      return review(c, server, parsed.data, values, error.say(t), error.code === 'conflict' ? 409 : 422);
    }
  });

  return r;
}
