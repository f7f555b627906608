import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** `stopped`: it was not asked, as its registry had refused others just before. */
export const CHECK_FAULTS = ['limited', 'denied', 'missing', 'away', 'stopped'] as const;
export type CheckFault = (typeof CHECK_FAULTS)[number];

export const imageChecks = sqliteTable('image_checks', {
  reference: text().primaryKey(),
  digest: text(),
  checkedAt: integer('checked_at').notNull(),
  fault: text({ enum: CHECK_FAULTS }),
  said: text().notNull().default(''),
  skipped: text(),
});

export const containerUpdates = sqliteTable('container_updates', {
  name: text().primaryKey(),
  automatic: integer({ mode: 'boolean' }).notNull().default(false),
  taskId: text('task_id'),
  digest: text(),
});
