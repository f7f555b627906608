import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { readEngine } from '../../core/docker/engine.ts';
import { actOnStack, removeStack, ScaleStack, scaleStack, STACK_ACTIONS } from '../../core/stacks/act.ts';
import { isBusy } from '../../core/stacks/change.ts';
import { findCompose } from '../../core/stacks/compose.ts';
import { deployStack, returnStack } from '../../core/stacks/deploy.ts';
import { readBegun } from '../../core/stacks/kept.ts';
import { readServices } from '../../core/stacks/services.ts';
import { getStack, listStacks } from '../../core/stacks/stacks.ts';
import { LOG_PIECE, readTaskLog } from '../../core/tasks/log.ts';
import { lastTask } from '../../core/tasks/tasks.ts';
import { taskKey } from '../../core/stacks/stack.ts';
import { AppError } from '../../lib/errors.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readFields } from '../../http/form.ts';
import { accept } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { StacksPage } from '../../views/stacks/list.tsx';
import { StackPage } from '../../views/stacks/stack.tsx';

const Act = z.object({ action: z.enum(STACK_ACTIONS) });
const Remove = z.object({ confirm: z.string(), volumes: z.literal('on').optional() });

/** Stacks, and what can be done with those that are there. Everything runs as a task, whose log the page of the stack shows. */
export function stacks(app: App) {
  const r = new Hono<Env>();

  r.get('/stacks', allow('stacks.read'), async (c) => {
    const [engine, tool] = await Promise.all([readEngine(app), findCompose(app)]);
    const stacks = engine.up ? await listStacks(app, actorOf(c)) : [];
    return page(c, <StacksPage ui={uiOf(c)} model={{ engine, tool, demo: app.host.kind === 'fake', stacks }} />);
  });

  r.get('/stacks/:name', allow('stacks.read'), async (c) => {
    const actor = actorOf(c);
    const stack = await getStack(app, actor, c.req.param('name'));
    const [services, tool, begun] = await Promise.all([readServices(stack), findCompose(app), readBegun(app, stack.name)]);
    const row = lastTask(app, actor, taskKey(app, stack.name));
    const task = row && { row, log: await endOfLog(app, row.id) };
    return page(c, <StackPage ui={uiOf(c)} model={{ stack, services, tool, demo: app.host.kind === 'fake', begun: isBusy(app, stack.name) ? null : begun, task }} />);
  });

  r.post('/stacks/:name/act', allow('stacks.write'), async (c) => {
    const { action } = accept(Act, await readFields(c), 'body');
    const name = c.req.param('name');
    // Who may change the files deploys them, with a way back.
    if (action === 'up' && uiOf(c).can('stacks.admin')) await deployStack(app, actorOf(c), name, null);
    else await actOnStack(app, actorOf(c), name, action);
    return go(c, `/stacks/${name}`);
  });

  r.post('/stacks/:name/scale', allow('stacks.write'), async (c) => {
    const input = accept(ScaleStack, await readFields(c), 'body');
    await scaleStack(app, actorOf(c), c.req.param('name'), input);
    return go(c, `/stacks/${c.req.param('name')}`);
  });

  r.post('/stacks/:name/down', allow('stacks.admin'), async (c) => {
    await actOnStack(app, actorOf(c), c.req.param('name'), 'down');
    return go(c, `/stacks/${c.req.param('name')}`);
  });

  r.post('/stacks/:name/return', allow('stacks.admin'), async (c) => {
    await returnStack(app, actorOf(c), c.req.param('name'));
    return go(c, `/stacks/${c.req.param('name')}`);
  });

  r.post('/stacks/:name/remove', allow('stacks.admin'), async (c) => remove(app, c));
  return r;
}

async function remove(app: App, c: Context<Env>) {
  const { confirm, volumes } = accept(Remove, await readFields(c), 'body');
  const name = c.req.param('name')!;
  if (confirm !== name) throw new AppError('invalid', (t) => t.parts.typeToConfirm.replace('{name}', name), { field: 'confirm' });
  // It is not there any more in the end: what goes on is told where tasks are.
  return go(c, `/tasks/${await removeStack(app, actorOf(c), name, { volumes: volumes === 'on' })}`);
}

async function endOfLog(app: App, id: string) {
  const path = app.tasks.logPath(id);
  const { size } = await readTaskLog(path, Number.MAX_SAFE_INTEGER);
  return readTaskLog(path, Math.max(0, size - LOG_PIECE));
}
