import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { listPower } from '../core/power/power.ts';
import { applyChange, planChange, type Asked } from '../core/system/change.ts';
import { addSwap, automaticPaging, cancelPower, removePageFile, removeSwap, resyncClock, schedulePower, setIdentity, setLocale, setPageFile, setResolver, setSwappiness, setSync, setTimeServers, setZone } from '../core/system/changes.ts';
import { IdentityInput, LocaleName, PageFileInput, PageFilePath, ResolverInput, ScheduleInput, SwapPath, SwapSize, Swappiness, TimeServers, Zone } from '../core/system/input.ts';
import { readRebootPending, readSystem } from '../core/system/system.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { askPlanned, sendPlanned, type PlannedForm } from '../http/planned.tsx';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError, type Say } from '../lib/errors.ts';
import { IdentityFields, LocaleFields, PageFileFields, ResolverFields, ScheduleFields, SwapFields, SwappinessFields, TimeServersFields, ZoneFields } from '../views/system/fields.tsx';
import { systemBack, type SystemTab } from '../views/system/frame.tsx';
import { NetworkPage } from '../views/system/network.tsx';
import { OverviewPage } from '../views/system/overview.tsx';
import { PowerTabPage } from '../views/system/power.tsx';
import { SwapPage } from '../views/system/swap.tsx';
import type { Ui } from '../views/ui.ts';

const number = <S extends z.ZodType>(schema: S) => z.preprocess((value) => (value === '' ? undefined : Number(value)), schema);
/** One a line, or with blanks or commas between. */
const words = z.string().max(2000).default('').transform((text) => text.split(/[\s,]+/).filter(Boolean));
/** Of a page file: as numbers. Two that are left empty are those that Windows finds good. */
const sizes = (form: unknown) => {
  const { path, initial = '', maximum = '' } = form as Record<string, string>;
  return { path, initial: initial === '' && maximum === '' ? 0 : Number(initial || Number.NaN), maximum: initial === '' && maximum === '' ? 0 : Number(maximum || Number.NaN) };
};
const Nothing = z.object({});
const IdentityForm = z.object(IdentityInput.shape);
const ZoneForm = z.object({ zone: Zone });
const SyncForm = z.object({ to: z.enum(['on', 'off']) });
const LocaleForm = z.object({ locale: LocaleName });
const TimeServersForm = z.object({ servers: words.pipe(TimeServers) });
const ResolverForm = z.object({ link: z.preprocess((value) => (value === '' || value === undefined ? undefined : Number(value)), ResolverInput.shape.link), servers: words.pipe(ResolverInput.shape.servers), search: words.pipe(z.array(z.string())).pipe(ResolverInput.shape.search.unwrap()) });
const SwapForm = z.object({ size: number(SwapSize) });
const SwapPathForm = z.object({ path: SwapPath });
const PageFileForm = z.preprocess(sizes, PageFileInput);
const PageFilePathForm = z.object({ path: PageFilePath });
const SwappinessForm = z.object({ swappiness: number(Swappiness) });
const ScheduleForm = z.object(ScheduleInput.shape);

/** Words of a change that counts from the next start on: that is said when it is done. */
const atStart = <W extends { done: string }>(words: W, is: boolean, { t }: Ui): W => (is ? { ...words, done: t.system.atStart } : words);

/** What the machine tells; or null, and why it does not. */
const told = <T,>(answer: Promise<T>): Promise<{ value: T | null; why: Say | null }> =>
  answer.then((value) => ({ value, why: null }), (error: unknown) => {
    if (error instanceof AppError && ['unsupported', 'unavailable', 'denied'].includes(error.code)) return { value: null, why: error.say };
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
    const [{ value: resolver, why }, refusal, { interfaces, routes }] = await Promise.all([told(host.resolver.read()), host.resolver.refusal(), host.interfaces.read()]);
    return page(c, <NetworkPage ui={uiOf(c)} model={{ system: host.kind, resolver, refusal: refusal ?? why, interfaces, routes }} />);
  });

  r.get('/system/swap', allow('system.read'), async (c) => {
    const [{ value: swap, why }, refusal] = await Promise.all([told(host.swap.read()), host.swap.refusal()]);
    return page(c, <SwapPage ui={uiOf(c)} model={{ swap, refusal: refusal ?? why }} />);
  });

  r.get('/system/power', allow('system.read'), async (c) => {
    const [{ value: planned, why }, refusal, due, offers, facts, top] = await Promise.all([told(host.powerSchedule.read()), host.powerSchedule.refusal(), reboot(), listPower(app), readSystem(app), app.sampler.topProcesses().catch(() => null)]);
    const counts = { hostname: facts.hostname, uptime: facts.uptime, processes: top?.total ?? null, pages: c.get('streams').count() };
    return page(c, <PowerTabPage ui={uiOf(c)} model={{ planned, refusal: refusal ?? why, reboot: due, offers, counts }} />);
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
    return form(c, 'overview', IdentityForm, atStart(uiOf(c).t.system.asks.hostname, now.netbios, uiOf(c)), (input) => setIdentity(app, input), { fields: (state) => <IdentityFields ui={uiOf(c)} state={state} now={now} /> });
  };
  r.get('/system/hostname', allow('system.write'), async (c) => askPlanned(c, await hostname(c)));
  r.post('/system/hostname', allow('system.write'), async (c) => sendPlanned(c, await hostname(c)));

  const zone = async (c: Context<Env>) => {
    const now = await host.time.read();
    return form(c, 'overview', ZoneForm, uiOf(c).t.system.asks.zone, (input) => setZone(app, input.zone), { fields: (state) => <ZoneFields ui={uiOf(c)} state={state} time={now} /> });
  };
  r.get('/system/time-zone', allow('system.write'), async (c) => askPlanned(c, await zone(c)));
  r.post('/system/time-zone', allow('system.write'), async (c) => sendPlanned(c, await zone(c)));

  const sync = (c: Context<Env>) => form(c, 'overview', SyncForm, uiOf(c).t.system.asks.sync, ({ to }) => setSync(app, to === 'on'), { given: { to: c.req.query('to') ?? 'on' } });
  r.get('/system/clock-sync', allow('system.write'), (c) => askPlanned(c, sync(c)));
  r.post('/system/clock-sync', allow('system.write'), (c) => sendPlanned(c, sync(c)));

  const timeServers = async (c: Context<Env>) => {
    const { sync: now } = await host.time.read();
    return form(c, 'overview', TimeServersForm, uiOf(c).t.system.asks.timeServers, (input) => setTimeServers(app, input.servers), { fields: (state) => <TimeServersFields ui={uiOf(c)} state={state} now={now.servers ?? []} /> });
  };
  r.get('/system/clock-sync/servers', allow('system.write'), async (c) => askPlanned(c, await timeServers(c)));
  r.post('/system/clock-sync/servers', allow('system.write'), async (c) => sendPlanned(c, await timeServers(c)));

  const resync = (c: Context<Env>) => form(c, 'overview', Nothing, uiOf(c).t.system.asks.resync, () => resyncClock(app));
  r.get('/system/clock-sync/now', allow('system.write'), (c) => askPlanned(c, resync(c)));
  r.post('/system/clock-sync/now', allow('system.write'), (c) => sendPlanned(c, resync(c)));

  const locale = async (c: Context<Env>) => {
    const now = await host.locale.read();
    return form(c, 'overview', LocaleForm, atStart(uiOf(c).t.system.asks.locale, now.languages !== null, uiOf(c)), (input) => setLocale(app, input.locale), { fields: (state) => <LocaleFields ui={uiOf(c)} state={state} locale={now} /> });
  };
  r.get('/system/locale', allow('system.write'), async (c) => askPlanned(c, await locale(c)));
  r.post('/system/locale', allow('system.write'), async (c) => sendPlanned(c, await locale(c)));

  const dns = async (c: Context<Env>) => {
    const now = await host.resolver.read();
    return form(c, 'network', ResolverForm, uiOf(c).t.system.asks.dns, (input) => setResolver(app, input), { fields: (state) => <ResolverFields ui={uiOf(c)} state={state} now={now} asked={c.req.query('link') ?? ''} /> });
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

  const pageFile = async (c: Context<Env>) => {
    const { paging } = await host.swap.read();
    const ui = uiOf(c);
    return form(c, 'swap', PageFileForm, atStart(ui.t.system.asks.pageFile, true, ui), (input) => setPageFile(app, input), { fields: (state) => <PageFileFields ui={ui} state={state} paging={paging} asked={c.req.query('path') ?? ''} /> });
  };
  r.get('/system/swap/page-file', allow('system.write'), async (c) => askPlanned(c, await pageFile(c)));
  r.post('/system/swap/page-file', allow('system.write'), async (c) => sendPlanned(c, await pageFile(c)));

  const noPageFile = (c: Context<Env>) => form(c, 'swap', PageFilePathForm, atStart(uiOf(c).t.system.asks.removePageFile, true, uiOf(c)), ({ path }) => removePageFile(app, path), { given: { path: c.req.query('path') ?? '' }, danger: true });
  r.get('/system/swap/page-file/remove', allow('system.write'), (c) => askPlanned(c, noPageFile(c)));
  r.post('/system/swap/page-file/remove', allow('system.write'), (c) => sendPlanned(c, noPageFile(c)));

  const automatic = (c: Context<Env>) => form(c, 'swap', Nothing, atStart(uiOf(c).t.system.asks.automatic, true, uiOf(c)), () => automaticPaging(app));
  r.get('/system/swap/page-file/automatic', allow('system.write'), (c) => askPlanned(c, automatic(c)));
  r.post('/system/swap/page-file/automatic', allow('system.write'), (c) => sendPlanned(c, automatic(c)));

  const swappiness = async (c: Context<Env>) => {
    const now = await host.swap.read();
    return form(c, 'swap', SwappinessForm, uiOf(c).t.system.asks.swappiness, (input) => setSwappiness(app, input.swappiness), { fields: (state) => <SwappinessFields ui={uiOf(c)} state={state} now={now.swappiness ?? 60} /> });
  };
  r.get('/system/swap/swappiness', allow('system.write'), async (c) => askPlanned(c, await swappiness(c)));
  r.post('/system/swap/swappiness', allow('system.write'), async (c) => sendPlanned(c, await swappiness(c)));

  const schedule = (c: Context<Env>) => form(c, 'power', ScheduleForm, uiOf(c).t.system.asks.schedule, (input) => schedulePower(app, input), { fields: (state) => <ScheduleFields ui={uiOf(c)} state={state} windows={host.kind === 'windows'} />, danger: true });
  r.get('/system/power/schedule', allow('power.write'), (c) => askPlanned(c, schedule(c)));
  r.post('/system/power/schedule', allow('power.write'), (c) => sendPlanned(c, schedule(c)));

  const cancel = (c: Context<Env>) => form(c, 'power', Nothing, uiOf(c).t.system.asks.cancel, () => cancelPower(app));
  r.get('/system/power/cancel', allow('power.write'), (c) => askPlanned(c, cancel(c)));
  r.post('/system/power/cancel', allow('power.write'), (c) => sendPlanned(c, cancel(c)));

  return r;
}
