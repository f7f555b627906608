import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const RESULTS = ['ok', 'refused', 'failed'] as const;

export const audit = sqliteTable('audit', {
  id: integer().primaryKey({ autoIncrement: true }),
  at: integer().notNull(),
  /** Name of the user, or "system", "cli", "anonymous". */
  actor: text().notNull(),
  userId: text('user_id'),
  ip: text().notNull(),
  action: text().notNull(),
  target: text().notNull(),
  result: text({ enum: RESULTS }).notNull(),
  params: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  commands: text({ mode: 'json' }).$type<string[]>().notNull(),
});
