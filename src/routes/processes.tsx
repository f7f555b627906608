import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { belongingsOf } from '../core/processes/belongs.ts';
import { ends, PriorityInput, ProcessKeyInput, setPriority, SignalInput, signalProcess } from '../core/processes/change.ts';
import { readProcess, revealEnvironment } from '../core/processes/one.ts';
import { listProcesses, listProcessTree, PROCESS_FIELDS, processesAt } from '../core/processes/processes.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import { formDone } from '../http/form-done.ts';
import type { Env } from '../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../http/form.ts';
import { listFields, pageQuery, readQuery, writeCursor } from '../http/list.ts';
import { createProcessesFeed } from '../http/processes-feed.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import type { ProcessKey } from '../platform/processes.ts';
import { MinutePage } from '../views/dashboard/minute.tsx';
import { PriorityPage, SignalPage } from '../views/processes/change.tsx';
import { ProcessPage } from '../views/processes/one.tsx';
import { ProcessesPage } from '../views/processes/page.tsx';
import { processPath } from '../views/processes/row.tsx';

export const PAGE_ROWS = 100;
/** Lines of the tree without JavaScript. */
const TREE_ROWS = 1000;
const MINUTE = 60_000;

const Query = z.object({
  ...listFields(PROCESS_FIELDS, '-cpu'),
  q: z.string().max(200).default(''),
  view: z.enum(['list', 'tree']).default('list'),
  live: z.literal('on').optional(),
  /** ms since 1970: what ran then. */
  at: z.coerce.number().int().min(0).max(8.64e15).optional(),
});

const StreamQuery = z.object({ traffic: z.literal('on').optional() });

const SignalQuery = z.object({ signal: SignalInput.shape.signal.default('TERM') });
const SignalForm = SignalInput.extend({ tree: z.literal('on').optional().transform((value) => value === 'on') });

/** An empty field is none. */
const PriorityForm = z.object({ nice: z.preprocess((value) => (value === '' ? undefined : Number(value)), PriorityInput.shape.nice) });

/** What stands in the address; what no process can be called is none. @throws AppError not_found */
function keyOf(c: Context<Env>): ProcessKey {
  const found = ProcessKeyInput.safeParse({ pid: c.req.param('pid'), startedAt: c.req.param('startedAt') });
  if (!found.success) throw new AppError('not_found', (t) => t.errors.notFound);
  return found.data;
}

/** What runs on the machine: to be looked at, ended, paused and put in its place. */
export function processes(app: App) {
  const r = new Hono<Env>();
  const feed = createProcessesFeed(app);
  const one = (c: Context<Env>) => readProcess(app, actorOf(c), keyOf(c));

  r.get('/processes', allow('processes.read'), async (c) => {
    const query = { ...readQuery(c, Query), limit: PAGE_ROWS };
    if (query.at !== undefined) return page(c, <MinutePage ui={uiOf(c)} at={query.at} minute={processesAt(app, query.at)} section="processes" />);
    const asked = { ...pageQuery(query), q: query.q };
    const list = query.view === 'tree' ? { ...(await listProcessTree(app, { ...asked, limit: TREE_ROWS })), next: null } : await flat(asked, query.sort);
    const containers = new Set(list.items.flatMap(({ row }) => row.container ?? []));
    const belongings = await belongingsOf(app, containers);
    const memory = app.sampler.latest()?.memory?.total ?? null;
    return page(c, <ProcessesPage ui={uiOf(c)} list={list} query={{ ...query, live: query.live === 'on' }} belongings={belongings} memory={memory} traffic={app.host.processes.traffic !== null} earlier={app.clock.now() - MINUTE} />);
  });

  const flat = async (query: Parameters<typeof listProcesses>[1], sort: string) => {
    const found = await listProcesses(app, query);
    return { items: found.items.map((row) => ({ row, depth: 0 })), total: found.total, next: writeCursor(found.next, sort) };
  };

  r.get('/processes/stream', allow('processes.read'), (c) => {
    const { traffic } = readQuery(c, StreamQuery);
    return c.get('streams').open(c, (stream) => feed.join(stream, { traffic: traffic === 'on' }));
  });

  r.get('/processes/:pid/:startedAt', allow('processes.read'), async (c) => page(c, <ProcessPage ui={uiOf(c)} one={await one(c)} signals={app.host.processes.signals} />));

  r.post('/processes/:pid/:startedAt/environment', allow('processes.write'), async (c) => {
    const revealed = await revealEnvironment(app, actorOf(c), keyOf(c));
    return page(c, <ProcessPage ui={uiOf(c)} one={await one(c)} signals={app.host.processes.signals} revealed={revealed} />);
  });

  const showSignal = async (c: Context<Env>, signal: z.output<typeof SignalQuery>['signal'], state: FormState) => {
    const found = await one(c);
    return page(c, <SignalPage ui={uiOf(c)} one={found} signal={signal} command={app.host.processes.command(found.row.pid, { signal })} {...state} />, state === emptyForm ? 200 : 422);
  };

  r.get('/processes/:pid/:startedAt/signal', allow('processes.write'), (c) => showSignal(c, readQuery(c, SignalQuery).signal, emptyForm));

  r.post('/processes/:pid/:startedAt/signal', allow('processes.write'), async (c) => {
    const { t, fmt } = uiOf(c);
    const found = await one(c);
    const form = await readForm(c, SignalForm, t);
    if (!form.ok) throw new AppError('invalid', (m) => m.errors.badRequest);
    const { signal, tree } = form.input;
    try {
      const { sent, left } = await signalProcess(app, actorOf(c), keyOf(c), form.input);
      const { name } = found.row;
      const { done, does } = t.processes;
      const text = left.length ? done.left({ name, n: fmt.number(left.length) }) : !ends(signal) ? done.sent({ name, verb: does[signal] }) : tree && sent > 1 ? done.endedTree({ name, n: fmt.number(sent) }) : done.ended({ name });
      return formDone(c, { list: '/processes', page: ends(signal) && !left.length ? '/processes' : processPath(found.row), text, tone: left.length ? 'warn' : 'ok' });
    } catch (error) {
      return showSignal(c, signal, formRefusal(error, form.state, t));
    }
  });

  const showPriority = async (c: Context<Env>, state: FormState) => page(c, <PriorityPage ui={uiOf(c)} one={await one(c)} {...state} />, state === emptyForm ? 200 : 422);

  r.get('/processes/:pid/:startedAt/priority', allow('processes.write'), (c) => showPriority(c, emptyForm));

  r.post('/processes/:pid/:startedAt/priority', allow('processes.write'), async (c) => {
    const { t } = uiOf(c);
    const found = await one(c);
    const form = await readForm(c, PriorityForm, t);
    if (!form.ok) return showPriority(c, form.state);
    await setPriority(app, actorOf(c), keyOf(c), form.input);
    return formDone(c, { list: '/processes', page: processPath(found.row), text: t.processes.priorityDone({ name: found.row.name, nice: String(form.input.nice) }) });
  });

  return r;
}
