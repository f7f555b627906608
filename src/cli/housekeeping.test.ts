import { afterEach, expect, jest, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { keepHouse } from './housekeeping.ts';

const HOUR = 3_600_000;
let panel: TestApp | undefined;

afterEach(async () => {
  jest.useRealTimers();
  await panel?.close();
});

/** Lets hours pass, and tells how often the house was kept. */
function house() {
  panel = testApp();
  const { app, clock } = panel;
  jest.useFakeTimers();
  let done = 0;
  const stop = keepHouse(app, () => void done++);
  const hours = (n: number) => {
    for (let i = 0; i < n; i++) {
      clock.advance(HOUR);
      jest.advanceTimersByTime(HOUR);
    }
    return done;
  };
  return { clock, hours, stop };
}

test('once a day', () => {
  const { hours, stop } = house();
  expect(hours(1)).toBe(1);
  expect(hours(23)).toBe(1);
  expect(hours(25)).toBe(3);
  stop();
  expect(hours(50)).toBe(3);
});

test('not while the clock jumps: what looks old may be new', () => {
  const { clock, hours, stop } = house();
  clock.set(clock.now() + 400 * 24 * HOUR);
  expect(hours(1)).toBe(0);
  clock.set(clock.now() - 400 * 24 * HOUR);
  expect(hours(1)).toBe(0);
  expect(hours(1)).toBe(1);
  stop();
});
