import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { changeService, planChange, ServiceChange, ServiceFault } from '../../core/services/change.ts';
import { listServices, readService, SERVICE_FIELDS, SERVICE_FILTER } from '../../core/services/services.ts';
import { changeTimer, findTimer, listTimers } from '../../core/services/timers.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { orList } from '../../http/form-done.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../../http/form.ts';
import { listFields, pageQuery, readQuery, writeCursor } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { serviceDone } from '../../http/service-done.ts';
import { createServicesFeed } from '../../http/services-feed.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { hostPort } from '../../lib/host-port.ts';
import type { ServiceVerb } from '../../platform/services.ts';
import { ServiceChangePage, TimerChangePage } from '../../views/services/change.tsx';
import { ServicesPage } from '../../views/services/list.tsx';
import { ServicePage } from '../../views/services/one.tsx';
import { servicePath } from '../../views/services/paths.ts';
import { TimersPage } from '../../views/services/timers.tsx';

/** One that has just been started has other processes. */
const FRESH_MS = 300;
/** More than machines have; beyond it there are pages. */
const PAGE_ROWS = 500;

const Query = z.object({ ...listFields(SERVICE_FIELDS, 'state'), ...SERVICE_FILTER, q: SERVICE_FILTER.q.default('') });
const Verb = z.object({ verb: ServiceChange.shape.verb });
const OnOff = z.object({ on: z.enum(['on', 'off']) });
const Saved = z.object({ saved: z.literal('on').optional() });

export function services(app: App) {
  const r = new Hono<Env>();
  const feed = createServicesFeed(app);

  r.get('/services', allow('services.read'), async (c) => {
    const query = { ...readQuery(c, Query), limit: PAGE_ROWS };
    const about = await app.host.services.about();
    const list = await listServices(app, actorOf(c), { ...pageQuery(query), q: query.q, state: query.state, start: query.start });
    return page(c, <ServicesPage ui={uiOf(c)} model={{ about, list: { ...list, cursor: writeCursor(list.next, query.sort) }, query }} />);
  });

  r.get('/services/stream', allow('services.read'), (c) => c.get('streams').open(c, (stream) => feed.join(stream)));

  r.get('/services/timers', allow('services.read'), async (c) => page(c, <TimersPage ui={uiOf(c)} about={await app.host.services.about()} timers={await listTimers(app, actorOf(c))} />));

  r.get('/services/timers/:name', allow('services.write'), async (c) => {
    const on = readQuery(c, OnOff).on === 'on';
    const timer = await findTimer(app, actorOf(c), c.req.param('name'));
    return page(c, <TimerChangePage ui={uiOf(c)} timer={timer} on={on} commands={app.host.services.timerCommands(timer.name, on)} />);
  });

  r.post('/services/timers/:name', allow('services.write'), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, OnOff, t);
    if (!form.ok) throw new AppError('invalid', (m) => m.errors.badRequest);
    const name = c.req.param('name');
    const on = form.input.on === 'on';
    await changeTimer(app, actorOf(c), name, on);
    return serviceDone(c, { page: '/services/timers', text: on ? t.services.timers.isOn({ name }) : t.services.timers.isOff({ name }) });
  });

  r.get('/services/:name', allow('services.read'), (c) => orList(c, '/services', async () => {
    const { saved } = readQuery(c, Saved);
    const service = await readService(app, actorOf(c), c.req.param('name'));
    const { system, units } = await app.host.services.about();
    const { rows } = await app.sampler.processes(FRESH_MS);
    const processes = service.row.template ? [] : rows.filter((row) => row.service === service.row.name || row.pid === service.row.pid);
    const pids = new Set(processes.map(({ pid }) => pid));
    const listeners = pids.size ? await app.host.processes.listeners() : [];
    const ports = [...new Set(listeners.filter(({ pid }) => pid !== null && pids.has(pid)).map((each) => `${hostPort(each)}${each.protocol === 'udp' ? '/udp' : ''}`))].slice(0, 20);
    const kept = (await app.host.services.programs()).find((program) => program.service === service.row.name);
    return page(c, <ServicePage ui={uiOf(c)} model={{ service, processes, ports, system, units, saved: saved === 'on', program: kept?.name ?? null }} />);
  }));

  const ask = async (c: Context<Env>, verb: ServiceVerb, state: FormState, failed?: ServiceFault) => {
    const plan = await planChange(app, actorOf(c), c.req.param('name')!, verb);
    const shown = failed ? { lines: failed.lines, detail: failed.detail } : undefined;
    return page(c, <ServiceChangePage ui={uiOf(c)} plan={plan} verb={verb} {...state} {...(shown ? { failed: shown } : {})} />, state === emptyForm ? 200 : 422);
  };

  r.get('/services/:name/change', allow('services.write'), (c) => ask(c, readQuery(c, Verb).verb, emptyForm));

  r.post('/services/:name/change', allow('services.write'), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, ServiceChange, t);
    if (!form.ok) throw new AppError('invalid', (m) => m.errors.badRequest);
    const { verb } = form.input;
    try {
      const { name } = await changeService(app, actorOf(c), c.req.param('name'), form.input);
      return serviceDone(c, { page: servicePath(name), text: t.services.done[verb]({ name }) });
    } catch (error) {
      if (error instanceof ServiceFault) return ask(c, verb, { values: form.state.values, errors: { '': error.say(t) } }, error);
      return ask(c, verb, formRefusal(error, form.state, t));
    }
  });

  return r;
}
