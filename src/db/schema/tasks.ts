import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Told } from '../../lib/told.ts';

export const TASK_STATES = ['running', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type TaskState = (typeof TASK_STATES)[number];

export interface TaskStep {
  /** Key of the step's name in i18n, under `tasks.stepNames`. */
  name: string;
  state: 'waiting' | 'now' | 'done' | 'failed';
  startedAt?: number;
  endedAt?: number;
}

export const tasks = sqliteTable('tasks', {
  id: text().primaryKey(),
  kind: text().notNull(),
  /** What it works on: a second running task with the same key is a conflict. */
  key: text().notNull(),
  params: text({ mode: 'json' }).$type<Record<string, string | number>>().notNull(),
  state: text({ enum: TASK_STATES }).notNull(),
  steps: text({ mode: 'json' }).$type<TaskStep[]>().notNull(),
  /** 0 to 1; null: unknown length. */
  progress: real(),
  /** Why it failed. */
  error: text({ mode: 'json' }).$type<Told>(),
  userId: text('user_id'),
  actor: text().notNull(),
  createdAt: integer('created_at').notNull(),
  endedAt: integer('ended_at'),
});
