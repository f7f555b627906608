import { z } from 'zod';
import { actorLang, type Actor } from '../core/app.ts';
import { readTaskLog } from '../core/tasks/log.ts';
import { cancelTask, getTask, listTasks, TASK_SORTS, type TaskRow } from '../core/tasks/tasks.ts';
import { TASK_STATES } from '../db/schema/tasks.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { toldIn } from '../lib/told.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, MaybeTime, means, Time } from './schemas.ts';

const State = z.enum(TASK_STATES);

export const Task = z
  .object({
    id: means(z.uuid(), 'taskId'),
    kind: z.string(),
    key: means(z.string(), 'taskKey'),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    state: State,
    steps: z.array(z.object({ name: z.string(), state: z.enum(['waiting', 'now', 'done', 'failed']), startedAt: Time.optional(), endedAt: Time.optional() })),
    progress: means(z.number().nullable(), 'taskProgress'),
    error: means(z.string().nullable(), 'taskError'),
    actor: means(z.string(), 'taskActor'),
    createdAt: Time,
    endedAt: MaybeTime,
  })
  .meta({ id: 'Task' });

const Params = z.strictObject({ id: means(z.uuid(), 'taskId') });

/** In words of whoever asks. */
export const showTask = (actor: Actor, { userId: _, error, ...row }: TaskRow) => ({ ...row, error: error && toldIn(error, actorLang(actor)) });

export const tasks = [
  endpoint({
    id: 'tasks.list', method: 'get', path: '/tasks', permission: 'tasks.read', status: 200,
    query: z.strictObject({ ...listFields(TASK_SORTS, '-createdAt'), state: means(State.optional(), 'taskState') }),
    response: collection(Task),
    example: { query: 'state=running' },
    run(app, actor, { query }) {
      const page = listTasks(app, actor, pageQuery(query), query.state ? [query.state] : []);
      return answer({ ...page, items: page.items.map((row) => showTask(actor, row)) }, query.sort);
    },
  }),
  endpoint({
    id: 'tasks.get', method: 'get', path: '/tasks/{id}', permission: 'tasks.read', status: 200,
    params: Params, response: Task,
    run: (app, actor, { params }) => showTask(actor, getTask(app, actor, params.id)),
  }),
  endpoint({
    id: 'tasks.cancel', method: 'post', path: '/tasks/{id}/cancel', permission: 'tasks.write', status: 202,
    params: Params, response: Task, refusals: ['conflict'],
    run(app, actor, { params }) {
      cancelTask(app, actor, params.id);
      return showTask(actor, getTask(app, actor, params.id));
    },
  }),
  endpoint({
    id: 'tasks.log', method: 'get', path: '/tasks/{id}/log', permission: 'tasks.read', status: 200,
    params: Params,
    query: z.strictObject({ offset: means(z.coerce.number().int().min(0).max(2 ** 40).default(0), 'logOffset') }),
    response: z.object({ text: z.string(), next: means(z.number().int(), 'logNext'), size: means(z.number().int(), 'logSize'), state: State }).meta({ id: 'TaskLog' }),
    async run(app, actor, { params, query }) {
      const { id, state } = getTask(app, actor, params.id);
      return { ...(await readTaskLog(app.tasks.logPath(id), query.offset)), state };
    },
  }),
];
