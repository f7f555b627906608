import { afterEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { createSampler, type Sampler } from './sampler.ts';
import { chooseNames, listNames } from './choice.ts';
import { readHistory } from './history.ts';
import { processesAt } from '../processes/minutes.ts';
import { SYSTEM } from '../app.ts';
import { getSetting, putSetting } from '../settings/settings.ts';
import { audit } from '../../db/schema/audit.ts';
import type { Host } from '../../platform/host.ts';
import type { Events } from '../events.ts';
import { Bus } from '../../lib/bus.ts';

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

/** A sampler with a timer that the test runs by hand. */
function setUp(change: (host: Host) => Partial<Host> = () => ({})) {
  const t = testApp();
  apps.push(t);
  const bus = new Bus<Events>((error) => t.errors.push(String(error)));
  const host = { ...t.app.host, ...change(t.app.host) };
  let timer: { run: () => void; ms: number } | undefined;
  const sampler = createSampler({
    ...t.app, host, bus,
    later: (run, ms) => {
      const mine = (timer = { run, ms });
      return () => void (timer === mine && (timer = undefined));
    },
  });
  const step = async () => {
    const due = timer!;
    timer = undefined;
    t.clock.advance(due.ms);
    due.run();
    await Bun.sleep(0);
    return due.ms;
  };
  const count = { samples: 0, processes: 0, mounts: 0 };
  bus.on('metrics.sample', () => count.samples++);
  bus.on('metrics.processes', () => count.processes++);
  bus.on('metrics.mounts', () => count.mounts++);
  return { ...t, sampler, step, count, pending: () => timer?.ms };
}

const run = async (t: { clock: TestApp['clock'] }, sampler: Sampler, seconds: number, every = 10) => {
  for (let i = 0; i < seconds / every; i++) {
    t.clock.advance(every * 1000);
    await sampler.tick();
  }
};

test('a driver that fails is told once, and the next round tries again', async () => {
  let broken = true;
  const t = setUp((host) => ({
    metrics: { ...host.metrics, read: () => { if (broken) throw new Error('no /proc'); return host.metrics.read(); } },
  }));
  await run(t, t.sampler, 60);
  expect(t.errors).toHaveLength(1);
  broken = false;
  await run(t, t.sampler, 30);
  expect(t.sampler.latest()!.cpu).toBeGreaterThan(0);
});

test('processes that cannot be listed and mounts that fail hold nothing up', async () => {
  const t = setUp((host) => ({
    processes: { ...host.processes, list: async () => { throw new Error('no'); } },
    metrics: { ...host.metrics, mounts: async () => { throw new Error('no'); } },
  }));
  t.sampler.watch();
  await run(t, t.sampler, 30, 1);
  expect(t.count).toMatchObject({ processes: 0, mounts: 0 });
  expect(t.count.samples).toBeGreaterThan(25);
});

test('a listener that throws keeps no one from hearing', async () => {
  const t = testApp();
  apps.push(t);
  let heard = 0;
  t.app.bus.on('metrics.sample', () => { throw new Error('broken page'); });
  t.app.bus.on('metrics.sample', () => heard++);
  await run(t, t.app.sampler, 30);
  expect(heard).toBe(2);
});

test('10 s apart while nobody looks, at once and every second while someone does, one sample for all', async () => {
  const t = setUp();
  t.sampler.start();
  await t.step();
  expect(await t.step()).toBeLessThanOrEqual(1000);
  expect(t.sampler.latest()).toBeDefined();
  // The first round is a second long, so that there is something to show; then it is quiet.
  while (t.pending()! <= 1000) await t.step();
  await t.step();
  expect(t.pending()).toBe(10_000);
  const before = { ...t.count };
  const leave = [t.sampler.watch(), t.sampler.watch(), t.sampler.watch()];
  expect(t.pending()).toBe(0);
  t.clock.advance(400);
  await t.step();
  expect(t.count.samples).toBe(before.samples + 1);
  expect(t.count.processes).toBe(before.processes + 1);
  expect(t.count.mounts).toBe(before.mounts + 1);
  const begun = t.clock.now();
  for (let i = 0; i < 30; i++) await t.step();
  expect(t.clock.now() - begun).toBeLessThanOrEqual(30_000);
  expect(t.count.samples).toBe(before.samples + 31);
  expect(t.count.processes).toBeLessThanOrEqual(before.processes + 17);
  expect(t.count.mounts).toBe(before.mounts + 2);
  for (const stop of leave) stop();
  leave[0]!();
  expect(t.sampler.watchers()).toBe(0);
  expect(t.pending()).toBeGreaterThan(0);
  const quiet = t.count.processes;
  for (let i = 0; i < 12; i++) await t.step();
  expect(t.count.processes).toBe(quiet);
  t.sampler.stop();
  expect(t.pending()).toBeUndefined();
});

test('hidden ones are neither sent nor summed; a choice holds at once and only differs from the default', async () => {
  const t = testApp();
  apps.push(t);
  await run(t, t.app.sampler, 20);
  expect(t.app.sampler.latest()!.interfaces.map(({ name }) => name)).toEqual(['eth0', 'wg0']);
  expect(listNames(t.app).interfaces.find(({ name }) => name === 'lo')).toEqual({ name: 'lo', shown: false, byDefault: false });
  const mounts = listNames(t.app).mounts.map(({ path }) => path).filter((path) => path !== '/boot/efi');
  chooseNames(t.app, SYSTEM, { interfaces: ['lo', 'wg0'], disks: ['nvme0n1'], mounts });
  await run(t, t.app.sampler, 10);
  const { interfaces, disks, network } = t.app.sampler.latest()!;
  expect(interfaces.map(({ name }) => name)).toEqual(['lo', 'wg0']);
  expect(disks.map(({ name }) => name)).toEqual(['nvme0n1']);
  expect(network!.rx).toBe(interfaces.reduce((sum, { rx }) => sum + rx, 0));
  expect((await t.app.sampler.mounts()).map(({ path }) => path)).toEqual(mounts);
  // A stick that is not plugged in now stays hidden.
  putSetting(t.app, 'hiddenMounts', ['/boot/efi', '/media/stick']);
  chooseNames(t.app, SYSTEM, { interfaces: ['eth0', 'wg0'], disks: [], mounts: [...mounts, '/boot/efi'] });
  expect(getSetting(t.app, 'hiddenMounts')).toEqual(['/media/stick']);
  const { before, after } = t.app.db.select().from(audit).all().at(-1)!.params as Record<string, { interfaces: string[] }>;
  expect([before!.interfaces, after!.interfaces]).toEqual([['lo', 'wg0'], ['eth0', 'wg0']]);
  expect(() => chooseNames(t.app, { kind: 'anonymous', ip: '' }, { interfaces: [], disks: [], mounts: [] })).toThrow();
});

test('history: a stop is a gap, and every range stays within its points', async () => {
  const t = testApp();
  apps.push(t);
  await run(t, t.app.sampler, 7200);
  t.clock.advance(3600_000);
  await run(t, t.app.sampler, 1800);
  for (const [range, step] of [['1h', 10], ['24h', 120], ['7d', 900], ['30d', 3600]] as const) {
    const history = readHistory(t.app, range);
    expect(history.points.length).toBeLessThanOrEqual(722);
    const gaps = history.points.filter(({ cpu }) => cpu === null);
    // The stop of an hour lies between two rows of an hour.
    expect([range, gaps.length]).toEqual([range, range === '1h' ? 0 : range === '30d' ? gaps.length : 1]);
    expect(history.step).toBe(step);
    for (const line of history.interfaces) expect(line.rx).toHaveLength(history.points.length);
    const ats = history.points.map(({ at }) => at);
    expect(ats).toEqual([...ats].sort((a, b) => a - b));
  }
  const live = readHistory(t.app, 'live');
  expect(live.points.length).toBe(31);
  expect(live.points.every(({ cpu }) => cpu !== null)).toBe(true);
});

test('what ran then: the busiest of that minute, null where nothing was kept', async () => {
  const t = testApp();
  apps.push(t);
  const at = t.clock.now();
  await run(t, t.app.sampler, 600);
  const minute = processesAt(t.app, at + 300_000)!;
  expect(minute.byCpu).toHaveLength(5);
  expect(minute.byMemory[0]).toMatchObject({ name: 'java', user: 'search' });
  expect(minute.byCpu.map(({ cpu }) => cpu)).toEqual(minute.byCpu.map(({ cpu }) => cpu).toSorted((a, b) => b - a));
  expect(processesAt(t.app, at - 3_600_000)).toBeNull();
});
