import { join } from 'node:path';
import { decideTls, type Config } from '../config/load.ts';
import type { App, Panel } from '../core/app.ts';
import type { Events } from '../core/events.ts';
import { createSampler } from '../core/metrics/sampler.ts';
import { createSecrets, loadMasterKey } from '../core/secrets/secrets.ts';
import { createTaskRunner } from '../core/tasks/runner.ts';
import { closeDb, openDb } from '../db/open.ts';
import { loadAssets } from '../http/assets.ts';
import { en, type Messages } from '../i18n/en.ts';
import { Bus } from '../lib/bus.ts';
import { systemClock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { systemRandom } from '../lib/random.ts';
import { exec } from '../platform/exec.ts';
import { createHost } from '../platform/create.ts';
import { createScripts } from '../platform/scripts.ts';
import { createServer } from '../server.ts';
import { VERSION } from '../version.ts';
import { prepareDataDir } from './datadir.ts';
import { listen } from './listen.ts';
import { lockDataDir } from './lock.ts';
import { openLog } from './logs.ts';

export interface RunningPanel {
  url: string;
  /** Resolves with the exit code when the panel has stopped. */
  stopped: Promise<number>;
  stop(reason: 'stop' | 'restart'): Promise<void>;
}

export interface Surroundings {
  t: Messages;
  print(line: string): void;
  env: Record<string, string | undefined>;
}

/** Streams get this long to hear that the panel stops, tasks this long to end; together under the promised 5 s. */
const TASKS_MS = 3000;

/**
 * Opens everything in order, serves, and knows how to close it again in reverse.
 * @throws AppError when the data directory, the database or the address cannot be used; what was opened is closed.
 */
export async function startPanel(config: Config, around: Surroundings): Promise<RunningPanel> {
  const tls = decideTls(config);
  prepareDataDir(config.dataDir);
  const lock = lockDataDir(config.dataDir);
  const closers: (() => void)[] = [() => lock.release()];
  try {
    const log = openLog(config.dataDir, systemClock.now);
    const db = openDb(join(config.dataDir, 'mantou.db'));
    closers.push(() => closeDb(db));
    const bus = new Bus<Events>((error) => log.error('listener failed', { error: error as Error }));
    const tell = (thrown: unknown) => (thrown instanceof AppError ? [thrown.say(en), thrown.detail].filter(Boolean).join('\n') : String((thrown as Error)?.message ?? thrown));
    const base = { config, version: VERSION, db, log, bus, clock: systemClock, random: systemRandom, exec };
    const scripts = createScripts(exec, join(config.dataDir, 'scripts'));
    const host = createHost(config.demo, exec, scripts);
    const tasks = createTaskRunner({ ...base, folder: join(config.dataDir, 'tasks'), tell });
    const sampler = createSampler({ ...base, host });
    closers.push(() => sampler.stop());

    let resolveStopped!: (code: number) => void;
    const stopped = new Promise<number>((resolve) => (resolveStopped = resolve));
    const panel: Panel = {
      startedAt: systemClock.now(),
      tls,
      certificate: () => null,
      restart: () => void stop('restart'),
      restartRefusal: () => (config.demo ? 'demo' : null),
      restartCommand: () => `exec ${[process.execPath, ...process.argv.slice(1)].join(' ')}`,
    };
    const app: App = { ...base, host, scripts, tasks, sampler, panel, secrets: createSecrets(loadMasterKey(config.dataDir, systemRandom), systemRandom) };
    const { hono, streams } = createServer(app);
    const server = listen({ config, tls: null, assets: loadAssets(), hono });
    closers.push(() => void server.stop(true));
    const url = server.url.origin;
    lock.describe(url);
    sampler.start();
    closers.push(watchDatabase(app, () => streams.count() > 0));

    let stopping = false;
    async function stop(reason: 'stop' | 'restart') {
      if (stopping) return;
      stopping = true;
      around.print(around.t.start.stopping);
      bus.emit('panel.stopping', { reason });
      streams.stop(reason);
      // Answers under way get a moment; a page that keeps its connection open does not hold the exit.
      await Promise.race([server.stop(false), Bun.sleep(500)]);
      await tasks.stop(TASKS_MS);
      for (const close of closers.reverse()) close();
      if (reason === 'restart') replaceProcess(around.env);
      resolveStopped(0);
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop('stop'));
    around.print(around.t.start.ready({ version: VERSION, url }));
    return { url, stopped, stop };
  } catch (error) {
    for (const close of closers.reverse()) close();
    throw error;
  }
}

/** Starts this very program anew in the same process: same pid for whoever supervises it, same console, same arguments. */
function replaceProcess(env: Record<string, string | undefined>) {
  const kept = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  process.execve!(process.execPath, process.argv.slice(0), kept);
}

/**
 * The command line changes the same database ("user reset-password"). `data_version` moves only when another
 * connection has committed, and reading it touches no page: asked twice a second while streams are open.
 */
function watchDatabase(app: App, needed: () => boolean): () => void {
  const read = () => (app.db.$client.query('PRAGMA data_version').get() as { data_version: number }).data_version;
  let known = read();
  const timer = setInterval(() => {
    if (!needed()) return;
    const now = read();
    if (now !== known) app.bus.emit('database.changed', {});
    known = now;
  }, 500);
  return () => clearInterval(timer);
}
