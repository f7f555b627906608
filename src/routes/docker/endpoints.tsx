import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { addEndpoint, changeEndpoint, getEndpoint, listEndpoints, removeEndpoint, type Endpoint } from '../../core/docker/endpoints/endpoints.ts';
import { EndpointInput } from '../../core/docker/endpoints/input.ts';
import type { EngineState } from '../../core/docker/engine.ts';
import { lastTest, testEndpoint, useEndpoint } from '../../core/docker/endpoints/use.ts';
import { listSshHosts } from '../../core/terminal/ssh-hosts/hosts.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../../http/form.ts';
import { changed, go, isHtmx, page, toast } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { EndpointPage, valuesOf } from '../../views/docker/endpoints/form.tsx';
import { EndpointsSection, type ListedEndpoint } from '../../views/docker/endpoints/list.tsx';

/** This machine first: it is always there. @param now what the one in use has just said */
export function listedEndpoints(app: App, c: Context<Env>, now?: EngineState): ListedEndpoint[] {
  const chosen = app.engines.chosen();
  const last = (id: string | null) => (now && id === chosen ? { at: app.clock.now(), state: now, keyOf: now.up ? null : (lastTest(app, id)?.keyOf ?? null) } : lastTest(app, id));
  const here = { saved: null, url: app.engines.driver(null).endpoint(), chosen: chosen === null, last: last(null) };
  const saved = listEndpoints(app, actorOf(c)).map((one) => ({ saved: one, url: one.url, chosen: chosen === one.id, last: last(one.id) }));
  return [here, ...saved];
}

const Id = z.uuid();

/** null: this machine. @throws AppError not_found for what cannot be an id */
function idOf(c: Context<Env>): string | null {
  const id = c.req.param('id')!;
  if (id === 'here') return null;
  if (!Id.safeParse(id).success) throw new AppError('not_found', (t) => t.endpoints.notFound);
  return id;
}

/** Engines that are saved, and the one that the panel works on. */
export function dockerEndpoints(app: App) {
  const r = new Hono<Env>();

  const showForm = (c: Context<Env>, endpoint: Endpoint | null, state: FormState, status: 200 | 422 = 200) =>
    page(c, <EndpointPage ui={uiOf(c)} endpoint={endpoint} hosts={listSshHosts(app, actorOf(c))} {...state} />, status);

  /** An endpoint that is saved, not this machine. */
  const find = (c: Context<Env>) => getEndpoint(app, actorOf(c), idOf(c) ?? '');

  /** What was saved is asked at once; where a person has to look at a host key, that comes next. */
  const tested = async (c: Context<Env>, id: string) => {
    const { keyOf } = await testEndpoint(app, actorOf(c), id);
    return c.redirect(keyOf ? `/terminal/hosts/${keyOf}/key?engine=${id}` : '/docker#endpoints', 303);
  };

  r.get('/docker/endpoints/new', allow('containers.admin'), (c) => showForm(c, null, emptyForm));

  r.post('/docker/endpoints', allow('containers.admin'), async (c) => {
    const form = await readForm(c, EndpointInput, uiOf(c).t);
    if (!form.ok) return showForm(c, null, form.state, 422);
    let id: string;
    try {
      id = addEndpoint(app, actorOf(c), form.input);
    } catch (error) {
      return showForm(c, null, formRefusal(error, form.state, uiOf(c).t), 422);
    }
    return tested(c, id);
  });

  r.get('/docker/endpoints/:id', allow('containers.admin'), (c) => {
    const endpoint = find(c);
    return showForm(c, endpoint, { values: valuesOf(endpoint), errors: {} });
  });

  r.post('/docker/endpoints/:id', allow('containers.admin'), async (c) => {
    const endpoint = find(c);
    const form = await readForm(c, EndpointInput, uiOf(c).t);
    if (!form.ok) return showForm(c, endpoint, form.state, 422);
    try {
      changeEndpoint(app, actorOf(c), endpoint.id, form.input);
    } catch (error) {
      return showForm(c, endpoint, formRefusal(error, form.state, uiOf(c).t), 422);
    }
    return tested(c, endpoint.id);
  });

  r.post('/docker/endpoints/:id/test', allow('containers.admin'), async (c) => {
    await testEndpoint(app, actorOf(c), idOf(c));
    const ui = uiOf(c);
    return changed(c, '/docker#endpoints', <EndpointsSection ui={ui} endpoints={listedEndpoints(app, c)} />);
  });

  r.post('/docker/endpoints/:id/use', allow('containers.admin'), async (c) => {
    await useEndpoint(app, actorOf(c), idOf(c));
    return go(c, '/docker');
  });

  r.post('/docker/endpoints/:id/remove', allow('containers.admin'), (c) => {
    const { id, name } = find(c);
    removeEndpoint(app, actorOf(c), id);
    if (isHtmx(c)) toast(c, 'ok', uiOf(c).t.endpoints.removed({ name }));
    return go(c, '/docker#endpoints');
  });

  return r;
}
