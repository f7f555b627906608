import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const REGISTRY_ACTIONS = ['create', 'remove', 'rename', 'set', 'unset', 'import', 'undo'] as const;
export type RegistryAction = (typeof REGISTRY_ACTIONS)[number];

export const registryChanges = sqliteTable('registry_changes', {
  id: text().primaryKey(),
  at: integer().notNull(),
  actor: text().notNull(),
  action: text({ enum: REGISTRY_ACTIONS }).notNull(),
  path: text().notNull(),
  view: integer().notNull(),
  changes: integer().notNull(),
  /** What puts it back, as a .reg file in base64, sealed. */
  undo: text().notNull(),
  undoneBy: text('undone_by'),
});
