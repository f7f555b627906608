import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { desc } from 'drizzle-orm';
import { tasks } from '../../db/schema/tasks.ts';
import type { App } from '../app.ts';
import { getSetting, SETTINGS, type SettingKey } from '../settings/settings.ts';
import type { TaskPlan } from '../tasks/runner.ts';
import { databaseSize, quoted, tableNames } from './database.ts';
import { redact } from './redact.ts';

/** The end of each log that goes into the archive. */
const LOG_BYTES = 512 << 10;

const folderOf = (app: Pick<App, 'config'>) => join(app.config.dataDir, 'diagnostics');

/** The archive that a task made, or null. `id` is that of a row, never text of a request. */
export function diagnosticsArchive(app: Pick<App, 'config'>, id: string): string | null {
  const path = join(folderOf(app), `${id.replace(/[^0-9a-f-]/g, '')}.tar.gz`);
  return existsSync(path) ? path : null;
}

/** Removes the archives of tasks that are gone. */
export function dropArchives(app: Pick<App, 'config'>, kept: ReadonlySet<string>) {
  if (!existsSync(folderOf(app))) return;
  for (const name of readdirSync(folderOf(app))) {
    if (!kept.has(name.replace(/\.tar\.gz$/, ''))) rmSync(join(folderOf(app), name), { force: true });
  }
}

/**
 * Everything that somebody who helps would ask for, in one archive. What is in it is chosen field by field, and passes
 * `redact` on top: no passwords, keys, tokens or hashes (S13).
 */
export function diagnosticsPlan(app: App): TaskPlan {
  return {
    kind: 'maintenance.diagnostics',
    key: 'maintenance.diagnostics',
    steps: ['machine', 'settings', 'logs', 'pack'],
    async run(task) {
      const files: Record<string, string> = {};
      const add = (name: string, value: unknown) => {
        files[`mantou-diagnostics/${name}`] = redact(typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`);
        task.log(name);
      };
      task.step('machine');
      add('machine.json', await machine(app));
      task.step('settings');
      add('settings.json', settingsOf(app));
      add('database.json', database(app));
      add('tasks.json', recentRuns(app));
      task.step('logs');
      for (const name of ['panel.log', 'error.log']) add(`logs/${name}`, await tail(join(app.config.dataDir, 'logs', name)));
      task.signal.throwIfAborted();
      task.step('pack');
      await pack(app, task.id, files);
    },
  };
}

async function machine(app: App) {
  const { hostname: _, addresses: __, ...facts } = await app.host.system.facts();
  return {
    mantou: app.version,
    bun: Bun.version,
    platform: `${process.platform}-${process.arch}`,
    panelStartedAt: new Date(app.panel.startedAt).toISOString(),
    collectedAt: new Date(app.clock.now()).toISOString(),
    memory: process.memoryUsage(),
    facts,
    missing: app.host.metrics.missing(),
    mounts: await app.host.metrics.mounts(),
    sample: app.sampler.latest() ?? null,
  };
}

function settingsOf(app: App) {
  const { host, port, dataDir, tls, tlsCert, trustedProxies, allowedHosts, portable, demo } = app.config;
  const started = { host, port, dataDir, tls: tls ?? null, ownCertificate: Boolean(tlsCert), trustedProxies, allowedHosts, portable, demo, speaksTls: app.panel.tls };
  const keys = Object.keys(SETTINGS) as SettingKey[];
  return { started, settings: Object.fromEntries(keys.map((key) => [key, getSetting(app, key)])) };
}

function database(app: App) {
  const count = (name: string) => (app.db.$client.query(`SELECT count(*) AS n FROM ${quoted(name)}`).get() as { n: number }).n;
  const { user_version } = app.db.$client.query('PRAGMA user_version').get() as { user_version: number };
  return { format: user_version, size: databaseSize(app), rows: Object.fromEntries(tableNames(app).map((name) => [name, count(name)])) };
}

function recentRuns(app: App) {
  const { kind, state, steps, progress, error, createdAt, endedAt } = tasks;
  return app.db.select({ kind, state, steps, progress, error, createdAt, endedAt }).from(tasks).orderBy(desc(tasks.id)).limit(20).all();
}

async function tail(path: string): Promise<string> {
  const file = Bun.file(path);
  if (!(await file.exists())) return '';
  const text = await file.slice(Math.max(0, file.size - LOG_BYTES)).text();
  // The first line may be the end of one whose beginning, and with it the name of a secret, was cut off.
  return file.size > LOG_BYTES ? text.slice(text.indexOf('\n') + 1) : text;
}

async function pack(app: App, id: string, files: Record<string, string>) {
  const folder = folderOf(app);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${id}.tar.gz`);
  await Bun.write(path, await new Bun.Archive(files, { compress: 'gzip' }).bytes(), { mode: 0o600 });
  if (process.platform !== 'win32') chmodSync(path, 0o600);
}
