import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const registries = sqliteTable('registries', {
  id: text().primaryKey(),
  /** As references name it: "ghcr.io", "127.0.0.1:5000"; Docker Hub is "docker.io". */
  host: text().notNull(),
  user: text().notNull(),
  /** Password or token, sealed. */
  password: text().notNull(),
  note: text().notNull().default(''),
  createdAt: integer('created_at').notNull(),
  /** When the registry last said yes to them. */
  checkedAt: integer('checked_at'),
});
