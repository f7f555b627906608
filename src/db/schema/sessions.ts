import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { ROLES } from './users.ts';

export const sessions = sqliteTable('sessions', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  tokenHash: text('token_hash').notNull(),
  /** How it was proved: "password", "password+totp", "password+recovery", "passkey", "setup". */
  method: text().notNull(),
  ip: text().notNull(),
  userAgent: text('user_agent').notNull(),
  createdAt: integer('created_at').notNull(),
  lastSeenAt: integer('last_seen_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
});

export const tokens = sqliteTable('tokens', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  name: text().notNull(),
  role: text({ enum: ROLES }).notNull(),
  tokenHash: text('token_hash').notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at'),
  lastUsedAt: integer('last_used_at'),
});

export const signInFailures = sqliteTable('sign_in_failures', {
  key: text().primaryKey(),
  failures: integer().notNull(),
  lastAt: integer('last_at').notNull(),
});

export const setupTokens = sqliteTable('setup_tokens', {
  tokenHash: text('token_hash').primaryKey(),
  expiresAt: integer('expires_at').notNull(),
});
