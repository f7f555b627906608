import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const ROLES = ['admin', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export const users = sqliteTable('users', {
  id: text().primaryKey(),
  name: text().notNull(),
  role: text({ enum: ROLES }).notNull(),
  passwordHash: text('password_hash').notNull(),
  disabled: integer({ mode: 'boolean' }).notNull().default(false),
  /** Sealed base32 key; null: no second factor. */
  totpSecret: text('totp_secret'),
  /** Last accepted 30 s step: a code works once. */
  totpLastStep: integer('totp_last_step'),
  createdAt: integer('created_at').notNull(),
  passwordChangedAt: integer('password_changed_at').notNull(),
});

export const recoveryCodes = sqliteTable('recovery_codes', {
  userId: text('user_id').notNull(),
  codeHash: text('code_hash').notNull(),
  usedAt: integer('used_at'),
});

export const passkeys = sqliteTable('passkeys', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  credentialId: text('credential_id').notNull(),
  publicKey: text('public_key').notNull(),
  counter: integer().notNull(),
  transports: text({ mode: 'json' }).$type<string[]>().notNull(),
  name: text().notNull(),
  createdAt: integer('created_at').notNull(),
  lastUsedAt: integer('last_used_at'),
});
