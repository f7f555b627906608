import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { migrations } from './migrations/index.ts';

test('terminals and the links to them outlive the change that lets terminals be in containers', () => {
  const db = new Database(':memory:');
  db.run('PRAGMA foreign_keys = ON');
  const step = migrations.findIndex((sql) => sql.includes('terminals_next'));
  for (const sql of migrations.slice(0, step)) db.run(sql);
  db.run(`INSERT INTO users (id, name, role, password_hash, created_at, password_changed_at) VALUES ('u', 'lin', 'admin', 'none', 1, 1)`);
  db.run(`INSERT INTO terminals (id, user_id, opened_by, kind, target, folder, state, created_at) VALUES ('t', 'u', 'lin', 'shell', 'root', '/', 'running', 1)`);
  db.run(`INSERT INTO terminal_shares (id, token_hash, terminal_id, user_id, created_at, expires_at) VALUES ('s', 'h', 't', 'u', 1, 2)`);
  db.transaction(() => db.run(migrations[step]!)).immediate();
  expect(db.query('SELECT id, kind, target FROM terminals').all()).toEqual([{ id: 't', kind: 'shell', target: 'root' }]);
  expect(db.query('SELECT id, terminal_id FROM terminal_shares').all()).toEqual([{ id: 's', terminal_id: 't' }]);
  db.run(`UPDATE terminals SET kind = 'container'`);
  db.run('DELETE FROM terminals');
  expect(db.query('SELECT count(*) AS n FROM terminal_shares').get()).toEqual({ n: 0 });
  db.close();
});
