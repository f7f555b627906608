import { describe, expect, test } from 'bun:test';
import { SendWindow, WINDOW_MOST } from './send-window.ts';

const KB = 1024;

/** A line of so many bytes a second and so many ms there and back, always as full as it may be. @returns what is on its way in the end */
function run({ rate, trip }: { rate: number; trip: number }) {
  const window = new SendWindow();
  let now = 0;
  let offset = 0;
  // A prompt comes first.
  window.sent((offset += 20), now);
  window.drawn(offset, (now += trip));
  for (let n = 0; n < 60; n++) {
    const { size } = window;
    window.sent((offset += size), now);
    window.full();
    window.drawn(offset, (now += Math.max(trip, trip + (size / rate) * 1000)));
  }
  return window.size;
}

describe('what may be on its way', () => {
  test('a quick line is kept full, however far away it is', () => {
    expect(run({ rate: 50_000 * KB, trip: 1 })).toBe(WINDOW_MOST);
    expect(run({ rate: 10_000 * KB, trip: 300 })).toBe(WINDOW_MOST);
  });

  test('a slow line is never so full that Ctrl C takes seconds', () => {
    for (const rate of [40 * KB, 300 * KB]) expect(run({ rate, trip: 150 }) / rate).toBeLessThan(0.5);
  });

  test('a line that was slow and is quick again is kept full again', () => {
    const window = new SendWindow();
    window.sent(1, 0);
    window.drawn(1, 10);
    window.sent(2, 10);
    window.drawn(2, 9000);
    expect(window.size).toBe(16 * KB);
    for (let n = 3; n < 12; n++) {
      window.sent(n, n * 10_000);
      window.full();
      window.drawn(n, n * 10_000 + 10);
    }
    expect(window.size).toBe(WINDOW_MOST);
  });

  test('keys that are echoed say nothing of a line that was never full', () => {
    const window = new SendWindow();
    for (let n = 1; n < 50; n++) {
      window.sent(n, n);
      window.drawn(n, n);
    }
    expect(window.size).toBe(64 * KB);
  });

  test('what was drawn before is no answer to what is on its way', () => {
    const window = new SendWindow();
    window.sent(100, 0);
    window.drawn(50, 10_000);
    expect(window.size).toBe(64 * KB);
  });
});
