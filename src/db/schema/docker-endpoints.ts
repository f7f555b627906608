import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const ENDPOINT_KINDS = ['unix', 'tls', 'tcp', 'ssh'] as const;

export const dockerEndpoints = sqliteTable('docker_endpoints', {
  id: text().primaryKey(),
  name: text().notNull(),
  kind: text({ enum: ENDPOINT_KINDS }).notNull(),
  socket: text().notNull().default(''),
  address: text().notNull().default(''),
  port: integer().notNull().default(0),
  /** Sealed PEM; null: none is kept. */
  ca: text(),
  certificate: text(),
  privateKey: text('private_key'),
  sshHostId: text('ssh_host_id'),
  createdAt: integer('created_at').notNull(),
  changedAt: integer('changed_at').notNull(),
});
