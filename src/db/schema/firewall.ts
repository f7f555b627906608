import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const KEPT_KINDS = ['rule', 'forward', 'published'] as const;

/** What the panel has added to the machine's firewall. */
export const firewallRules = sqliteTable('firewall_rules', {
  id: text().primaryKey(),
  kind: text({ enum: KEPT_KINDS }).notNull(),
  /** What makes it that rule: two with one key do the same. */
  key: text().notNull(),
  spec: text({ mode: 'json' }).$type<object>().notNull(),
  comment: text().notNull().default(''),
  /** Published ones are asked in their order. */
  position: integer().notNull().default(0),
  /** An armed change that brought it, or takes it away: until that is over nobody knows whether it stays. */
  armedId: text('armed_id'),
  leaving: integer({ mode: 'boolean' }).notNull().default(false),
  createdAt: integer('created_at').notNull(),
  createdBy: text('created_by').notNull(),
});
