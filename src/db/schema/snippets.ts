import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const snippets = sqliteTable('snippets', {
  id: text().primaryKey(),
  /** null: everybody's who may open terminals. */
  userId: text('user_id'),
  name: text().notNull(),
  text: text().notNull(),
  savedBy: text('saved_by').notNull(),
  savedAt: integer('saved_at').notNull(),
});
