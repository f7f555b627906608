import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { naturalKey } from '../../lib/natural.ts';
import { say } from '../../lib/issue.ts';
import { TASK_CHANGES, type ScheduledTask, type ScheduledTasksDriver } from '../../platform/scheduled-tasks.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { hideCommand } from '../containers/redact.ts';

export { TASK_STATES, TRIGGER_KINDS } from '../../platform/scheduled-tasks.ts';

const badPath = say('scheduledTasks.path', (t) => t.scheduledTasks.badPath);
/** As the Task Scheduler names it: `\Folder\Name`. */
export const TaskPath = z.string().max(1000, badPath).regex(/^(\\[^\\/:*?"<>|\x00-\x1f]+)+$/, badPath);
export const ScheduledTaskInput = z.strictObject({ path: TaskPath, change: z.enum(TASK_CHANGES) });
export const ScheduledTaskFilter = z.object({
  q: z.string().max(200).default(''),
  /** Also those of Windows itself, of which there are some two hundred. */
  system: z.literal('on').optional(),
});

/** Windows keeps its own below this folder. */
export const isOfWindows = ({ path }: Pick<ScheduledTask, 'path'>) => /^\\Microsoft\\/i.test(path);
export const hasFailed = ({ lastResult, state }: Pick<ScheduledTask, 'lastResult' | 'state'>) => lastResult !== null && lastResult >= 0x8000_0000 && state !== 'running';

function driverOf(app: App): ScheduledTasksDriver {
  const refusal = app.host.scheduledTasks.refusal();
  if (refusal) throw new AppError('unsupported', refusal);
  return app.host.scheduledTasks;
}

/** Those that failed first, then by path; secrets in command lines are left out. */
export async function listScheduledTasks(app: App, actor: Actor, { q, system }: z.output<typeof ScheduledTaskFilter>): Promise<{ items: ScheduledTask[]; total: number }> {
  need(actor, 'scheduled_tasks.read');
  const all = await driverOf(app).list();
  const words = q.trim().toLowerCase();
  const shown = all.filter((task) => (system || words || !isOfWindows(task)) && [task.path, task.description, task.account, ...task.actions].some((text) => text.toLowerCase().includes(words)));
  const order = shown.map((task) => ({ task, at: `${Number(!hasFailed(task))}${Number(isOfWindows(task))}${naturalKey(task.path)}` })).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return { items: order.map(({ task }) => ({ ...task, actions: task.actions.map(hideCommand) })), total: all.length };
}

/** @throws AppError not_found, denied: the account of the panel may not; unavailable */
export async function changeScheduledTask(app: App, actor: Actor, { path, change }: z.output<typeof ScheduledTaskInput>): Promise<void> {
  need(actor, 'scheduled_tasks.write');
  const driver = driverOf(app);
  const entry = { action: `scheduled_tasks.${change}`, target: path, commands: [driver.command(path, change)] };
  try {
    await driver.change(path, change);
  } catch (error) {
    record(app, actor, { ...entry, result: 'failed' });
    throw error;
  }
  record(app, actor, entry);
}
