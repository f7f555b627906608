import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeDb, openDb, type Db } from '../../db/open.ts';
import { samples } from '../../db/schema/samples.ts';
import { manualClock } from '../../lib/clock.ts';
import { createLog } from '../../lib/log.ts';
import { putSetting } from '../settings/settings.ts';
import { createRecorder } from './recorder.ts';
import type { Sample } from './sample.ts';

const folders: string[] = [];
const bases: Db[] = [];
afterEach(() => {
  for (const db of bases.splice(0)) closeDb(db);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const DAY = 86_400_000;
const sample = (at: number, cpu: number): Sample => ({
  at, cpu, cores: [cpu], load: [1, 1, 1], memory: { total: 100, used: 50, cache: 10, swapTotal: 0, swapUsed: 0 },
  network: { rx: 100, tx: 10 }, disk: { read: 1, write: 2 }, interfaces: [{ name: 'eth0', rx: 100, tx: 10 }], disks: [{ name: 'sda', read: 1, write: 2 }], sensors: [],
});

function setUp(path?: string) {
  const folder = path ? '' : mkdtempSync(join(tmpdir(), 'mantou-recorder-'));
  if (folder) folders.push(folder);
  const file = path ?? join(folder, 'mantou.db');
  const db = openDb(file);
  bases.push(db);
  const clock = manualClock();
  const lines: string[] = [];
  const log = createLog(clock.now, (level, line) => void lines.push(`${level} ${line}`));
  const recorder = createRecorder({ db, clock, log });
  const rows = (step: number) => db.select().from(samples).all().filter((row) => row.step === step);
  /** Samples every `every` s for `seconds`. */
  const feed = (seconds: number, cpu: (i: number) => number = () => 10, every = 10, to = recorder) => {
    for (let i = 0; i < seconds / every; i++) {
      clock.advance(every * 1000);
      to.add(sample(clock.now(), cpu(i)), every);
    }
  };
  return { file, db, clock, log, lines, recorder, rows, feed };
}

test('a full disk is told once, the samples wait and are written when there is space again', () => {
  const t = setUp();
  t.feed(60);
  const pages = (t.db.$client.query('PRAGMA page_count').get() as { page_count: number }).page_count;
  t.db.$client.run(`PRAGMA max_page_count = ${pages}`);
  // Rows that need new pages from now on: SQLite says SQLITE_FULL as it does for a full disk.
  t.feed(3 * 3600);
  expect(t.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
  t.db.$client.run('PRAGMA max_page_count = 1000000');
  t.feed(60);
  expect(t.lines.filter((line) => line.includes('written again'))).toHaveLength(1);
  // The last hour waited in memory.
  const from = t.clock.now() - 3600_000;
  expect(t.rows(10).filter(({ at }) => at >= from).length).toBeGreaterThanOrEqual(359);
  expect(t.rows(60).filter(({ at }) => at >= from).length).toBeGreaterThanOrEqual(59);
});

test('a wall clock that jumps back an hour loses nothing and doubles nothing', () => {
  const t = setUp();
  t.feed(3600, () => 10);
  t.recorder.flush();
  t.clock.set(t.clock.now() - 3600_000);
  t.feed(3600, () => 30);
  t.recorder.flush();
  const rows = t.rows(10);
  expect(new Set(rows.map(({ at }) => at)).size).toBe(rows.length);
  // Both hours count in the same rows.
  const inside = rows.slice(1, -1);
  expect(inside.every(({ cpu, cpuMax, weight }) => cpu === 20 && cpuMax === 30 && weight === 20)).toBe(true);
  expect(rows.reduce((sum, { weight }) => sum + weight, 0)).toBe(7200);
  expect(t.rows(60).reduce((sum, { weight }) => sum + weight, 0)).toBe(7200);
  expect(t.rows(3600).reduce((sum, { weight }) => sum + weight, 0)).toBe(7200);
});

test('a wall clock that leaps into the future for a while deletes no history', () => {
  const t = setUp();
  t.feed(3600);
  const before = t.rows(10).length;
  const real = t.clock.now();
  t.clock.set(real + 70 * 365 * DAY);
  t.feed(1800);
  t.clock.set(real + 1800_000);
  t.feed(600);
  expect(t.rows(10).filter(({ at }) => at <= real).length).toBeGreaterThanOrEqual(before);
});

test('a panel that starts after months keeps the old rows for a day, then lets them go', () => {
  const t = setUp();
  t.feed(600);
  t.recorder.flush();
  t.clock.advance(60 * DAY);
  const next = createRecorder({ db: t.db, clock: t.clock, log: t.log });
  t.feed(600, () => 10, 10, next);
  expect(t.rows(10).length).toBeGreaterThan(100);
  t.clock.advance(DAY);
  t.feed(200, () => 10, 10, next);
  expect(t.rows(10).some(({ at }) => at < t.clock.now() - 2 * DAY)).toBe(false);
});

test('a crash in mid-minute: what the 10 s rows know is in the coarse ones after the start', () => {
  const t = setUp();
  t.feed(155);
  // Killed: no flush. Minutes that were not over have rows of 10 s only.
  const sum = (rows: { weight: number }[]) => rows.reduce((all, { weight }) => all + weight, 0);
  expect(sum(t.rows(60))).toBeLessThan(sum(t.rows(10)));
  createRecorder({ db: t.db, clock: t.clock, log: t.log });
  for (const step of [60, 900, 3600]) expect(sum(t.rows(step))).toBe(sum(t.rows(10)));
});

test('a restart within 10 s adds to the row that is there', () => {
  const t = setUp();
  const start = Math.ceil(t.clock.now() / 10_000) * 10_000;
  t.clock.set(start);
  t.recorder.add(sample(start + 1000, 10), 1);
  t.recorder.flush();
  const next = createRecorder({ db: t.db, clock: t.clock, log: t.log });
  next.add(sample(start + 5000, 40), 2);
  next.flush();
  expect(t.rows(10)).toMatchObject([{ at: start, cpu: 30, cpuMax: 40, weight: 3 }]);
});

test('a damaged row keeps its columns and stops nothing', () => {
  const t = setUp();
  t.feed(60);
  t.db.$client.run("UPDATE samples SET parts = '{' WHERE step = 10");
  t.feed(120);
  expect(t.lines).toEqual([]);
  expect(t.rows(60).length).toBeGreaterThan(0);
});

test('averages and the highest CPU; a second of sampling counts a tenth of ten', () => {
  const t = setUp();
  t.clock.set(Math.ceil(t.clock.now() / 60_000) * 60_000 - 1000);
  t.feed(60, (i) => (i === 30 ? 100 : 0), 1);
  t.feed(60, () => 50);
  t.recorder.flush();
  const [first] = t.rows(60);
  expect(first).toMatchObject({ weight: 60, cpuMax: 100, netRx: 100 });
  expect(first!.cpu).toBeCloseTo(100 / 60, 1);
  expect(JSON.parse(first!.parts)).toMatchObject({ i: { eth0: [100, 10] }, d: { sda: [1, 2] } });
});

test('retention is by width and in pieces', () => {
  const t = setUp();
  putSetting({ db: t.db }, 'historyDays10s', 1);
  t.feed(3600);
  t.recorder.flush();
  t.clock.advance(2 * DAY);
  // Awake all the time by the monotonic clock: no leap.
  t.feed(600);
  expect(t.rows(10).every(({ at }) => at >= t.clock.now() - DAY - 60_000)).toBe(true);
  expect(t.rows(60).length).toBeGreaterThanOrEqual(60);
});
