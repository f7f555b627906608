import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHistory } from '../../src/core/metrics/history.ts';
import { createSampler } from '../../src/core/metrics/sampler.ts';
import { SETTINGS } from '../../src/core/settings/settings.ts';
import type { Events } from '../../src/core/events.ts';
import { closeDb, openDb, type Db } from '../../src/db/open.ts';
import { Bus } from '../../src/lib/bus.ts';
import { manualClock, systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { createFakeHost } from '../../src/platform/fake/host.ts';
import { createLinuxMetrics } from '../../src/platform/linux/metrics.ts';
import { exec } from '../../src/platform/exec.ts';
import { createLinuxProcesses } from '../../src/platform/linux/processes/processes.ts';
import type { Note } from './figures.ts';

const DAY = 86_400_000;
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** 24 h of the fake machine through the real sampler into a real database; then 30 days made of that day. */
export async function benchHistory(note: Note) {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-bench-'));
  const path = join(folder, 'mantou.db');
  const db = openDb(path);
  try {
    const clock = manualClock();
    const sampler = await simulateDay(db, clock, note);
    const size = () => (db.$client.run('PRAGMA wal_checkpoint(TRUNCATE)'), statSync(path).size);
    const day = size();
    note('database after 24 h of samples', mb(day), 'goal < 40 MB');
    const app = { db, clock, sampler };
    fillDays(db, 30);
    for (const range of ['1h', '24h', '7d', '30d'] as const) {
      const { p50, p99, points } = measure(() => readHistory(app, range).points.length, 30);
      note(`history of ${range}, p50 / p99`, `${p50.toFixed(1)} / ${p99.toFixed(1)} ms, ${points} points`, range === '30d' ? 'goal ≤ 20 ms' : undefined);
    }
    note('database when every row of every width is kept', mb(await bound(db)), 'bounded by the settings for retention');
  } finally {
    closeDb(db);
    rmSync(folder, { recursive: true, force: true });
  }
  if (process.platform === 'linux') await benchDrivers(note);
}

async function simulateDay(db: Db, clock: ReturnType<typeof manualClock>, note: Note) {
  const log = createLog(clock.now, (_, line) => console.error(line));
  const bus = new Bus<Events>((error) => console.error(error));
  const sampler = createSampler({ host: createFakeHost({ clock }), db, bus, clock, log });
  const before = process.cpuUsage();
  const rounds = DAY / 10_000;
  for (let i = 0; i < rounds; i++) {
    clock.advance(10_000);
    await sampler.tick();
  }
  const { user, system } = process.cpuUsage(before);
  const each = (user + system) / 1000 / rounds;
  note('CPU of one round, with its rows', `${each.toFixed(2)} ms`, `${(each / 100).toFixed(3)} % of a core at one in 10 s`);
  return sampler;
}

/** The day again and again, earlier and earlier: rows of 1 min and of 15 min for `days`. */
function fillDays(db: Db, days: number) {
  const columns = 'weight, cpu, cpu_max, load1, memory_used, memory_cache, swap_used, net_rx, net_tx, disk_read, disk_write, parts';
  db.transaction(() => {
    for (let day = 1; day < days; day++) {
      db.$client.query(`INSERT OR IGNORE INTO samples (step, at, ${columns}) SELECT step, at - ?, ${columns} FROM samples WHERE step >= 60 AND at > ?`)
        .run(day * DAY, newestAt(db) - DAY);
    }
  });
}

const newestAt = (db: Db) => (db.$client.query('SELECT max(at) AS at FROM samples').get() as { at: number }).at;

/** Bytes a row of each width takes, times the rows that the default retention keeps. */
async function bound(db: Db): Promise<number> {
  const rows = db.$client.query('SELECT step, avg(length(parts)) + 110 AS bytes FROM samples GROUP BY step').all() as { step: number; bytes: number }[];
  const days: Record<number, number> = { 10: SETTINGS.historyDays10s.parse(undefined), 60: SETTINGS.historyDays1m.parse(undefined), 900: SETTINGS.historyDays15m.parse(undefined), 3600: SETTINGS.historyDays15m.parse(undefined) };
  const minutes = db.$client.query('SELECT avg(length(processes)) + 16 AS bytes FROM process_minutes').get() as { bytes: number };
  const samples = rows.reduce((sum, { step, bytes }) => sum + (bytes * days[step]! * 86_400) / step, 0);
  // Pages are not packed full.
  return (samples + minutes.bytes * days[60]! * 1440) * 1.25;
}

function measure(work: () => number, rounds: number) {
  let points = 0;
  const times = Array.from({ length: rounds }, () => {
    const begun = performance.now();
    points = work();
    return performance.now() - begun;
  }).sort((a, b) => a - b);
  return { p50: times[rounds >> 1]!, p99: times.at(-1)!, points };
}

/** What reading this machine costs. */
async function benchDrivers(note: Note) {
  const metrics = createLinuxMetrics(systemClock);
  const processes = createLinuxProcesses(exec, systemClock);
  const cpu = async (work: () => unknown, rounds: number) => {
    for (let i = 0; i < 50; i++) await work();
    const before = process.cpuUsage();
    for (let i = 0; i < rounds; i++) await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / rounds;
  };
  note('CPU of one reading of /proc and /sys', `${(await cpu(() => metrics.read(), 2000)).toFixed(3)} ms`, 'goal ≤ 0.3 ms');
  const count = (await processes.list()).length;
  note(`CPU of one look at ${count} processes`, `${(await cpu(() => processes.list(), 200)).toFixed(2)} ms`);
}

if (import.meta.main) await benchHistory((name, value, goal = '') => console.log(name.padEnd(52), value, goal && `(${goal})`));
