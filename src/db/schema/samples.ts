import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const samples = sqliteTable('samples', {
  /** Width of the row in s: 10, 60, 900 or 3600. */
  step: integer().notNull(),
  at: integer().notNull(),
  /** Seconds that were seen: less than `step` when the panel began or ended inside the row. */
  weight: real().notNull(),
  cpu: real(),
  cpuMax: real('cpu_max'),
  load1: real(),
  memoryUsed: real('memory_used'),
  memoryCache: real('memory_cache'),
  swapUsed: real('swap_used'),
  netRx: real('net_rx'),
  netTx: real('net_tx'),
  diskRead: real('disk_read'),
  diskWrite: real('disk_write'),
  /** Per interface, device, mount and sensor, as JSON: see core/metrics/row.ts. */
  parts: text().notNull(),
});

export type SampleRow = typeof samples.$inferSelect;

export const processMinutes = sqliteTable('process_minutes', {
  at: integer().primaryKey(),
  /** See core/processes/minutes.ts. */
  processes: text().notNull(),
});
