import { expect, test } from 'bun:test';
import { testApp } from '../../../test/support/app.ts';
import { processesAt } from '../processes/minutes.ts';
import { seedHistory } from './demo.ts';
import { RANGES, readHistory } from './history.ts';

test('a demo has a past that its present goes on from, made once', async () => {
  const t = testApp();
  await seedHistory(t.app);
  const count = () => (t.app.db.$client.query('SELECT count(*) AS n FROM samples').get() as { n: number }).n;
  const seeded = count();
  await seedHistory(t.app);
  expect(count()).toBe(seeded);
  for (const range of RANGES.filter((range) => range !== 'live')) {
    const { points } = readHistory(t.app, range);
    expect(points.length).toBeGreaterThan(300);
    expect(points.some(({ cpu }) => cpu === null)).toBe(false);
    expect(points.every(({ cpuMax, cpu }) => cpuMax! >= cpu!)).toBe(true);
  }
  expect(processesAt(t.app, t.clock.now() - 3_600_000)!.byCpu[0]!.cpu).toBeGreaterThan(10);
  for (let i = 0; i < 12; i++) {
    t.clock.advance(10_000);
    await t.app.sampler.tick();
  }
  // No jump where the made-up past ends and the sampler goes on.
  const last = readHistory(t.app, '1h').points.slice(-20).flatMap(({ cpu }) => cpu ?? []);
  expect(Math.max(...last) - Math.min(...last)).toBeLessThan(10);
  expect((await t.app.sampler.mounts()).find(({ path }) => path === '/')!.fullInDays).toBeGreaterThan(5);
  expect(t.errors).toEqual([]);
  await t.close();
});
