import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** `full`: its largest size was reached; `failed`: the disk took no more; `lost`: what wrote it has gone. */
export const RECORDING_STATES = ['on', 'done', 'full', 'failed', 'lost'] as const;

export const recordings = sqliteTable('recordings', {
  id: text().primaryKey(),
  terminalId: text('terminal_id').notNull(),
  title: text().notNull(),
  target: text().notNull(),
  openedBy: text('opened_by').notNull(),
  startedBy: text('started_by').notNull(),
  /** Begun because a setting says that everything is recorded: nobody may stop it. */
  policy: integer({ mode: 'boolean' }).notNull().default(false),
  state: text({ enum: RECORDING_STATES }).notNull(),
  startedAt: integer('started_at').notNull(),
  endedAt: integer('ended_at'),
  bytes: integer().notNull().default(0),
  lengthMs: integer('length_ms').notNull().default(0),
});
