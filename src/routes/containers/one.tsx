import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { ContainerId } from '../../core/containers/container.ts';
import { changeLimits, ContainerLimits, ContainerRename, renameContainer } from '../../core/containers/change.ts';
import { getContainer, revealVariables, type ContainerDetail } from '../../core/containers/detail.ts';
import { newerAmong } from '../../core/containers/updates/updates.ts';
import { containerPorts } from '../../core/containers/ports/ports.ts';
import { ContainerExec, openInContainer } from '../../core/containers/exec.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { ContainerLimitsPage, RenameContainerPage } from '../../views/containers/change.tsx';
import { ContainerExecPage } from '../../views/containers/exec.tsx';
import { CONTAINER_TABS } from '../../views/containers/frame.tsx';
import { ContainerPage } from '../../views/containers/overview.tsx';
import { orAway } from './away.tsx';

const PageQuery = z.object({ tab: z.enum(CONTAINER_TABS).default('overview') });

/** What stands in the address; what no container can be called is none. @throws AppError not_found */
export function idOf(c: Context<Env>): string {
  const found = ContainerId.safeParse(c.req.param('id'));
  if (!found.success) throw new AppError('not_found', (t) => t.errors.notFound);
  return found.data;
}

/** One container: what it is, and what changes it. */
export function container(app: App) {
  const r = new Hono<Env>();
  const find = (c: Context<Env>) => getContainer(app, actorOf(c), idOf(c));
  const hasNewer = async (one: ContainerDetail) => (await newerAmong(app, [one])).has(one.id);
  const showRename = (c: Context<Env>, one: ContainerDetail, state: FormState) =>
    page(c, <RenameContainerPage ui={uiOf(c)} one={one} {...state} />, state === emptyForm ? 200 : 422);
  const showLimits = (c: Context<Env>, one: ContainerDetail, state: FormState) =>
    page(c, <ContainerLimitsPage ui={uiOf(c)} one={one} {...state} />, state === emptyForm ? 200 : 422);
  const showExec = (c: Context<Env>, one: ContainerDetail, state: FormState) =>
    page(c, <ContainerExecPage ui={uiOf(c)} one={one} refusal={execRefusal(app, c, one)} {...state} />, state === emptyForm ? 200 : 422);

  r.get('/containers/:id', allow('containers.read'), (c) =>
    orAway(app, c, async () => {
      const { tab } = readQuery(c, PageQuery);
      // Only the head is wanted of what another page asks for.
      const [one, facts] = await Promise.all([find(c), tab === 'overview' ? containerPorts(app, actorOf(c), idOf(c)) : []]);
      return page(c, <ContainerPage ui={uiOf(c)} one={one} history={app.containers.history(one.id)} newer={await hasNewer(one)} facts={facts} tab={tab} />);
    }),
  );

  r.post('/containers/:id/environment', allow('containers.admin'), async (c) => {
    const [one, facts] = await Promise.all([find(c), containerPorts(app, actorOf(c), idOf(c))]);
    const revealed = await revealVariables(app, actorOf(c), one.id);
    return page(c, <ContainerPage ui={uiOf(c)} one={one} history={app.containers.history(one.id)} newer={await hasNewer(one)} facts={facts} revealed={revealed} />);
  });

  r.get('/containers/:id/rename', allow('containers.admin'), (c) => orAway(app, c, async () => showRename(c, await find(c), emptyForm)));

  r.post('/containers/:id/rename', allow('containers.admin'), async (c) => {
    const one = await find(c);
    const form = await readForm(c, ContainerRename, uiOf(c).t);
    if (!form.ok) return showRename(c, one, form.state);
    try {
      await renameContainer(app, actorOf(c), one.id, form.input);
    } catch (error) {
      return showRename(c, one, formRefusal(error, form.state, uiOf(c).t));
    }
    return go(c, `/containers/${one.id}`);
  });

  r.get('/containers/:id/limits', allow('containers.admin'), (c) => orAway(app, c, async () => showLimits(c, await find(c), emptyForm)));

  r.post('/containers/:id/limits', allow('containers.admin'), async (c) => {
    const one = await find(c);
    const form = await readForm(c, ContainerLimits, uiOf(c).t);
    if (!form.ok) return showLimits(c, one, form.state);
    try {
      await changeLimits(app, actorOf(c), one.id, form.input);
    } catch (error) {
      return showLimits(c, one, formRefusal(error, form.state, uiOf(c).t));
    }
    return go(c, `/containers/${one.id}`);
  });

  r.get('/containers/:id/exec', allow('containers.admin'), (c) => orAway(app, c, async () => showExec(c, await find(c), emptyForm)));

  r.post('/containers/:id/exec', allow('containers.admin'), async (c) => {
    const one = await find(c);
    const form = await readForm(c, ContainerExec, uiOf(c).t);
    if (!form.ok) return showExec(c, one, form.state);
    const { id } = await openInContainer(app, actorOf(c), one.id, form.input);
    return go(c, `/terminal?id=${id}`);
  });

  return r;
}

function execRefusal(app: App, c: Context<Env>, one: ContainerDetail): string | null {
  const { t } = uiOf(c);
  if (app.config.demo) return t.terminal.demo;
  // Behind ssh it is the docker of the other machine.
  if (!app.exec.which('docker') && !app.engines.ssh(app.engines.chosen())) return t.container.noCommand;
  return one.state === 'running' ? null : t.container.notRunning;
}
