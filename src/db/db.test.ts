import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getTableColumns } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/sqlite-core';
import { en } from '../i18n/en.ts';
import { AppError } from '../lib/errors.ts';
import { migrations } from './migrations/index.ts';
import { closeDb, explain, openDb } from './open.ts';
import * as audit from './schema/audit.ts';
import * as samples from './schema/samples.ts';
import * as sessions from './schema/sessions.ts';
import * as settings from './schema/settings.ts';
import * as tasks from './schema/tasks.ts';
import * as users from './schema/users.ts';
import { transaction } from './transaction.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mantou-db-'));
  path = join(folder, 'mantou.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the person is told. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return (error as AppError).say(en);
  }
  throw new Error('was not refused');
}

describe('a database that cannot be used is left as it is', () => {
  test('not a database', () => {
    writeFileSync(path, 'this is not a database, '.repeat(100));
    const before = readFileSync(path);
    expect(refusal(() => openDb(path))).toContain('damaged');
    expect(readFileSync(path)).toEqual(before);
  });

  test('pages overwritten in the middle', () => {
    const db = openDb(path);
    for (let i = 0; i < 500; i++) db.insert(settings.settings).values({ key: `k${i}`, value: 'x'.repeat(200) }).run();
    closeDb(db);
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096, bytes.length);
    writeFileSync(path, bytes);
    expect(refusal(() => {
      const again = openDb(path);
      try {
        again.select().from(settings.settings).all();
      } catch (error) {
        throw explain(error, path);
      } finally {
        again.$client.close();
      }
    })).toContain('damaged');
  });

  test('written by a newer version', () => {
    const client = new Database(path);
    client.run('PRAGMA user_version = 999');
    client.close();
    expect(refusal(() => openDb(path))).toContain('newer Mantou');
    const after = new Database(path);
    expect(after.query('PRAGMA user_version').get()).toEqual({ user_version: 999 });
    after.close();
  });

  test('in a folder that does not exist', () => {
    expect(refusal(() => openDb(join(folder, 'missing', 'mantou.db')))).toContain('cannot be opened');
  });
});

describe('migrations', () => {
  test('a fresh database has the version of the last one, in WAL', () => {
    const db = openDb(path);
    expect(db.$client.query('PRAGMA user_version').get()).toEqual({ user_version: migrations.length });
    expect(db.$client.query('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(db.$client.query('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
    closeDb(db);
    expect(existsSync(`${path}-wal`) && readFileSync(`${path}-wal`).length > 0).toBe(false);
  });

  test('opening again keeps what is there and makes no copy', () => {
    const first = openDb(path);
    first.insert(settings.settings).values({ key: 'kept', value: 1 }).run();
    closeDb(first);
    const second = openDb(path);
    expect(second.select().from(settings.settings).all()).toEqual([{ key: 'kept', value: 1 }]);
    closeDb(second);
    expect(existsSync(`${path}.before-${migrations.length}`)).toBe(false);
  });

  test('who reads and then writes in a transaction is not refused because somebody else wrote in between', () => {
    const [panel, other] = [openDb(path), openDb(path)];
    other.$client.run('PRAGMA busy_timeout = 0');
    const write = (db: typeof panel, key: string) => db.insert(settings.settings).values({ key, value: 1 }).run();
    transaction(panel, () => {
      expect(panel.select().from(settings.settings).all()).toEqual([]);
      expect(() => write(other, 'theirs')).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }));
      write(panel, 'ours');
    });
    write(other, 'theirs');
    expect(panel.select().from(settings.settings).all().map(({ key }) => key)).toEqual(['ours', 'theirs']);
    [panel, other].forEach(closeDb);
  });

  test('the tables in TypeScript are the tables in SQL, column for column', () => {
    const db = openDb(path);
    const tables = [audit, samples, sessions, settings, tasks, users].flatMap((file) => Object.values(file)).filter(isTable);
    expect(tables.length).toBeGreaterThan(8);
    for (const table of tables) {
      const { name } = getTableConfig(table);
      const sql = db.$client.query(`SELECT name, "notnull" OR pk > 0 AS needed FROM pragma_table_info('${name}') ORDER BY name`).all() as { name: string; needed: number }[];
      const ts = Object.values(getTableColumns(table)).map((c) => ({ name: c.name, needed: Number(c.notNull || c.primary) }));
      expect({ name, columns: ts.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }).toEqual({ name, columns: sql });
    }
    closeDb(db);
  });
});

type Table = Parameters<typeof getTableConfig>[0];
function isTable(value: unknown): value is Table {
  try {
    return Boolean(getTableConfig(value as Table).name);
  } catch {
    return false;
  }
}
