import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const BLOCK_SOURCES = ['person', 'list', 'guard'] as const;
export type BlockSource = (typeof BLOCK_SOURCES)[number];

/** `until` of what is blocked until somebody lifts it: the last moment that a Date can hold. */
export const FOR_GOOD = 8.64e15;

export const blockLists = sqliteTable('block_lists', {
  id: text().primaryKey(),
  name: text().notNull(),
  until: integer(),
  createdBy: text('created_by').notNull(),
  createdAt: integer('created_at').notNull(),
  changedAt: integer('changed_at').notNull(),
});

export const blocks = sqliteTable('blocks', {
  id: integer().primaryKey({ autoIncrement: true }),
  address: text().notNull(),
  first: text().notNull(),
  last: text().notNull(),
  until: integer().notNull(),
  comment: text().notNull().default(''),
  source: text({ enum: BLOCK_SOURCES }).notNull(),
  listId: text('list_id').notNull().default(''),
  createdBy: text('created_by').notNull(),
  createdAt: integer('created_at').notNull(),
});
