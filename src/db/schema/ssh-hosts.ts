import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** How a saved host is signed in to: typed in the terminal, or by what is named here. */
export const SSH_AUTHENTICATIONS = ['ask', 'password', 'key', 'file', 'agent'] as const;

const keys = (name: string) => text(name, { mode: 'json' }).$type<string[]>().notNull().default([]);

export const sshHosts = sqliteTable('ssh_hosts', {
  id: text().primaryKey(),
  name: text().notNull(),
  group: text('group_name').notNull().default(''),
  address: text().notNull(),
  port: integer().notNull(),
  user: text().notNull(),
  authentication: text({ enum: SSH_AUTHENTICATIONS }).notNull(),
  /** Sealed; null: none is kept. */
  password: text(),
  privateKey: text('private_key'),
  passphrase: text(),
  keyPath: text('key_path').notNull().default(''),
  agentSocket: text('agent_socket').notNull().default(''),
  jumpId: text('jump_id'),
  command: text().notNull().default(''),
  /** "ssh-ed25519 AAAA…": confirmed by a person, and shown by the host when it was last asked. */
  pinnedKeys: keys('pinned_keys'),
  pinnedAt: integer('pinned_at'),
  offeredKeys: keys('offered_keys'),
  offeredAt: integer('offered_at'),
  createdAt: integer('created_at').notNull(),
});
