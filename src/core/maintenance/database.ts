import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app.ts';

export const databasePath = (app: Pick<App, 'config'>) => join(app.config.dataDir, 'mantou.db');

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Bytes on disk: the file, and the write-ahead log beside it. */
export function databaseSize(app: Pick<App, 'config'>): { file: number; log: number } {
  const path = databasePath(app);
  return { file: sizeOf(path), log: sizeOf(`${path}-wal`) };
}

/** Names of the panel's own tables, as SQLite keeps them. */
export function tableNames(app: Pick<App, 'db'>): string[] {
  const rows = app.db.$client.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").all();
  return (rows as { name: string }[]).map((row) => row.name);
}

/** A name as an identifier of SQL. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
