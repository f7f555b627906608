import { Hono } from 'hono';
import type { App } from '../../core/app.ts';
import { getContainer, inspectContainer } from '../../core/containers/detail.ts';
import { containerChanges, containerProcesses } from '../../core/containers/looks.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { ContainerChangesPage, ContainerInspectPage, ContainerProcessesPage } from '../../views/containers/looks.tsx';
import { orAway, said } from './away.tsx';
import { idOf } from './one.tsx';

/** Looks into a container: what runs in it, what it wrote, and everything that the engine says of it. */
export function containerLooks(app: App) {
  const r = new Hono<Env>();

  r.get('/containers/:id/processes', allow('containers.inspect'), (c) =>
    orAway(app, c, async () => {
      const one = await getContainer(app, actorOf(c), idOf(c));
      const found = await containerProcesses(app, actorOf(c), one.id).catch((error: unknown) => said(app, c, error));
      return page(c, <ContainerProcessesPage ui={uiOf(c)} one={one} found={found} />);
    }),
  );

  r.get('/containers/:id/changes', allow('containers.inspect'), (c) =>
    orAway(app, c, async () => {
      const one = await getContainer(app, actorOf(c), idOf(c));
      const found = await containerChanges(app, actorOf(c), one.id).catch((error: unknown) => said(app, c, error));
      return page(c, <ContainerChangesPage ui={uiOf(c)} one={one} found={found} />);
    }),
  );

  r.get('/containers/:id/inspect', allow('containers.inspect'), (c) =>
    orAway(app, c, async () => {
      const [one, inspected] = await Promise.all([getContainer(app, actorOf(c), idOf(c)), inspectContainer(app, actorOf(c), idOf(c))]);
      return page(c, <ContainerInspectPage ui={uiOf(c)} one={one} inspected={inspected} />);
    }),
  );

  return r;
}
