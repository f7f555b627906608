import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const guardBans = sqliteTable('guard_bans', {
  id: integer().primaryKey({ autoIncrement: true }),
  address: text().notNull(),
  source: text().notNull(),
  at: integer().notNull(),
  until: integer().notNull(),
  times: integer().notNull(),
  failures: integer().notNull(),
  seen: text({ mode: 'json' }).$type<{ at: number; text: string }[]>().notNull(),
  liftedAt: integer('lifted_at'),
  liftedBy: text('lifted_by'),
});
