import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { ContainerId } from '../../core/containers/container.ts';
import { actOnContainers, CONTAINER_ACTIONS, ContainerFilter, isIn, listContainers } from '../../core/containers/containers.ts';
import { CONTAINER_SORTS, orderContainers } from '../../core/containers/order.ts';
import { newerAmong } from '../../core/containers/updates/updates.ts';
import type { Binding } from '../../core/containers/ports/facts.ts';
import { portJudge } from '../../core/containers/ports/ports.ts';
import { readEngine } from '../../core/docker/engine.ts';
import { installOffer } from '../../core/docker/install.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readBody } from '../../http/form.ts';
import { accept, listFields, readQuery } from '../../http/list.ts';
import { isHtmx, localPath, page, trigger } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { ContainersPage } from '../../views/containers/list.tsx';
import { keyOf } from '../../views/containers/port-words.ts';
import { RemoveContainersPage } from '../../views/containers/remove.tsx';

/** A list is told of changes at most this often. */
const CHANGES_MS = 200;
/** Counts of restarts are asked for one by one. */
const RESTARTS_MS = 4000;
/** Texts of what went wrong that fit beside each other. */
const SHOWN = 3;

const ListQuery = ContainerFilter.extend({
  sort: listFields(CONTAINER_SORTS, 'name').sort,
  /** Stacks stay together, unless this says no. */
  group: z.literal('off').optional(),
});

const words = (value: unknown): string[] => [value ?? []].flat().map(String);

/** `one` is "restart <id>", of a row; else `action` with what is ticked. */
const Act = z
  .object({ one: z.string().max(300).optional(), action: z.enum(CONTAINER_ACTIONS).optional(), ids: z.preprocess(words, z.array(ContainerId).max(500)) })
  .transform(({ one, action, ids }) => {
    if (!one) return { action, ids };
    const [verb, id] = one.split(' ');
    return { action: verb, ids: [id] };
  })
  .pipe(z.object({ action: z.enum(CONTAINER_ACTIONS), ids: z.array(ContainerId).min(1).max(500) }));

const Selected = z.preprocess(words, z.array(ContainerId).min(1).max(500));

export function containers(app: App) {
  const r = new Hono<Env>();

  r.get('/containers', allow('containers.read'), async (c) => {
    const query = readQuery(c, ListQuery);
    const use = (id: string) => app.containers.history(id).at(-1);
    // Whoever sorts by it waits for it.
    const listed = listContainers(app, actorOf(c), { q: query.q }, query.sort.endsWith('restarts') ? RESTARTS_MS : undefined);
    // Whether there is an engine is said first; the list is on its way meanwhile.
    listed.catch(() => {});
    const engine = await readEngine(app);
    const [all, judge] = engine.up ? await Promise.all([listed, portJudge(app, actorOf(c), false)]) : [[], async () => []];
    const newer = await newerAmong(app, all);
    const found = query.state ? all.filter((one) => isIn(one, query.state!)) : all;
    const shown = orderContainers(found, query.sort, query.group !== 'off', use);
    const facts = await judge(shown.flatMap(({ ports }) => ports.filter((port): port is typeof port & Binding => port.host !== null && port.address !== null)));
    const model = {
      engine, query, offer: engine.up ? null : await installOffer(app),
      shown, facts: new Map(facts.map((fact) => [keyOf(fact), fact])),
      counts: { all: all.length, running: all.filter((one) => isIn(one, 'running')).length, stopped: all.filter((one) => isIn(one, 'stopped')).length, unhealthy: all.filter((one) => isIn(one, 'unhealthy')).length },
      use, newer,
    };
    return page(c, <ContainersPage ui={uiOf(c)} model={model} />);
  });

  r.get('/containers/stream', allow('containers.read'), (c) =>
    c.get('streams').open(c, (stream) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      /** What came since the last was told. */
      let next: { up: boolean } | null = null;
      // The first at once; a container that starts is four events, and a list is drawn anew for each that is told.
      const tell = (event: { up: boolean }) => {
        if (timer) return void (next = event);
        stream.send('changed', JSON.stringify(event));
        timer = setTimeout(() => {
          timer = undefined;
          const late = next;
          next = null;
          if (late) tell(late);
        }, CHANGES_MS);
      };
      const offs = [
        app.bus.on('containers.changed', tell),
        app.bus.on('containers.used', (event) => stream.send('used', JSON.stringify(event))),
        app.containers.look(),
      ];
      stream.onEnd(() => {
        for (const off of offs) off();
        clearTimeout(timer);
      });
    }),
  );

  r.get('/containers/remove', allow('containers.admin'), async (c) => {
    const ids = new Set(accept(Selected, c.req.queries('ids'), 'query'));
    const all = await listContainers(app, actorOf(c));
    return page(c, <RemoveContainersPage ui={uiOf(c)} containers={all.filter(({ id, name }) => ids.has(id) || ids.has(name))} />);
  });

  r.post('/containers/act', allow('containers.write'), async (c) => act(app, c));
  return r;
}

async function act(app: App, c: Context<Env>) {
  const body = await readBody(c, { all: true });
  const input = accept(Act, body, 'body');
  const acted = await actOnContainers(app, actorOf(c), input);
  const { t } = uiOf(c);
  const failed = acted.filter(({ error }) => error !== null);
  if (!isHtmx(c)) {
    if (failed[0]?.error) throw failed[0].error;
    // The page of a container comes back to itself, unless there is none any longer.
    const to = typeof body.to === 'string' && input.action !== 'remove' ? body.to : undefined;
    return c.redirect(localPath(to, '/containers'), 303);
  }
  const text = failed.slice(0, SHOWN).map(({ name, error }) => t.containers.notDone({ name, why: error!.say(t) }));
  const done = t.containers.done[input.action]({ n: acted.length - failed.length });
  // One header for both: what the page does next, and what it says.
  trigger(c, {
    'containers-done': {}, 'containers-changed': {},
    toast: failed.length ? { tone: 'danger', text: text.join('\n') } : { tone: 'ok', text: done },
  });
  return c.body(null, 204);
}
