import { and, desc, eq, lt, ne } from 'drizzle-orm';
import { appendFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../../db/open.ts';
import { tasks, type TaskState, type TaskStep } from '../../db/schema/tasks.ts';
import type { Bus } from '../../lib/bus.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import { actorName, type Actor } from '../app.ts';
import type { Events } from '../events.ts';

export interface TaskPlan {
  /** Names the run in i18n `tasks.kinds`. */
  kind: string;
  /** What it works on; a second run with the same key is a conflict while this one goes. */
  key: string;
  params?: Record<string, string | number>;
  /** Names of the steps in order, in i18n `tasks.steps`. */
  steps: readonly string[];
  run(task: TaskContext): Promise<void>;
}

/** What a running task may do. `signal` aborts when it is cancelled or the panel stops: pass it to every child. */
export interface TaskContext {
  readonly id: string;
  readonly signal: AbortSignal;
  log(text: string): void;
  /** Marks the step before as done and this one as going. */
  step(name: string): void;
  /** 0 to 1 of the whole, or null for unknown. */
  progress(value: number | null): void;
}

export interface TaskRunner {
  /** @throws AppError conflict when one with the same key is running. */
  start(actor: Actor, plan: TaskPlan): string;
  /** @throws AppError not_found, or conflict when it is not running here. */
  cancel(id: string): void;
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
  tell: (thrown: unknown) => string;
}

const LOG_CAP = 16 << 20;

export function createTaskRunner(needs: Needs): TaskRunner {
  const { db, bus, clock, random, folder } = needs;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // A row that still runs belongs to a process that is gone.
  db.update(tasks).set({ state: 'interrupted', endedAt: clock.now() }).where(eq(tasks.state, 'running')).run();
  const running = new Map<string, { abort: AbortController; done: Promise<void>; key: string }>();
  const logPath = (id: string) => join(folder, `${id.replace(/[^0-9a-f-]/g, '')}.log`);

  function change(id: string, set: Partial<typeof tasks.$inferInsert>) {
    db.update(tasks).set(set).where(eq(tasks.id, id)).run();
    bus.emit('tasks.changed', { id });
  }

  function context(id: string, signal: AbortSignal, steps: TaskStep[]): TaskContext {
    let size = 0;
    let shown = -1;
    return {
      id,
      signal,
      log(text) {
        if (size >= LOG_CAP) return;
        const line = text.endsWith('\n') ? text : `${text}\n`;
        size += Buffer.byteLength(line);
        appendFileSync(logPath(id), size >= LOG_CAP ? `${line}[log ends here: ${LOG_CAP} bytes]\n` : line, { mode: 0o600 });
        bus.emit('tasks.output', { id, size });
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
        const percent = value === null ? -1 : Math.floor(value * 100);
        if (percent === shown) return;
        shown = percent;
        change(id, { progress: value });
      },
    };
  }

  async function drive(plan: TaskPlan, task: TaskContext, steps: TaskStep[]) {
    let state: TaskState = 'done';
    let error: string | null = null;
    try {
      await plan.run(task);
      if (task.signal.aborted) state = task.signal.reason === 'stop' ? 'interrupted' : 'cancelled';
    } catch (thrown) {
      if (task.signal.aborted) state = task.signal.reason === 'stop' ? 'interrupted' : 'cancelled';
      else {
        state = 'failed';
        error = needs.tell(thrown);
        if (!(thrown instanceof AppError)) needs.log.error('task failed', { id: task.id, kind: plan.kind, error: thrown as Error });
        task.log(error);
      }
    }
    for (const step of steps) if (step.state === 'now') step.state = state === 'done' ? 'done' : 'failed';
    change(task.id, { state, error, steps, endedAt: clock.now(), ...(state === 'done' ? { progress: 1 } : {}) });
    running.delete(task.id);
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
      const task = context(id, abort.signal, steps);
      running.set(id, { abort, key: plan.key, done: Promise.resolve() });
      running.get(id)!.done = drive(plan, task, steps);
      bus.emit('tasks.changed', { id });
      return id;
    },
    cancel(id) {
      const run = running.get(id);
      if (!run) {
        const row = db.select({ id: tasks.id }).from(tasks).where(eq(tasks.id, id)).get();
        throw row ? new AppError('conflict', (t) => t.tasks.notRunning) : new AppError('not_found', (t) => t.tasks.notFound);
      }
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

/** Newest first. */
export function listTasks(app: { db: Db }, limit: number, before?: string) {
  return app.db.select().from(tasks).where(before ? lt(tasks.id, before) : undefined).orderBy(desc(tasks.id)).limit(limit).all();
}

/** @throws AppError not_found */
export function getTask(app: { db: Db }, id: string) {
  const row = app.db.select().from(tasks).where(eq(tasks.id, id)).get();
  if (!row) throw new AppError('not_found', (t) => t.tasks.notFound);
  return row;
}

/** A piece of a task's log from byte `offset`, at most 256 KiB; `next` is where to go on. */
export async function readTaskLog(path: string, offset: number): Promise<{ text: string; next: number }> {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (offset >= size) return { text: '', next: size };
  const end = Math.min(size, offset + (256 << 10));
  return { text: await Bun.file(path).slice(offset, end).text(), next: end };
}
