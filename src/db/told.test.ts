import { Database } from 'bun:sqlite';
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations } from './migrations/index.ts';
import { closeDb, openDb } from './open.ts';
import { tasks } from './schema/tasks.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'mantou-db-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what tasks failed of before there was a text for each language is there in English, whatever stands in it', () => {
  const path = join(folder, 'mantou.db');
  const before = new Database(path, { create: true });
  const step = migrations.findIndex((sql) => sql.includes('json_object'));
  for (const sql of migrations.slice(0, step)) before.run(sql);
  const insert = before.query(`INSERT INTO tasks (id, kind, key, params, state, steps, error, actor, created_at) VALUES (?, 'test', 'k', '{}', 'failed', '[]', ?, 'system', 1)`);
  const words = ['dpkg was interrupted', '“引号” and "quotes"\nE: 无法获得锁', '{"en":"a tool that prints JSON"}', ''];
  words.forEach((error, i) => insert.run(String(i), error));
  insert.run('none', null);
  before.run(`PRAGMA user_version = ${step}`);
  before.close();
  const db = openDb(path);
  expect(db.select().from(tasks).orderBy(tasks.id).all().map(({ error }) => error)).toEqual([...words.map((en) => ({ en })), null]);
  closeDb(db);
});
