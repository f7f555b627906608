import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { blocksStanding } from '../../core/blocks/apply.ts';
import { blockCommands } from '../../core/blocks/change.ts';
import { changeJail, JailAddress, JailName, readJails } from '../../core/guard/fail2ban.ts';
import { BAN_FIELDS, changeGuard, guardCounts, GuardInput, guardSettings, liftBan, listBans, readBan, sourcesHere } from '../../core/guard/guard.ts';
import { parseSteps } from '../../core/guard/steps.ts';
import { guardState } from '../../core/guard/watch.ts';
import { GUARD_SOURCES } from '../../core/settings/settings.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { formDone } from '../../http/form-done.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../../http/form.ts';
import { listFields, pageQuery, readQuery, writeCursor } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { JailFormPage } from '../../views/firewall/guard/jails.tsx';
import { BanPage, LiftBanPage } from '../../views/firewall/guard/one.tsx';
import { GuardPage } from '../../views/firewall/guard/page.tsx';

const HERE = '/firewall/guard';
const PAGE_ROWS = 50;

const Query = z.object({ ...listFields(BAN_FIELDS, '-at'), q: z.string().max(100).default(''), show: z.enum(['active', 'all']).default('active'), done: z.literal('saved').optional() });

const box = z.literal('on').optional();
const steps = z.string().max(100).transform(parseSteps).refine((found) => found !== null, say('guard.steps', (t) => t.guard.stepsRule)).pipe(GuardInput.shape.guardSteps);
/** The form has shorter names, and boxes that send nothing when they are not ticked. */
const Form = z.object({
  on: box, sshd: box, rdp: box, panel: box,
  failures: GuardInput.shape.guardFailures, minutes: GuardInput.shape.guardMinutes, steps,
  allow: z.string().max(100_000).transform((text) => text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean)).pipe(GuardInput.shape.neverBlocked),
});

const JailForm = z.object({ address: JailAddress });
const JailQuery = z.object({ address: z.string().max(64).default('') });

/** Who guesses passwords is not let in for a while. */
export function guard(app: App) {
  const r = new Hono<Env>();

  /** What fail2ban says instead of answering belongs on the page: the rest of it is as good as ever. */
  const jailsOf = async (c: Context<Env>) => {
    try {
      return await readJails(app, actorOf(c));
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'denied') throw error;
      return [error.say(uiOf(c).t), error.detail].filter(Boolean).join('\n');
    }
  };

  const show = async (c: Context<Env>, form: FormState, query = { ...Query.parse({}), limit: PAGE_ROWS }) => {
    const found = listBans(app, actorOf(c), { ...pageQuery(query), q: query.q, active: query.show === 'active' });
    const model = {
      settings: guardSettings(app, actorOf(c)), sources: sourcesHere(app), state: guardState(app), counts: guardCounts(app), standing: await blocksStanding(app),
      bans: { ...found, next: writeCursor(found.next, query.sort) }, jails: await jailsOf(c), query,
    };
    return page(c, <GuardPage ui={uiOf(c)} model={model} form={form} />, Object.keys(form.errors).length ? 422 : 200);
  };

  r.get(HERE, allow('guard.read'), (c) => show(c, emptyForm, { ...readQuery(c, Query), limit: PAGE_ROWS }));

  r.post(HERE, allow('guard.write'), async (c) => {
    const form = await readForm(c, Form, uiOf(c).t);
    if (!form.ok) return show(c, form.state);
    const { input } = form;
    const [offered, kept] = [sourcesHere(app), guardSettings(app, actorOf(c)).guardSources];
    try {
      changeGuard(app, actorOf(c), {
        guardOn: input.on === 'on', guardSources: GUARD_SOURCES.filter((source) => (offered.includes(source) ? input[source] === 'on' : kept.includes(source))),
        guardFailures: input.failures, guardMinutes: input.minutes, guardSteps: input.steps, neverBlocked: input.allow,
      });
    } catch (error) {
      return show(c, formRefusal(error, form.state, uiOf(c).t));
    }
    return c.redirect(`${HERE}?done=saved#settings`, 303);
  });

  bans(app, r);
  jails(app, r);
  return r;
}

function idOf(c: Context<Env>): number {
  const id = Number(c.req.param('id'));
  if (!Number.isSafeInteger(id) || id < 1) throw new AppError('not_found', (t) => t.errors.notFound);
  return id;
}

function bans(app: App, r: Hono<Env>) {
  r.get('/firewall/guard/bans/:id', allow('guard.read'), (c) => page(c, <BanPage ui={uiOf(c)} ban={readBan(app, actorOf(c), idOf(c))} />));

  const showLift = (c: Context<Env>, state: FormState) => {
    const ban = readBan(app, actorOf(c), idOf(c));
    const commands = ban.active ? blockCommands(app, ban.address, null, 'removed') : [];
    return page(c, <LiftBanPage ui={uiOf(c)} ban={ban} commands={commands} errors={state.errors} />, state === emptyForm ? 200 : 422);
  };

  r.get('/firewall/guard/bans/:id/lift', allow('guard.write'), (c) => showLift(c, emptyForm));

  r.post('/firewall/guard/bans/:id/lift', allow('guard.write'), async (c) => {
    const { t } = uiOf(c);
    const ban = readBan(app, actorOf(c), idOf(c));
    try {
      await liftBan(app, actorOf(c), ban.id);
      return formDone(c, { list: HERE, text: t.guard.lifted({ address: ban.address }) });
    } catch (error) {
      return showLift(c, formRefusal(error, { values: {}, errors: {} }, t));
    }
  });
}

function jails(app: App, r: Hono<Env>) {
  const jailOf = (c: Context<Env>) => {
    const found = JailName.safeParse(c.req.param('jail'));
    if (!found.success) throw new AppError('not_found', (t) => t.guard.noJail);
    return found.data;
  };
  for (const verb of ['ban', 'unban'] as const) {
    const showForm = (c: Context<Env>, state: FormState) => {
      const command = app.host.fail2ban.command(verb, jailOf(c), state.values.address || '…');
      return page(c, <JailFormPage ui={uiOf(c)} verb={verb} jail={jailOf(c)} command={command} {...state} />, Object.keys(state.errors).length ? 422 : 200);
    };

    r.get(`/firewall/guard/fail2ban/:jail/${verb}`, allow('guard.write'), (c) => showForm(c, { values: readQuery(c, JailQuery), errors: {} }));

    r.post(`/firewall/guard/fail2ban/:jail/${verb}`, allow('guard.write'), async (c) => {
      const { t } = uiOf(c);
      const form = await readForm(c, JailForm, t);
      if (!form.ok) return showForm(c, form.state);
      const { address } = form.input;
      try {
        await changeJail(app, actorOf(c), verb, jailOf(c), address);
        return formDone(c, { list: HERE, text: (verb === 'ban' ? t.guard.jailBanned : t.guard.lifted)({ address }) });
      } catch (error) {
        return showForm(c, formRefusal(error, form.state, t));
      }
    });
  }
}
