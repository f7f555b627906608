import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { listPower } from '../core/power/power.ts';
import { applyChange, planChange, type Asked } from '../core/system/change.ts';
import { addSwap, cancelPower, removeSwap, schedulePower, setIdentity, setLocale, setResolver, setSwappiness, setSync, setZone } from '../core/system/changes.ts';
import { IdentityInput, LocaleName, ResolverInput, ScheduleInput, SwapPath, SwapSize, Swappiness, Zone } from '../core/system/input.ts';
import { readRebootPending, readSystem } from '../core/system/system.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { askPlanned, sendPlanned, type PlannedForm } from '../http/planned.tsx';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import { IdentityFields, LocaleFields, ResolverFields, ScheduleFields, SwapFields, SwappinessFields, ZoneFields } from '../views/system/fields.tsx';
import { systemBack, type SystemTab } from '../views/system/frame.tsx';
import { NetworkPage } from '../views/system/network.tsx';
import { OverviewPage } from '../views/system/overview.tsx';
import { PowerTabPage } from '../views/system/power.tsx';
import { SwapPage } from '../views/system/swap.tsx';

const number = <S extends z.ZodType>(schema: S) => z.preprocess((value) => (value === '' ? undefined : Number(value)), schema);
/** One a line, or with blanks or commas between. */
const words = z.string().max(2000).default('').transform((text) => text.split(/[\s,]+/).filter(Boolean));
const Nothing = z.object({});
const IdentityForm = z.object(IdentityInput.shape);
const ZoneForm = z.object({ zone: Zone });
const SyncForm = z.object({ to: z.enum(['on', 'off']) });
const LocaleForm = z.object({ locale: LocaleName });
const ResolverForm = z.object({ servers: words.pipe(ResolverInput.shape.servers), search: words.pipe(z.array(z.string())).pipe(ResolverInput.shape.search.unwrap()) });
const SwapForm = z.object({ size: number(SwapSize) });
const SwapPathForm = z.object({ path: SwapPath });
const SwappinessForm = z.object({ swappiness: number(Swappiness) });
const ScheduleForm = z.object(ScheduleInput.shape);

/** What a machine that does not tell answers. */
const orNull = <T,>(answer: Promise<T>): Promise<T | null> =>
  answer.catch((error: unknown) => {
    if (error instanceof AppError && ['unsupported', 'unavailable'].includes(error.code)) return null;
    throw error;
  });

/** The machine itself: its name, clock, language, names of the network, swap, and when it goes down. */
export function system(app: App) {
  const r = new Hono<Env>();
  const { host } = app;
  const reboot = () => readRebootPending(app).catch(() => null);

  r.get('/system', allow('system.read'), async (c) => {
    const [facts, due, identity, time, locale, ...why] = await Promise.all([readSystem(app), reboot(), host.identity.read(), host.time.read(), host.locale.read(), host.identity.refusal(), host.time.refusal(), host.locale.refusal()]);
    return page(c, <OverviewPage ui={uiOf(c)} model={{ facts, reboot: due, identity, time, locale, refusals: { identity: why[0], time: why[1], locale: why[2] } }} />);
  });

  r.get('/system/network', allow('system.read'), async (c) => {
    const [resolver, refusal, { interfaces, routes }] = await Promise.all([orNull(host.resolver.read()), host.resolver.refusal(), host.interfaces.read()]);
    return page(c, <NetworkPage ui={uiOf(c)} model={{ resolver, refusal, interfaces, routes }} />);
  });

  r.get('/system/swap', allow('system.read'), async (c) => {
    const [swap, refusal] = await Promise.all([orNull(host.swap.read()), host.swap.refusal()]);
    return page(c, <SwapPage ui={uiOf(c)} model={{ swap, refusal }} />);
  });

  r.get('/system/power', allow('system.read'), async (c) => {
    const [planned, refusal, due, offers, facts, top] = await Promise.all([host.powerSchedule.read(), host.powerSchedule.refusal(), reboot(), listPower(app), readSystem(app), app.sampler.topProcesses().catch(() => null)]);
    const counts = { hostname: facts.hostname, uptime: facts.uptime, processes: top?.total ?? null, pages: c.get('streams').count() };
    return page(c, <PowerTabPage ui={uiOf(c)} model={{ planned, refusal, reboot: due, offers, counts }} />);
  });

  /** A form of a change: its words, what is entered, and which change that is. */
  const form = <S extends z.ZodType, Change>(
    c: Context<Env>, tab: SystemTab, schema: S, words: { title: string; submit: string; text?: string; done: string },
    asked: (input: z.output<S>) => Asked<Change> | Promise<Asked<Change>>, more: Partial<PlannedForm<S>> = {},
  ): PlannedForm<S> => ({
    schema, title: words.title, submit: words.submit, back: systemBack(uiOf(c), tab), fields: null, ...(words.text ? { lead: words.text } : {}), ...more,
    plan: async (input) => planChange(app, actorOf(c), await asked(input)),
    apply: async (input, seen) => applyChange(app, actorOf(c), await asked(input), seen),
    done: () => words.done,
  });

  const hostname = async (c: Context<Env>) => {
    const now = await host.identity.read();
    return form(c, 'overview', IdentityForm, uiOf(c).t.system.asks.hostname, (input) => setIdentity(app, input), { fields: (state) => <IdentityFields ui={uiOf(c)} state={state} now={now} /> });
  };
  r.get('/system/hostname', allow('system.write'), async (c) => askPlanned(c, await hostname(c)));
  r.post('/system/hostname', allow('system.write'), async (c) => sendPlanned(c, await hostname(c)));

  const zone = async (c: Context<Env>) => {
    const now = await host.time.read();
    return form(c, 'overview', ZoneForm, uiOf(c).t.system.asks.zone, (input) => setZone(app, input.zone), { fields: (state) => <ZoneFields ui={uiOf(c)} state={state} zones={now.zones} now={now.zone} /> });
  };
  r.get('/system/time-zone', allow('system.write'), async (c) => askPlanned(c, await zone(c)));
  r.post('/system/time-zone', allow('system.write'), async (c) => sendPlanned(c, await zone(c)));

  const sync = (c: Context<Env>) => form(c, 'overview', SyncForm, uiOf(c).t.system.asks.sync, ({ to }) => setSync(app, to === 'on'), { given: { to: c.req.query('to') ?? 'on' } });
  r.get('/system/clock-sync', allow('system.write'), (c) => askPlanned(c, sync(c)));
  r.post('/system/clock-sync', allow('system.write'), (c) => sendPlanned(c, sync(c)));

  const locale = async (c: Context<Env>) => {
    const now = await host.locale.read();
    return form(c, 'overview', LocaleForm, uiOf(c).t.system.asks.locale, (input) => setLocale(app, input.locale), { fields: (state) => <LocaleFields ui={uiOf(c)} state={state} locale={now} /> });
  };
  r.get('/system/locale', allow('system.write'), async (c) => askPlanned(c, await locale(c)));
  r.post('/system/locale', allow('system.write'), async (c) => sendPlanned(c, await locale(c)));

  const dns = async (c: Context<Env>) => {
    const now = await host.resolver.read();
    return form(c, 'network', ResolverForm, uiOf(c).t.system.asks.dns, (input) => setResolver(app, input), { fields: (state) => <ResolverFields ui={uiOf(c)} state={state} now={now} /> });
  };
  r.get('/system/dns', allow('system.write'), async (c) => askPlanned(c, await dns(c)));
  r.post('/system/dns', allow('system.write'), async (c) => sendPlanned(c, await dns(c)));

  const newSwap = async (c: Context<Env>) => {
    const { free, path } = await host.swap.read();
    return form(c, 'swap', SwapForm, uiOf(c).t.system.asks.swap, ({ size }) => addSwap(app, size), { fields: (state) => <SwapFields ui={uiOf(c)} state={state} free={free} path={path} /> });
  };
  r.get('/system/swap/new', allow('system.write'), async (c) => askPlanned(c, await newSwap(c)));
  r.post('/system/swap/new', allow('system.write'), async (c) => sendPlanned(c, await newSwap(c)));

  const noSwap = (c: Context<Env>) => form(c, 'swap', SwapPathForm, uiOf(c).t.system.asks.removeSwap, ({ path }) => removeSwap(app, path), { given: { path: c.req.query('path') ?? '' }, danger: true });
  r.get('/system/swap/remove', allow('system.write'), (c) => askPlanned(c, noSwap(c)));
  r.post('/system/swap/remove', allow('system.write'), (c) => sendPlanned(c, noSwap(c)));

  const swappiness = async (c: Context<Env>) => {
    const now = await host.swap.read();
    return form(c, 'swap', SwappinessForm, uiOf(c).t.system.asks.swappiness, (input) => setSwappiness(app, input.swappiness), { fields: (state) => <SwappinessFields ui={uiOf(c)} state={state} now={now.swappiness ?? 60} /> });
  };
  r.get('/system/swap/swappiness', allow('system.write'), async (c) => askPlanned(c, await swappiness(c)));
  r.post('/system/swap/swappiness', allow('system.write'), async (c) => sendPlanned(c, await swappiness(c)));

  const schedule = (c: Context<Env>) => form(c, 'power', ScheduleForm, uiOf(c).t.system.asks.schedule, (input) => schedulePower(app, input), { fields: (state) => <ScheduleFields ui={uiOf(c)} state={state} />, danger: true });
  r.get('/system/power/schedule', allow('power.write'), (c) => askPlanned(c, schedule(c)));
  r.post('/system/power/schedule', allow('power.write'), (c) => sendPlanned(c, schedule(c)));

  const cancel = (c: Context<Env>) => form(c, 'power', Nothing, uiOf(c).t.system.asks.cancel, () => cancelPower(app));
  r.get('/system/power/cancel', allow('power.write'), (c) => askPlanned(c, cancel(c)));
  r.post('/system/power/cancel', allow('power.write'), (c) => sendPlanned(c, cancel(c)));

  return r;
}
