import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { cpuMs } from '../../../test/support/cpu.ts';
import type { LogEntry } from '../../platform/logs.ts';
import type { ReadLine } from './files/read.ts';
import { filterOf } from './query.ts';
import { createSieve } from './sieve.ts';

let panel: TestApp;
beforeEach(() => void (panel = testApp()));
afterEach(() => panel.close());

const line = (n: number, text: string): ReadLine => ({ text, entry: { at: n, priority: null, unit: null, identifier: null, pid: null, message: text, cut: false, cursor: `f:1:${n}` } });
const match = (q: string) => filterOf({ source: 'journal', q, regex: true } as Parameters<typeof filterOf>[0]).match!;
function listen() {
  const got = { entries: [] as LogEntry[], missed: 0, take: (entries: LogEntry[]) => void got.entries.push(...entries), missedBy: (n: number) => void (got.missed += n) };
  return got;
}

test('half a megabyte with a costly expression for five readers stops nobody for long, and each has what they look for, in order', async () => {
  const lines = Array.from({ length: 4000 }, (_, n) => line(n, `2026-11-29 sshd[${n}]: Failed password for admin from 203.0.113.9 ${n % 1000 === 0 ? 'zebra' : 'horse'}`.padEnd(130, ' steam')));
  const readers = Array.from({ length: 5 }, () => ({ got: listen(), costly: match('.*.*.*(\\w+\\s+)+zebra') }));
  const sieves = readers.map(({ got, costly }) => createSieve(panel.app, costly, { take: got.take, missed: got.missedBy }, new AbortController().signal));
  let [longest, turns, before] = [0, 0, cpuMs()];
  let over = false;
  const watching = (async () => {
    while (!over) {
      await Bun.sleep(0);
      longest = Math.max(longest, cpuMs() - before);
      before = cpuMs();
      turns++;
    }
  })();
  for (const sieve of sieves) sieve.take(lines);
  await Promise.all(sieves.map((sieve) => sieve.settled()));
  over = true;
  await watching;
  for (const { got } of readers) expect([got.entries.map(({ at }) => at), got.missed]).toEqual([[0, 1000, 2000, 3000], 0]);
  // Without slices it is one turn of several seconds.
  expect(turns).toBeGreaterThan(20);
  expect(longest).toBeLessThan(400);
});

test('what comes faster than it can be looked at is left out, the oldest first, and counted', async () => {
  const got = listen();
  const sieve = createSieve(panel.app, match('x'), { take: got.take, missed: got.missedBy }, new AbortController().signal);
  sieve.take(Array.from({ length: 30_000 }, (_, n) => line(n, 'x')));
  await sieve.settled();
  expect([got.missed, got.entries.length, got.entries[0]!.at, got.entries.at(-1)!.at]).toEqual([10_000, 20_000, 10_000, 29_999]);
  sieve.take(Array.from({ length: 10 }, (_, n) => line(n, 'x'.repeat(1 << 20))));
  await sieve.settled();
  expect(got.missed).toBe(10_006);
});

test('whoever has gone is told nothing more', async () => {
  const got = listen();
  const over = new AbortController();
  const sieve = createSieve(panel.app, match('x'), { take: got.take, missed: got.missedBy }, over.signal);
  sieve.take([line(1, 'x')]);
  over.abort();
  await sieve.settled();
  expect(got.entries).toEqual([]);
});
