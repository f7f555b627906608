import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const CONFLICT_POLICIES = ['ask', 'replace', 'keep-both', 'skip'] as const;
/** What happens when something with the name is there already; 'ask' refuses and lets the person choose. */
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];

/** Uploads that have begun. How far one is, is the size of its part: the database is never ahead of the disk. */
export const uploads = sqliteTable('uploads', {
  id: text().primaryKey(),
  userId: text('user_id').notNull(),
  /** Folder and name that it will have. */
  folder: text().notNull(),
  name: text().notNull(),
  /** Name of the hidden file beside the target that takes the bytes. */
  part: text().notNull(),
  /** Bytes it will have; null while the sender has not said (tus: Upload-Defer-Length). */
  size: integer(),
  /** As the sender wrote it (tus: Upload-Metadata). */
  metadata: text({ mode: 'json' }).$type<Record<string, string | null>>().notNull(),
  conflict: text({ enum: CONFLICT_POLICIES }).notNull(),
  /** Size of the part up to where it counts while bytes with a checksum come after it; null: all of it counts. */
  uncheckedFrom: integer('unchecked_from'),
  createdAt: integer('created_at').notNull(),
  /** When the last bytes came; it expires a setting later. */
  touchedAt: integer('touched_at').notNull(),
  /** When it was done: known for a while, for a sender who did not hear the answer. */
  endedAt: integer('ended_at'),
  /** The name that it got; '' when it was skipped, null until it is done. */
  endedAs: text('ended_as'),
});

/** Earlier contents of files that were saved in the editor; the bytes lie in the data directory under `id`. */
export const fileVersions = sqliteTable('file_versions', {
  id: text().primaryKey(),
  path: text().notNull(),
  at: integer().notNull(),
  /** Who wrote it, or who found it on the disk and saved over it. */
  actor: text().notNull(),
  size: integer().notNull(),
  /** Bytes that it takes in the data directory. */
  stored: integer().notNull(),
  sha256: text().notNull(),
});

export const shares = sqliteTable('shares', {
  id: text().primaryKey(),
  tokenHash: text('token_hash').notNull(),
  userId: text('user_id').notNull(),
  path: text().notNull(),
  passwordHash: text('password_hash'),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at'),
  /** null: any number. */
  downloadsMost: integer('downloads_most'),
  downloads: integer().notNull().default(0),
});

/** Folders that a person keeps at hand. */
export const favourites = sqliteTable('favourites', {
  userId: text('user_id').notNull(),
  path: text().notNull(),
  position: integer().notNull(),
});

/** Files and folders that a person opened lately. */
export const recents = sqliteTable('recents', {
  userId: text('user_id').notNull(),
  path: text().notNull(),
  folder: integer({ mode: 'boolean' }).notNull(),
  at: integer().notNull(),
});

/** Hidden files and folders that are being written; what is left of a panel that was killed is removed by the next. */
export const fileParts = sqliteTable('file_parts', {
  id: text().primaryKey(),
  /** Real path of the folder, and name in it. */
  folder: text().notNull(),
  name: text().notNull(),
  createdAt: integer('created_at').notNull(),
});
