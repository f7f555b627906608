import { expect, test } from 'bun:test';
import { daysUntilFull } from './mounts.ts';

const HOUR = 3_600_000;
const GB = 1e9;
/** A point every 15 min for `hours`. */
const line = (hours: number, used: (hour: number) => number) => Array.from({ length: hours * 4 }, (_, i) => ({ at: (i * HOUR) / 4, used: used(i / 4) }));
const ask = (points: ReturnType<typeof line>, capacity: number) => daysUntilFull(points, capacity, { at: points.at(-1)?.at ?? 0, used: points.at(-1)?.used ?? 0 });

test('too little is known, or it does not grow: nothing is said', () => {
  expect(ask([], 100 * GB)).toBeNull();
  expect(ask(line(5, (h) => h * GB), 100 * GB)).toBeNull();
  expect(ask(line(48, () => 50 * GB), 100 * GB)).toBeNull();
  expect(ask(line(48, (h) => (90 - h) * GB), 100 * GB)).toBeNull();
  // Up and down around the same figure.
  expect(ask(line(48, (h) => (50 + Math.sin(h) * 5) * GB), 100 * GB)).toBeNull();
  // Ten years away is no forecast.
  expect(ask(line(48, (h) => 10 * GB + h * 1e5), 1000 * GB)).toBeNull();
});

test('steady growth: a gigabyte a day', () => {
  const points = line(72, (h) => 50 * GB + (h / 24) * GB);
  expect(ask(points, 100 * GB)).toBe(47);
  expect(ask(points, points.at(-1)!.used)).toBe(0);
  expect(ask(points, 1 * GB)).toBe(0);
});

test('one big file that came and went does not decide, nor does a log cut every night', () => {
  const file = line(72, (h) => 50 * GB + (h / 24) * GB + (h > 30 && h < 36 ? 30 * GB : 0));
  expect(ask(file, 100 * GB)).toBeWithin(40, 55);
  const saw = line(168, (h) => 50 * GB + (h / 24) * GB + (h % 24) * 0.02 * GB);
  expect(ask(saw, 100 * GB)).toBeWithin(27, 45);
});
