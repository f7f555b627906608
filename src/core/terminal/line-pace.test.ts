import { expect, test } from 'bun:test';
import { LinePace } from './line-pace.ts';

const KIB = 1024;

let now = 0;

/** A line that takes `rate` bytes a second, kept full with output that packs to a tenth. @returns the share that was packed */
function line(pace = new LinePace(() => now)) {
  let sent = 0;
  let drawn = 0;
  const way: number[] = [];
  return {
    pace,
    full(rate: number, seconds: number) {
      let packed = 0;
      let all = 0;
      for (const end = now + seconds * 1000; now < end; ) {
        while (sent - drawn < 192 * KIB) {
          sent += 32 * KIB;
          way.push(pace.isSlow ? 3277 : 32 * KIB);
          all++;
          if (pace.isSlow) packed++;
          pace.sent(sent, way.at(-1)!);
        }
        now += (way.shift()! / rate) * 1000;
        drawn += 32 * KIB;
        pace.drawn(drawn);
      }
      return packed / all;
    },
  };
}

test('a line that is slow is, and stays it while packing makes it quicker', () => {
  const { pace, full } = line();
  full(500_000, 3);
  expect([pace.isSlow, full(500_000, 30)]).toEqual([true, 1]);
});

test('a quick one is not; one that becomes slow is, and quick again is not', () => {
  const { pace, full } = line();
  full(50_000_000, 3);
  expect(pace.isSlow).toBe(false);
  full(300_000, 5);
  expect(pace.isSlow).toBe(true);
  full(50_000_000, 5);
  expect(pace.isSlow).toBe(false);
});

test('a program that says little, and pauses, makes no line slow', () => {
  const pace = new LinePace(() => now);
  let offset = 0;
  for (let i = 0; i < 1000; i++) {
    offset += 20 * KIB;
    pace.sent(offset, 20 * KIB);
    now += 50;
    // Three pieces late, as a page acknowledges.
    pace.drawn(Math.max(0, offset - 60 * KIB));
    if (i % 100 === 0) now += 60_000;
    expect(pace.isSlow).toBe(false);
  }
});
