import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { need, type Permission } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { tellDocker } from '../docker/ask.ts';
import type { TaskContext } from '../tasks/runner.ts';
import { comeUp, logTail, runLogged } from './come-up.ts';
import { needCompose, needFiles, type ComposeTool } from './compose.ts';
import { up, type Placed } from './deploy.ts';
import { forgetKept, keepGood, readBegun } from './kept.ts';
import { checkMayStart, frozen, tellsOfOthers } from './may-start.ts';
import { expectedServices } from './rendered.ts';
import { hasFiles, ownFolder, ServiceName, taskKey, type Stack } from './stack.ts';
import { getStack } from './stacks.ts';
import { readTracked } from './tracked.ts';
import { validate } from './validate.ts';
import { WAIT } from './wait.ts';

/** What can be done with a stack that is there, and who may. */
const ACTIONS = {
  up: 'stacks.write', start: 'stacks.write', stop: 'stacks.write', restart: 'stacks.write', pull: 'stacks.write',
  build: 'stacks.admin', down: 'stacks.admin',
} as const satisfies Record<string, Permission>;

export const STACK_ACTIONS = Object.keys(ACTIONS) as [StackAction, ...StackAction[]];
export type StackAction = keyof typeof ACTIONS;
export const stackPermission = (action: StackAction): Permission => ACTIONS[action];

/** These need no files: the engine itself knows what belongs together. */
const WITHOUT_FILES: readonly StackAction[] = ['start', 'stop', 'restart', 'down'];
export const needsFiles = (action: StackAction) => !WITHOUT_FILES.includes(action);

export const ScaleStack = z.strictObject({ service: ServiceName, count: z.coerce.number().int().min(0).max(100) });

/** Starts it as a task. @returns its id @throws AppError denied, conflict while another works on the stack, unsupported */
export async function actOnStack(app: App, actor: Actor, name: string, action: StackAction): Promise<string> {
  need(actor, ACTIONS[action]);
  const tool = await needCompose(app);
  const stack = await getStack(app, actor, name);
  const withFiles = hasFiles(stack);
  if (needsFiles(action)) needFiles(stack);
  if (action === 'up') await checkMayStart(app, actor, tool, stack as Placed);
  const tells = action !== 'up' && withFiles && (await tellsOfOthers(app, actor, tool, stack as Placed));
  if (tells && needsFiles(action)) throw new AppError('denied', (t) => (stack.own ? t.stacks.errors.byAdmin : t.stacks.errors.notOwn));
  const id = app.tasks.start(actor, {
    kind: `stacks.${action}`, key: taskKey(app, name), params: { name }, steps: action === 'up' ? ['stacksUp', 'stacksHealth'] : [`stacks${action[0]!.toUpperCase()}${action.slice(1)}`],
    run: (task) => (withFiles && !tells ? byTool(app, actor, task, { tool, stack: stack as Placed, action }) : byEngine(app, task, stack, action)),
  });
  record(app, actor, { action: `stacks.${action}`, target: name });
  return id;
}

async function byTool(app: App, actor: Actor, task: TaskContext, { tool, stack, action }: { tool: ComposeTool; stack: Placed; action: StackAction }) {
  if (action !== 'up') {
    task.step(`stacks${action[0]!.toUpperCase()}${action.slice(1)}`);
    return runLogged(app, tool, stack, [action], task);
  }
  task.step('stacksUp');
  try {
    await up(app, tool, stack, WAIT.usual * 1000, task, { started: () => task.step('stacksHealth'), on: (validated) => frozen(app, actor, stack, validated) });
  } catch (error) {
    if (!task.signal.aborted) await logTail(app, stack.name, task);
    throw error;
  }
  // A deployment that was not ended still knows better what ran before.
  if (!(await readBegun(app, stack.name))) await keepGood(app, stack.name, await readTracked(app, stack));
}

/** A stack whose files are gone, or not for this person to be told of: what its containers are told is all that can be done. */
async function byEngine(app: App, task: TaskContext, { name, containers }: Stack, action: StackAction) {
  task.step(`stacks${action[0]!.toUpperCase()}${action.slice(1)}`);
  task.log('without its files: the containers are told one by one');
  for (const { id, name: container } of containers) {
    task.signal.throwIfAborted();
    task.log(`${action} ${container}`);
    if (action === 'down') await tellDocker(app, { method: 'DELETE', path: `/containers/${id}`, query: { force: true }, timeout: 60_000 });
    else await tellDocker(app, { path: `/containers/${id}/${action}`, timeout: 60_000 });
  }
  if (action !== 'down') return;
  await tellDocker(app, { path: '/networks/prune', query: { filters: { label: [`com.docker.compose.project=${name}`] } } });
}

/** So many containers of a service, until the next deployment. @returns the id of the task @throws AppError */
export async function scaleStack(app: App, actor: Actor, name: string, { service, count }: z.output<typeof ScaleStack>): Promise<string> {
  need(actor, 'stacks.write');
  const tool = await needCompose(app);
  const stack = await getStack(app, actor, name);
  needFiles(stack);
  await checkMayStart(app, actor, tool, stack);
  const { rendered } = await validate(app, tool, stack, null);
  if (!(service in rendered.services)) throw new AppError('not_found', (t) => t.stacks.errors.noService({ service }));
  const id = app.tasks.start(actor, {
    kind: 'stacks.scale', key: taskKey(app, name), params: { name, service, count }, steps: ['stacksScale', 'stacksHealth'],
    async run(task) {
      task.step('stacksScale');
      const on = await frozen(app, actor, stack, await validate(app, tool, stack, null));
      await runLogged(app, tool, on, ['up', '-d', '--no-deps', '--no-recreate', '--scale', `${service}=${count}`, service], task);
      task.step('stacksHealth');
      await comeUp(app, stack, count === 0 ? [] : expectedServices(rendered).filter((one) => one === service), WAIT.usual * 1000, task);
    },
  });
  record(app, actor, { action: 'stacks.scale', target: name, params: { service, count } });
  return id;
}

/**
 * Takes a stack of the panel's own down and deletes its folder with all that lies there.
 * @param volumes also those that the file names @returns the id of the task @throws AppError
 */
export async function removeStack(app: App, actor: Actor, name: string, { volumes }: { volumes: boolean }): Promise<string> {
  need(actor, 'stacks.admin');
  const tool = await needCompose(app);
  const stack = await getStack(app, actor, name);
  if (!stack.own) throw new AppError('unsupported', (t) => t.stacks.errors.notOwnFolder);
  const id = app.tasks.start(actor, {
    kind: 'stacks.remove', key: taskKey(app, name), params: { name }, steps: ['stacksDown', 'stacksDelete'],
    async run(task) {
      task.step('stacksDown');
      await runLogged(app, tool, stack, ['down', '--remove-orphans', ...(volumes ? ['--volumes'] : [])], task);
      task.signal.throwIfAborted();
      task.step('stacksDelete');
      await rm(ownFolder(app, name), { recursive: true, force: true });
      await forgetKept(app, name);
      app.bus.emit('containers.changed', { up: true });
    },
  });
  record(app, actor, { action: 'stacks.remove', target: name, params: { volumes } });
  return id;
}
