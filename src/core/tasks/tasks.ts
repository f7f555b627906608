import { and, desc, eq, gte, inArray, notLike, or } from 'drizzle-orm';
import { pageOf } from '../../db/page.ts';
import { tasks, type TaskState } from '../../db/schema/tasks.ts';
import type { Role } from '../../db/schema/users.ts';
import { AppError } from '../../lib/errors.ts';
import type { Page, PageQuery } from '../../lib/page.ts';
import { atLeast, need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { actorName } from '../app.ts';
import { record } from '../audit/audit.ts';
import { mayCancel } from './may-cancel.ts';

export type TaskRow = typeof tasks.$inferSelect;

/** What lists of tasks may be sorted by. */
export const TASK_SORTS = ['createdAt', 'kind', 'state', 'actor'] as const;
export type TaskSort = (typeof TASK_SORTS)[number];

const COLUMNS = { createdAt: tasks.createdAt, kind: tasks.kind, state: tasks.state, actor: tasks.actor };

/**
 * A task about files tells names, in its title and in its log: of folders that others may not look into; so does one that
 * builds an image of a folder, loads one from a file, or takes a file for a backup. The log of the engine, which ends a change
 * of its settings, is for those who may change them. It is seen by whoever started it, and by administrators (S12).
 */
const mayBeSeen = (actor: Actor) =>
  actor.kind === 'user' && !atLeast(actor.role, 'admin') ? or(and(...untold(actor.role).map((kinds) => notLike(tasks.kind, kinds))), eq(tasks.userId, actor.userId)) : undefined;

/** A task of a stack ends its log with what containers said, and one that makes a container anew, too: viewers do not see it either. */
const untold = (role: Role) => (atLeast(role, 'operator') ? ADMINISTRATORS : [...ADMINISTRATORS, 'stacks.%', 'containers.%']);
const ADMINISTRATORS = ['files.%', 'images.build', 'images.load', 'volumes.import', 'docker.configure%'];

export function listTasks(app: App, actor: Actor, query: PageQuery<TaskSort>, states: readonly TaskState[] = []): Page<TaskRow> {
  need(actor, 'tasks.read');
  return pageOf(app.db, tasks, COLUMNS, tasks.id, query, and(mayBeSeen(actor), states.length ? inArray(tasks.state, [...states]) : undefined));
}

/** What the corner of every page shows: what runs, and what has ended since `since`. */
export function recentTasks(app: App, actor: Actor, since: number): TaskRow[] {
  return app.db
    .select()
    .from(tasks)
    .where(and(mayBeSeen(actor), or(eq(tasks.state, 'running'), and(gte(tasks.endedAt, since), inArray(tasks.state, ['done', 'failed', 'cancelled'])))))
    .limit(20)
    .all();
}

/** The newest of those that worked on the same, as far as this person may see it. */
export function lastTask(app: App, actor: Actor, key: string): TaskRow | null {
  need(actor, 'tasks.read');
  return app.db.select().from(tasks).where(and(mayBeSeen(actor), eq(tasks.key, key))).orderBy(desc(tasks.createdAt), desc(tasks.id)).limit(1).get() ?? null;
}

/** The one that works on this now; null for none. */
export const runningTask = ({ db }: Pick<App, 'db'>, key: string): string | null =>
  db.select({ id: tasks.id }).from(tasks).where(and(eq(tasks.key, key), eq(tasks.state, 'running'))).get()?.id ?? null;

/** @throws AppError not_found */
export function getTask(app: App, actor: Actor, id: string): TaskRow {
  need(actor, 'tasks.read');
  const row = app.db.select().from(tasks).where(and(mayBeSeen(actor), eq(tasks.id, id))).get();
  if (!row) throw new AppError('not_found', (t) => t.tasks.notFound);
  return row;
}

/**
 * Ends what a task runs, at once; its row says so as soon as it has.
 * @throws AppError denied, not_found, or conflict when it is not running.
 */
export function cancelTask(app: App, actor: Actor, id: string) {
  need(actor, 'tasks.write');
  const row = getTask(app, actor, id);
  if (!mayCancel(actor, row)) throw new AppError('denied', (t) => t.errors.denied);
  app.tasks.cancel(id, `[cancelled by ${actorName(actor)}]`);
  record(app, actor, { action: 'tasks.cancel', target: row.kind, params: { id } });
}
