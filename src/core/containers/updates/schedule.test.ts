import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { until } from '../../../../test/support/until.ts';
import { keepUpdates } from '../../../cli/updates.ts';
import { DockerError } from '../../../platform/docker.ts';
import { tasks } from '../../../db/schema/tasks.ts';
import { putSetting } from '../../settings/settings.ts';
import { SYSTEM } from '../../app.ts';
import { startCheck } from './check.ts';
import { lastDue, runSchedule, takeDue } from './schedule.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const zone = process.env.TZ;
let t: TestApp;
beforeEach(() => void (t = testApp()));
afterEach(async () => {
  process.env.TZ = zone ?? '';
  if (zone === undefined) delete process.env.TZ;
  await t.close();
});

const at = (text: string) => new Date(text).getTime();
const shown = (ms: number) => new Date(ms).toISOString();

test('the last moment that was due, in the time of the machine', () => {
  process.env.TZ = 'Europe/Berlin';
  const daily = { every: 'daily', hour: 4, day: 0 } as const;
  // Winter: 04:00 is 03:00 UTC. Summer begins on March 29th of 2026: then it is 02:00 UTC.
  expect(shown(lastDue(daily, at('2026-01-10T03:00:00Z')))).toBe('2026-01-10T03:00:00.000Z');
  expect(shown(lastDue(daily, at('2026-01-10T02:59:59Z')))).toBe('2026-01-09T03:00:00.000Z');
  expect(shown(lastDue(daily, at('2026-03-29T01:59:00Z')))).toBe('2026-03-28T03:00:00.000Z');
  expect(shown(lastDue(daily, at('2026-03-29T02:00:00Z')))).toBe('2026-03-29T02:00:00.000Z');
  // 02:30 does not exist on that night, and there is one moment for it all the same.
  expect(shown(lastDue({ ...daily, hour: 2 }, at('2026-03-29T12:00:00Z')))).toBe('2026-03-29T01:00:00.000Z');
  // Until then it is that of the day before, which has it.
  expect(shown(lastDue({ ...daily, hour: 2 }, at('2026-03-29T00:30:00Z')))).toBe('2026-03-28T01:00:00.000Z');
  expect(shown(lastDue({ every: 'weekly', hour: 2, day: 6 }, at('2026-03-29T12:00:00Z')))).toBe('2026-03-28T01:00:00.000Z');
  // January 10th is a Saturday.
  expect(shown(lastDue({ every: 'weekly', hour: 4, day: 6 }, at('2026-01-10T03:00:00Z')))).toBe('2026-01-10T03:00:00.000Z');
  expect(shown(lastDue({ every: 'weekly', hour: 4, day: 6 }, at('2026-01-10T02:00:00Z')))).toBe('2026-01-03T03:00:00.000Z');
  expect(shown(lastDue({ every: 'weekly', hour: 4, day: 0 }, at('2026-01-10T12:00:00Z')))).toBe('2026-01-04T03:00:00.000Z');
});

/** How often it was due when time passes in these steps. */
const due = (...steps: number[]) => steps.map((ms) => (t.clock.advance(ms), takeDue(t.app)));

test('once for each moment; what was missed once, however long it was; a new schedule begins with its next moment', () => {
  process.env.TZ = 'UTC';
  t.clock.set(at('2026-01-10T10:00:00Z'));
  expect(due(0, DAY)).toEqual([false, false]);
  putSetting(t.app, 'containerChecks', 'daily');
  expect(due(0, HOUR, 16 * HOUR, HOUR, 60_000, 60_000, 22 * HOUR, 2 * HOUR)).toEqual([false, false, false, true, false, false, false, true]);
  // It did not run for ten days.
  expect(due(10 * DAY, 60_000)).toEqual([true, false]);
  // Another hour, which is past today.
  t.clock.set(at('2026-02-01T10:00:00Z'));
  expect(takeDue(t.app)).toBe(true);
  putSetting(t.app, 'containerCheckHour', 9);
  expect(due(0, 60_000, 22 * HOUR + 59 * 60_000)).toEqual([false, false, true]);
  // The clock is set back by a month: it goes on from there.
  t.clock.set(at('2026-01-01T00:00:00Z'));
  expect(due(0, 8 * HOUR, HOUR)).toEqual([false, false, true]);
  putSetting(t.app, 'containerChecks', 'off');
  expect(due(DAY, 30 * DAY)).toEqual([false, false]);
  putSetting(t.app, 'containerChecks', 'weekly');
  expect(due(0, DAY, DAY, DAY, DAY, DAY, DAY, DAY).filter(Boolean)).toHaveLength(1);
});

test('nothing runs while it is off; when it is due there is one task, and an engine that is away is waited for', async () => {
  const runs = () => t.app.db.select().from(tasks).all().filter(({ kind }) => kind === 'containers.check').map(({ state, actor }) => `${state} ${actor}`);
  expect([await runSchedule(t.app), runs()]).toEqual([false, []]);
  putSetting(t.app, 'containerChecks', 'daily');
  await runSchedule(t.app);
  t.clock.advance(DAY);
  const away = () => Promise.reject(new DockerError('absent', 'no such file'));
  const without = { ...t.app, host: { ...t.app.host, docker: { ...t.app.host.docker, ask: away } } };
  expect([await runSchedule(without), runs()]).toEqual([false, []]);
  expect([await runSchedule(t.app), await runSchedule(t.app), runs()]).toEqual([true, false, ['done system']]);
});

test('a check that somebody begins in that moment costs no round of the schedule', async () => {
  putSetting(t.app, 'containerChecks', 'daily');
  await runSchedule(t.app);
  t.clock.advance(DAY);
  const { docker } = t.app.host;
  let begun: string | undefined;
  const host = { ...t.app.host, docker: { ...docker, ask: (call: Parameters<typeof docker.ask>[0]) => {
    begun ??= startCheck(t.app, SYSTEM);
    return docker.ask(call);
  } } };
  expect(await runSchedule({ ...t.app, host })).toBe(false);
  await t.app.tasks.settled(begun!);
  expect(await runSchedule(t.app)).toBe(true);
});

test('the timer looks at once, and never twice at a time', async () => {
  let begun = 0;
  const gate = Promise.withResolvers<void>();
  const stop = keepUpdates(t.app, async () => {
    begun++;
    await gate.promise;
  });
  await until(() => begun === 1);
  gate.resolve();
  stop();
  const failing = keepUpdates(t.app, () => Promise.reject(new Error('broken')));
  await until(() => t.errors.length === 1);
  failing();
  expect(t.errors[0]).toContain('newer images were not looked for');
});
