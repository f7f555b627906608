import { afterEach, describe, expect, test } from 'bun:test';
import { until } from '../../../test/support/until.ts';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tellAll } from '../../cli/console.ts';
import { closeDb, openDb } from '../../db/open.ts';
import { tasks } from '../../db/schema/tasks.ts';
import { Bus } from '../../lib/bus.ts';
import { manualClock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { systemRandom } from '../../lib/random.ts';
import { exec } from '../../platform/exec.ts';
import { SYSTEM } from '../app.ts';
import type { Events } from '../events.ts';
import { createTaskRunner, type TaskContext } from './runner.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-tasks-'));
  const db = openDb(join(folder, 'mantou.db'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }), () => closeDb(db));
  const clock = manualClock();
  const errors: string[] = [];
  const log = { info() {}, warn: (m: string) => void errors.push(m), error: (m: string) => void errors.push(m) };
  const needs = { db, bus: new Bus<Events>(() => {}), clock, random: systemRandom, log, folder: join(folder, 'tasks'), tell: tellAll };
  const runner = createTaskRunner(needs);
  const row = (id: string) => db.select().from(tasks).all().find((task) => task.id === id)!;
  const start = (run: (task: TaskContext) => Promise<void>, key = 'k', steps: string[] = []) => runner.start(SYSTEM, { kind: 'test', key, steps, run });
  return { db, clock, errors, needs, runner, row, start };
}

const forever = (task: TaskContext) => new Promise<void>((resolve) => task.signal.addEventListener('abort', () => resolve()));

function refusal(run: () => unknown) {
  try {
    run();
  } catch (error) {
    return (error as AppError).code;
  }
}

describe('refused', () => {
  test('a second run with the same key, until the first has ended', async () => {
    const { runner, start } = setup();
    const first = start(forever);
    expect(refusal(() => start(forever))).toBe('conflict');
    expect(refusal(() => start(async () => {}, 'another'))).toBeUndefined();
    runner.cancel(first);
    await runner.settled(first);
    expect(refusal(() => start(async () => {}))).toBeUndefined();
  });

  test('to cancel what is unknown or over', async () => {
    const { runner, start } = setup();
    expect(refusal(() => runner.cancel('nothing'))).toBe('not_found');
    const id = start(async () => {});
    await runner.settled(id);
    expect(refusal(() => runner.cancel(id))).toBe('conflict');
  });
});

test('steps, progress and duration are kept, and progress writes a row a percent', async () => {
  const { runner, row, start, clock, needs } = setup();
  let changes = 0;
  needs.bus.on('tasks.changed', () => void changes++);
  const id = start(async (task) => {
    task.step('one');
    clock.advance(1000);
    task.step('two');
    for (let i = 0; i < 10_000; i++) task.progress(i / 20_000);
  }, 'k', ['one', 'two']);
  await runner.settled(id);
  expect(row(id)).toMatchObject({ state: 'done', progress: 1, error: null, actor: 'system' });
  expect(row(id).steps).toMatchObject([{ name: 'one', state: 'done' }, { name: 'two', state: 'done' }]);
  expect(row(id).steps[0]!.endedAt! - row(id).steps[0]!.startedAt!).toBe(1000);
  expect(changes).toBeLessThan(60);
});

test('what a run throws is its error, its step and the end of its log, also before the first await', async () => {
  const { runner, row, start, errors } = setup();
  const id = runner.start(SYSTEM, { kind: 'test', key: 'k', steps: ['one'], run: (() => { throw new Error('nothing there'); }) as never });
  await runner.settled(id);
  expect(row(id)).toMatchObject({ state: 'failed', error: { en: 'nothing there' } });
  expect(await Bun.file(runner.logPath(id)).text()).toBe('nothing there\n');
  expect(errors).toEqual(['task failed']);
  expect(runner.running()).toBe(0);
  expect(refusal(() => start(async () => {}))).toBeUndefined();
});

test.skipIf(process.platform === 'win32')('cancelling ends the child process and its children', async () => {
  const { runner, row, start } = setup();
  const pids: number[] = [];
  const id = start(async (task) => {
    // A shell that starts another: both must go.
    await exec.run(['/bin/sh', '-c', 'sleep 300 & echo $! $$; wait'], {
      signal: task.signal,
      onOutput: (text) => void pids.push(...text.trim().split(' ').map(Number)),
    });
  });
  await until(() => pids.length === 2);
  runner.cancel(id, '[cancelled by lin]');
  runner.cancel(id);
  await runner.settled(id);
  expect(row(id)).toMatchObject({ state: 'cancelled', error: null });
  await until(() => pids.every((pid) => !alive(pid)));
  expect(await Bun.file(runner.logPath(id)).text()).toBe('[cancelled by lin]\n');
});

/** A zombie that nobody has waited for yet is as dead as one can be. */
function alive(pid: number) {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(require('node:fs').readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('what ran when the panel died is interrupted at the next start; a stop interrupts at once', async () => {
  const { runner, row, start, needs } = setup();
  const lost = start(forever, 'lost');
  createTaskRunner(needs);
  expect(row(lost).state).toBe('interrupted');
  const stopped = start(forever, 'stopped');
  await runner.stop(5000);
  expect(row(stopped).state).toBe('interrupted');
  expect(runner.running()).toBe(0);
});

test('purge removes ended runs with their logs, never one that runs', async () => {
  const { runner, row, start, clock } = setup();
  const old = start(async (task) => task.log('x'), 'old');
  await runner.settled(old);
  const going = start(forever, 'going');
  clock.advance(1000);
  const fresh = start(async () => {}, 'fresh');
  await runner.settled(fresh);
  expect(existsSync(runner.logPath(old))).toBe(true);
  expect(statSync(runner.logPath(old)).mode & 0o777).toBe(process.platform === 'win32' ? statSync(runner.logPath(old)).mode & 0o777 : 0o600);
  expect(runner.purge(clock.now())).toBe(1);
  expect(existsSync(runner.logPath(old))).toBe(false);
  expect(row(old)).toBeUndefined();
  expect([row(going).state, row(fresh).state]).toEqual(['running', 'done']);
  await runner.stop(1000);
});

test('S4 an id never leads out of the folder of the logs', () => {
  const { runner, needs } = setup();
  expect(runner.logPath('../../etc/passwd')).toBe(join(needs.folder, 'ecad.log'));
});
