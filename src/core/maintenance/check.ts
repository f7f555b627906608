import { statfsSync } from 'node:fs';
import { createFormat } from '../../i18n/format.ts';
import { AppError } from '../../lib/errors.ts';
import type { App } from '../app.ts';
import type { TaskContext, TaskPlan } from '../tasks/runner.ts';
import { databaseSize, quoted, tableNames } from './database.ts';

/** Lines of SQLite's findings that are kept. */
const FINDINGS = 20;

/**
 * Checks every page, index and reference of the database, then compacts it. SQLite works within this process and blocks
 * it meanwhile, so it goes table by table with a breath between; a database of the promised 40 MB takes well under a second.
 */
export function checkPlan(app: App): TaskPlan {
  return {
    kind: 'maintenance.check',
    key: 'maintenance.database',
    steps: ['integrity', 'foreignKeys', 'vacuum', 'checkpoint'],
    async run(task) {
      const before = databaseSize(app);
      task.step('integrity');
      await integrity(app, task);
      task.step('foreignKeys');
      refuse(app.db.$client.query('PRAGMA foreign_key_check').all().map((row) => JSON.stringify(row)));
      task.log('references: ok');
      task.progress(0.5);
      await breath(task);
      task.step('vacuum');
      room(app, before.file + before.log);
      app.db.$client.run('VACUUM');
      task.progress(0.9);
      await breath(task);
      // VACUUM writes the whole file anew into the write-ahead log: only a checkpoint makes the file itself small.
      task.step('checkpoint');
      const result = app.db.$client.query('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
      if (result.busy) task.log('a reader holds the write-ahead log; it is written at the next checkpoint');
      const after = databaseSize(app);
      const { bytes } = createFormat('en');
      task.log(`${bytes(before.file + before.log)} before, ${bytes(after.file + after.log)} now`);
    },
  };
}

async function integrity(app: App, task: TaskContext) {
  const names = tableNames(app);
  for (const [at, name] of names.entries()) {
    const rows = app.db.$client.query(`PRAGMA integrity_check(${quoted(name)})`).all() as { integrity_check: string }[];
    refuse(rows.map((row) => row.integrity_check).filter((line) => line !== 'ok'));
    task.log(`${name}: ok`);
    task.progress((0.5 * (at + 1)) / names.length);
    await breath(task);
  }
}

/** @throws AppError unavailable with what SQLite found. */
function refuse(found: readonly string[]) {
  if (found.length === 0) return;
  throw new AppError('unavailable', (t) => t.settings.maintenance.damaged({ n: found.length }), { detail: found.slice(0, FINDINGS).join('\n') });
}

/** VACUUM makes a copy, and the log holds another one until it is written back. */
function room(app: App, size: number) {
  const { bavail, bsize } = statfsSync(app.config.dataDir);
  const needs = size * 2 + (1 << 20);
  if (bavail * bsize >= needs) return;
  const { bytes } = createFormat('en');
  throw new AppError('unavailable', (t) => t.settings.maintenance.noRoom({ needs: bytes(needs), free: bytes(bavail * bsize) }));
}

/** Lets waiting requests through, and ends here when the task was cancelled. */
async function breath(task: TaskContext) {
  await Bun.sleep(1);
  task.signal.throwIfAborted();
}
