import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const TERMINAL_KINDS = ['shell', 'ssh', 'container'] as const;
export const TERMINAL_STATES = ['running', 'ended', 'killed', 'lost'] as const;
/** Colours of tabs: the data colours of the design, and its red; '' for none. */
export const TERMINAL_COLOURS = ['', 'bamboo', 'celadon', 'clay', 'moss', 'stamp'] as const;

export const terminals = sqliteTable('terminals', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  /** Name of who opened it. */
  openedBy: text('opened_by').notNull(),
  kind: text({ enum: TERMINAL_KINDS }).notNull(),
  /** The account or the shell that it runs; of a saved host or a container, its name. */
  target: text().notNull(),
  hostId: text('host_id'),
  folder: text().notNull(),
  /** Given by a person; '' shows `title`, which the program sets. */
  name: text().notNull().default(''),
  colour: text({ enum: TERMINAL_COLOURS }).notNull().default(''),
  title: text().notNull().default(''),
  /** May those who cannot open terminals (`terminal.view`) look at it? */
  watchable: integer({ mode: 'boolean' }).notNull().default(false),
  state: text({ enum: TERMINAL_STATES }).notNull(),
  createdAt: integer('created_at').notNull(),
  endedAt: integer('ended_at'),
  exitCode: integer('exit_code'),
  exitSignal: text('exit_signal'),
  /** Of a container: the engine that it runs on; null: the one of this machine. */
  endpointId: text('endpoint_id'),
});

/** Links by which somebody without an account looks at a terminal. */
export const terminalShares = sqliteTable('terminal_shares', {
  id: text().primaryKey(),
  tokenHash: text('token_hash').notNull(),
  terminalId: text('terminal_id').notNull(),
  userId: text('user_id').notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
});
