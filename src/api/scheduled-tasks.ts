import { z } from 'zod';
import { changeScheduledTask, listScheduledTasks, ScheduledTaskFilter, ScheduledTaskInput, TASK_STATES, TRIGGER_KINDS } from '../core/scheduled-tasks/scheduled-tasks.ts';
import { endpoint } from './endpoint.ts';
import { MaybeTime, means } from './schemas.ts';

const ScheduledTask = z
  .object({
    path: means(z.string(), 'scheduledTaskPath'), name: z.string(), state: z.enum(TASK_STATES), enabled: z.boolean(), hidden: z.boolean(), author: z.string(), description: z.string(), account: z.string(),
    elevated: means(z.boolean(), 'scheduledTaskElevated'), actions: means(z.array(z.string()), 'scheduledTaskActions'), triggers: z.array(z.enum(TRIGGER_KINDS)), lastRun: MaybeTime, nextRun: MaybeTime,
    lastResult: means(z.number().nullable(), 'scheduledTaskResult'), missed: z.number().int(),
  })
  .meta({ id: 'ScheduledTask' });

const refusals = ['unsupported', 'unavailable'] as const;

export const scheduledTasks = [
  endpoint({
    id: 'scheduled_tasks.list', method: 'get', path: '/scheduled-tasks', permission: 'scheduled_tasks.read', status: 200, refusals,
    query: z.strictObject({ q: means(ScheduledTaskFilter.shape.q, 'scheduledTaskFilter'), system: means(ScheduledTaskFilter.shape.system, 'scheduledTaskSystem') }),
    response: z.object({ items: z.array(ScheduledTask), total: z.number().int() }),
    run: (app, actor, { query }) => listScheduledTasks(app, actor, query),
  }),
  endpoint({
    id: 'scheduled_tasks.change', method: 'post', path: '/scheduled-tasks/change', permission: 'scheduled_tasks.write', status: 204, refusals: [...refusals, 'not_found'],
    body: ScheduledTaskInput.extend({ path: means(ScheduledTaskInput.shape.path, 'scheduledTaskPath') }),
    example: { body: { path: '\\Backup', change: 'run' } },
    run: (app, actor, { body }) => changeScheduledTask(app, actor, body),
  }),
];
