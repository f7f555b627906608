import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { tasks } from '../../../db/schema/tasks.ts';
import { containerUpdates } from '../../../db/schema/updates.ts';
import { AppError } from '../../../lib/errors.ts';
import { toldIn } from '../../../lib/told.ts';
import { need } from '../../access.ts';
import { actorLang, type Actor, type App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { ContainerId } from '../container.ts';
import { runningTask } from '../../tasks/tasks.ts';
import { recreateContainer } from '../recreate/recreate.ts';
import { noteKey } from './names.ts';
import { hasNewer } from './state.ts';
import { listUpdates, type ContainerUpdate } from './updates.ts';

export const UpdateInput = z.strictObject({ ids: z.array(ContainerId).min(1).max(500) });

const UPDATE_KEY = 'containers.update';

/** The task that updates now; null for none. */
export const updateTask = (app: Pick<App, 'db'>) => runningTask(app, UPDATE_KEY);

/**
 * Updates these containers one after another, each by a task of its own with its gate and its way back: whatever ends this
 * run, each of them is whole, and those that were not reached are as they were.
 * @returns the task of all of them
 * @throws AppError denied, not_found, conflict (one is its stack's to update, or none has anything newer, or another run of this is on)
 */
export async function updateContainers(app: App, actor: Actor, { ids }: z.output<typeof UpdateInput>): Promise<string> {
  need(actor, 'containers.admin');
  const all = await listUpdates(app, actor);
  const found = [...new Set(ids.map((id) => find(all, id)))];
  for (const one of found) refuse(one);
  // Any other would be stopped for nothing: somebody else may have updated it since it was ticked.
  const wanted = found.filter(hasNewer);
  if (wanted.length === 0) throw new AppError('conflict', (t) => t.containerUpdates.nothingNewer({ name: found[0]!.name }));
  const names = wanted.map(({ name }) => name);
  const task = app.tasks.start(actor, {
    kind: 'containers.update', key: UPDATE_KEY, params: { name: names[0]!, count: names.length }, steps: ['updatesRun'],
    run: (context) => updateAll(app, actor, context, wanted),
  });
  // Its own row is the last to change.
  void app.tasks.settled(task).then(() => app.bus.emit('containers.changed', { up: true }));
  record(app, actor, { action: 'containers.update', target: names.join(', ').slice(0, 500), params: { task } });
  return task;
}

function find(all: readonly ContainerUpdate[], id: string): ContainerUpdate {
  const found = all.find((one) => one.id === id || one.name === id);
  if (!found) throw new AppError('not_found', (t) => t.containerUpdates.gone({ name: id.slice(0, 12) }));
  return found;
}

function refuse({ name, way, stack, reference }: Pick<ContainerUpdate, 'name' | 'way' | 'stack' | 'reference'>) {
  if (way === 'stack') throw new AppError('conflict', (t) => t.containerUpdates.byStack({ name, stack: stack ?? '' }));
  if (way === 'none') throw new AppError('conflict', (t) => t.containers.recreate.removesItself({ name }));
  if (reference === null) throw new AppError('conflict', (t) => t.containerUpdates.noName({ name }));
}

async function updateAll(app: App, actor: Actor, task: TaskContext, wanted: readonly ContainerUpdate[]): Promise<void> {
  task.step('updatesRun');
  const failed: string[] = [];
  const fetched = new Set<string>();
  for (const [i, one] of wanted.entries()) {
    task.signal.throwIfAborted();
    task.progress(i / wanted.length);
    const why = await updateOne(app, actor, task, one, fetched);
    task.log(why === null ? `${one.name}: updated` : `${one.name}: not updated: ${why}`);
    if (why !== null) failed.push(one.name);
  }
  if (failed.length) throw new AppError('unavailable', (t) => t.containerUpdates.someFailed({ n: failed.length, total: wanted.length, names: failed.slice(0, 20).join(', ') }));
}

/** @param fetched names of images that came for those before it @returns why it was not; null: it was */
async function updateOne(app: App, actor: Actor, task: TaskContext, { name, digest, reference }: ContainerUpdate, fetched: Set<string>): Promise<string | null> {
  let child: string;
  try {
    child = await recreateContainer(app, actor, name, { pull: !fetched.has(reference ?? '') });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return task.tell(error);
  }
  const set = { taskId: child, digest };
  app.db.insert(containerUpdates).values({ name: noteKey(app, name), ...set }).onConflictDoUpdate({ target: containerUpdates.name, set }).run();
  task.log(`${name}: task ${child}`);
  // It goes back by itself, and this waits until it has.
  const cancel = () => void (task.signal.reason === 'cancel' && app.tasks.cancel(child));
  task.signal.addEventListener('abort', cancel, { once: true });
  await app.tasks.settled(child);
  task.signal.removeEventListener('abort', cancel);
  task.signal.throwIfAborted();
  const row = app.db.select({ state: tasks.state, error: tasks.error, steps: tasks.steps }).from(tasks).where(eq(tasks.id, child)).get();
  if (reference !== null && row?.steps.some((step) => step.name === 'imagePull' && step.state === 'done')) fetched.add(reference);
  if (row?.state === 'done') return null;
  return row?.error ? toldIn(row.error, actorLang(actor)) : (row?.state ?? 'lost');
}

export const AutomaticInput = z.strictObject({ id: ContainerId, automatic: z.boolean() });

/** Chooses whether a container is updated after a scheduled check. @throws AppError denied, not_found, conflict (its stack's to update) @returns its name */
export async function chooseAutomatic(app: App, actor: Actor, { id, automatic }: z.output<typeof AutomaticInput>): Promise<string> {
  need(actor, 'containers.admin');
  const one = find(await listUpdates(app, actor), id);
  if (automatic) refuse(one);
  const { name } = one;
  app.db.insert(containerUpdates).values({ name: noteKey(app, name), automatic }).onConflictDoUpdate({ target: containerUpdates.name, set: { automatic } }).run();
  record(app, actor, { action: 'containers.automatic', target: name, params: { automatic: String(automatic) } });
  return name;
}
