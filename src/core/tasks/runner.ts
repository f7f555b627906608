import { and, eq, lt, ne } from 'drizzle-orm';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../../db/open.ts';
import { tasks, type TaskState, type TaskStep } from '../../db/schema/tasks.ts';
import type { Lang } from '../../i18n/languages.ts';
import type { Bus } from '../../lib/bus.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import { toldIn, type Told } from '../../lib/told.ts';
import { actorLang, actorName, type Actor } from '../app.ts';
import type { Events } from '../events.ts';
import { openTaskLog } from './log.ts';

export interface TaskPlan {
  /** Names the run in i18n `tasks.kinds`. */
  kind: string;
  /** What it works on; a second run with the same key is a conflict while this one goes. */
  key: string;
  params?: Record<string, string | number>;
  /** Names of the steps in order, in i18n `tasks.stepNames`. */
  steps: readonly string[];
  run(task: TaskContext): Promise<void>;
}

/** What a running task may do. `signal` aborts when it is cancelled or the panel stops: pass it to every child. */
export interface TaskContext {
  readonly id: string;
  readonly signal: AbortSignal;
  log(text: string): void;
  /** What was thrown, in words for the log, which has them in the language of whoever started the run. */
  tell(thrown: unknown): string;
  /** Marks the step before as done and this one as going. */
  step(name: string): void;
  /** 0 to 1 of the whole, or null for unknown. */
  progress(value: number | null): void;
}

export interface TaskRunner {
  /** @throws AppError conflict when one with the same key is running. */
  start(actor: Actor, plan: TaskPlan): string;
  /**
   * Aborts the run's signal; `note` goes to its log. Asking twice is no error while it is ending.
   * @throws AppError not_found, or conflict when it is not running any more.
   */
  cancel(id: string, note?: string): void;
  /** Resolves when the run has ended, for tests and shutdown. */
  settled(id: string): Promise<void>;
  running(): number;
  logPath(id: string): string;
  /** Aborts everything and waits up to `ms`. */
  stop(ms: number): Promise<void>;
  /** Removes ended runs and their logs older than `before`. */
  purge(before: number): number;
}

interface Needs {
  db: Db;
  bus: Bus<Events>;
  clock: Clock;
  random: Random;
  log: Log;
  folder: string;
  /** Puts what a run threw into words for its row and its log. */
  tell: (thrown: unknown) => Told;
}

/** What a row keeps of an error in each language; the log has the rest. */
const ERROR_CAP = 4000;

const capped = (told: Told) => Object.fromEntries(Object.entries(told).map(([lang, words]) => [lang, words.slice(0, ERROR_CAP)])) as Told;

/**
 * One per data directory: its making declares every row that still runs interrupted, so the command line,
 * which may work beside a running panel, must not make one.
 */
export function createTaskRunner(needs: Needs): TaskRunner {
  const { db, bus, clock, random, folder } = needs;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // A row that still runs belongs to a process that is gone.
  db.update(tasks).set({ state: 'interrupted', endedAt: clock.now() }).where(eq(tasks.state, 'running')).run();
  const running = new Map<string, { abort: AbortController; done: Promise<void>; key: string; task: TaskContext }>();
  const logPath = (id: string) => join(folder, `${id.replace(/[^0-9a-f-]/g, '')}.log`);

  function change(id: string, set: Partial<typeof tasks.$inferInsert>) {
    db.update(tasks).set(set).where(eq(tasks.id, id)).run();
    bus.emit('tasks.changed', { id });
  }

  function context(id: string, signal: AbortSignal, steps: TaskStep[], lang: Lang): TaskContext {
    const log = openTaskLog(logPath(id), (error) => needs.log.warn('task log not written', { id, error }));
    let shown: number | undefined;
    return {
      id,
      signal,
      tell: (thrown) => toldIn(needs.tell(thrown), lang),
      log(text) {
        if (text) bus.emit('tasks.output', { id, size: log.append(text.endsWith('\n') ? text : `${text}\n`) });
      },
      step(name) {
        const at = clock.now();
        for (const step of steps) {
          if (step.state === 'now') Object.assign(step, { state: 'done', endedAt: at });
          if (step.name === name) Object.assign(step, { state: 'now', startedAt: at });
        }
        change(id, { steps });
      },
      progress(value) {
        // A row a percent is enough; a copy of a million files must not write a million rows.
        const percent = value === null ? -1 : Math.floor(Math.min(1, Math.max(0, value)) * 100);
        if (percent === shown) return;
        shown = percent;
        change(id, { progress: percent < 0 ? null : percent / 100 });
      },
    };
  }

  async function outcome(plan: TaskPlan, task: TaskContext): Promise<{ state: TaskState; error: Told | null }> {
    const { signal } = task;
    const aborted = () => ({ state: signal.reason === 'stop' ? ('interrupted' as const) : ('cancelled' as const), error: null });
    try {
      // The row must be registered before a plan may fail, also one that throws before its first await.
      await null;
      if (!signal.aborted) await plan.run(task);
      return signal.aborted ? aborted() : { state: 'done', error: null };
    } catch (thrown) {
      if (signal.aborted) return aborted();
      if (!(thrown instanceof AppError)) needs.log.error('task failed', { id: task.id, kind: plan.kind, error: thrown as Error });
      task.log(task.tell(thrown));
      return { state: 'failed', error: capped(needs.tell(thrown)) };
    }
  }

  async function drive(plan: TaskPlan, task: TaskContext, steps: TaskStep[]) {
    try {
      const { state, error } = await outcome(plan, task);
      const endedAt = clock.now();
      for (const step of steps) if (step.state === 'now') Object.assign(step, { state: state === 'done' ? 'done' : 'failed', endedAt });
      running.delete(task.id);
      change(task.id, { state, error, steps, endedAt, ...(state === 'done' ? { progress: 1 } : {}) });
    } catch (error) {
      // Only the database can fail here (disk full). The row is put right at the next start.
      needs.log.error('end of task not written', { id: task.id, error: error as Error });
    } finally {
      running.delete(task.id);
    }
  }

  return {
    start(actor, plan) {
      if ([...running.values()].some((run) => run.key === plan.key)) {
        throw new AppError('conflict', (t) => t.tasks.alreadyRunning);
      }
      const id = random.id();
      const steps: TaskStep[] = plan.steps.map((name) => ({ name, state: 'waiting' }));
      db.insert(tasks)
        .values({
          id, kind: plan.kind, key: plan.key, params: plan.params ?? {}, state: 'running', steps, progress: null,
          userId: actor.kind === 'user' ? actor.userId : null, actor: actorName(actor), createdAt: clock.now(),
        })
        .run();
      const abort = new AbortController();
      const task = context(id, abort.signal, steps, actorLang(actor));
      const run = { abort, key: plan.key, task, done: Promise.resolve() };
      running.set(id, run);
      run.done = drive(plan, task, steps);
      bus.emit('tasks.changed', { id });
      return id;
    },
    cancel(id, note) {
      const run = running.get(id);
      if (!run) {
        const row = db.select({ id: tasks.id }).from(tasks).where(eq(tasks.id, id)).get();
        throw row ? new AppError('conflict', (t) => t.tasks.notRunning) : new AppError('not_found', (t) => t.tasks.notFound);
      }
      if (run.abort.signal.aborted) return;
      if (note) run.task.log(note);
      run.abort.abort('cancel');
    },
    settled: async (id) => running.get(id)?.done,
    running: () => running.size,
    logPath,
    async stop(ms) {
      for (const run of running.values()) run.abort.abort('stop');
      await Promise.race([Promise.allSettled([...running.values()].map((run) => run.done)), Bun.sleep(ms)]);
    },
    purge(before) {
      const old = db.select({ id: tasks.id }).from(tasks).where(and(ne(tasks.state, 'running'), lt(tasks.createdAt, before))).all();
      for (const { id } of old) {
        rmSync(logPath(id), { force: true });
        db.delete(tasks).where(eq(tasks.id, id)).run();
      }
      return old.length;
    },
  };
}
