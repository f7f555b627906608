import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { listAudit } from '../core/audit/list.ts';
import { chooseNames, listNames } from '../core/metrics/choice.ts';
import { RANGES, readHistory, type Range } from '../core/metrics/history.ts';
import { listNotices } from '../core/notices/notices.ts';
import { listPower } from '../core/power/power.ts';
import { processesAt } from '../core/processes/minutes.ts';
import { readSystem } from '../core/system/system.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { readBody } from '../http/form.ts';
import { createMetricsFeed } from '../http/metrics-feed.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import { CORE_MS } from '../views/dashboard/cores.tsx';
import { SPAN } from '../views/dashboard/charts.ts';
import { MinutePage } from '../views/dashboard/minute.tsx';
import { TOP_SORTS, type Dashboard } from '../views/dashboard/model.ts';
import { DashboardPage } from '../views/dashboard/page.tsx';
import { liveColumns, toColumns } from '../views/dashboard/series.ts';

/** What stands in an address is anyone's: unknown words mean the default. */
const Query = z.object({ range: z.enum(RANGES).catch('live'), sort: z.enum(TOP_SORTS).catch('cpu') });

const At = z.coerce.number().int().min(0).max(8.64e15);

const Devices = z.object({
  kind: z.enum(['interfaces', 'disks']),
  shown: z.union([z.string(), z.array(z.string())]).default([]).transform((names) => [names].flat()),
  range: z.enum(RANGES).catch('live'),
});

const EVENTS = 6;

/** The machine at a glance, live. */
export function dashboard(app: App) {
  const feed = createMetricsFeed(app);
  const r = new Hono<Env>();

  r.get('/', allow('dashboard.read'), async (c) => {
    const ui = uiOf(c);
    return page(c, <DashboardPage ui={ui} model={await read(app, c)} />);
  });

  r.get('/dashboard/stream', allow('dashboard.read'), (c) => {
    const since = At.safeParse(c.req.query('since') || undefined);
    return c.get('streams').open(c, (stream) => feed.join(stream, since.success ? since.data : null));
  });

  // The same columns that the page carries, for charts of a range that stay open.
  r.get('/dashboard/history', allow('dashboard.read'), (c) => {
    const { range } = Query.parse(c.req.query());
    return c.json(charts(app, range));
  });

  r.get('/dashboard/processes', allow('dashboard.read'), (c) => {
    const at = At.safeParse(c.req.query('at') || undefined);
    if (!at.success) throw new AppError('invalid', (t) => t.errors.badRequest);
    return page(c, <MinutePage ui={uiOf(c)} at={at.data} minute={processesAt(app, at.data)} section="dashboard" />);
  });

  r.post('/dashboard/devices', allow('settings.write'), async (c) => {
    const parsed = Devices.safeParse(await readBody(c, { all: true }));
    if (!parsed.success) throw new AppError('invalid', (t) => t.errors.badRequest);
    const { kind, shown, range } = parsed.data;
    const names = listNames(app);
    const kept = (list: readonly { name: string; shown: boolean }[]) => list.filter((one) => one.shown).map((one) => one.name);
    chooseNames(app, actorOf(c), {
      interfaces: kind === 'interfaces' ? shown : kept(names.interfaces),
      disks: kind === 'disks' ? shown : kept(names.disks),
      mounts: names.mounts.filter((one) => one.shown).map((one) => one.path),
    });
    return c.redirect(range === 'live' ? '/' : `/?range=${range}`, 303);
  });

  return r;
}

function charts(app: App, range: Range): Pick<Dashboard, 'range' | 'from' | 'to' | 'step' | 'columns'> {
  const to = app.clock.now();
  const from = to - SPAN[range];
  // Live needs nothing but what is in memory, and is asked for most.
  if (range === 'live') return { range, from, to, step: 1, columns: liveColumns(app.sampler.recent(), from) };
  const { step, points } = readHistory(app, range);
  return { range, from, to, step, columns: toColumns(points) };
}

/** Everything on the page, the slow parts at the same time. */
async function read(app: App, c: Context<Env>): Promise<Dashboard> {
  const ui = uiOf(c);
  const { range, sort } = Query.parse(c.req.query());
  const [system, notices, power, mounts, top] = await Promise.all([
    readSystem(app),
    listNotices(app),
    ui.can('power.write') ? listPower(app) : [],
    app.sampler.mounts(),
    // A dashboard without its list is better than none: the section says so.
    app.sampler.topProcesses().catch(() => null),
  ]);
  const sample = app.sampler.latest();
  const recent = app.sampler.recent().filter((one) => one.at >= (sample?.at ?? 0) - CORE_MS);
  const names = listNames(app);
  return {
    ...charts(app, range),
    sort, system, notices, power, mounts, top, sample,
    cores: (sample?.cores ?? []).map((_, i) => recent.map((one) => one.cores[i] ?? 0)),
    coreTimes: recent.map((one) => one.at),
    pages: c.get('streams').count(),
    events: ui.can('audit.read') ? listAudit(app, actorOf(c), { limit: EVENTS, by: 'at', descending: true }).items : null,
    interfaces: names.interfaces,
    disks: names.disks,
  };
}
