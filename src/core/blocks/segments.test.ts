import { expect, test } from 'bun:test';
import { cpuMs } from '../../../test/support/cpu.ts';
import { parseRange, rangeText } from '../../lib/address-range.ts';
import { difference, segmentsOf, withMore } from './segments.ts';

const of = (...given: [string, number | null][]) => given.map(([text, until]) => ({ ...parseRange(text)!, until }));
const shown = (...given: [string, number | null][]) => segmentsOf(of(...given)).map((range) => [rangeText(range), range.until]);

test('none of them overlap, neighbours of the same end are one, and the longest block counts', () => {
  expect(shown()).toEqual([]);
  expect(shown(['10.0.0.0/25', null], ['10.0.0.128/25', null], ['10.0.0.7', null])).toEqual([['10.0.0.0/24', null]]);
  expect(shown(['10.0.0.0/24', 5], ['10.0.0.7', 9])).toEqual([['10.0.0.0-10.0.0.6', 5], ['10.0.0.7', 9], ['10.0.0.8-10.0.0.255', 5]]);
  expect(shown(['10.0.0.0/24', 9], ['10.0.0.7', 5])).toEqual([['10.0.0.0/24', 9]]);
  expect(shown(['10.0.0.0/24', 9], ['10.0.0.0/16', null])).toEqual([['10.0.0.0/16', null]]);
  expect(shown(['::/1', 1], ['0.0.0.0/1', 2], ['255.255.255.255', 3], ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 4])).toHaveLength(4);
});

test('for blocks as they come, each address is dropped until the last of its blocks ends', () => {
  let seed = 11;
  const random = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  for (let round = 0; round < 300; round++) {
    const blocks = Array.from({ length: 1 + random(12) }, () => {
      const first = random(40);
      return { family: 4 as const, first: BigInt(first), last: BigInt(first + random(12)), until: random(3) ? random(5) : null };
    });
    const segments = segmentsOf(blocks);
    for (let address = 0n; address < 60n; address++) {
      const covers = ({ first, last }: { first: bigint; last: bigint }) => first <= address && address <= last;
      const wanted = blocks.filter(covers).map(({ until }) => until ?? Infinity);
      expect(segments.filter(covers).map(({ until }) => until ?? Infinity)).toEqual(wanted.length ? [Math.max(...wanted)] : []);
    }
    const other = segmentsOf(blocks.slice(1));
    const { added, removed } = difference(segments, other);
    expect(segmentsOf([...segments.filter((one) => !removed.includes(one)), ...added])).toEqual(other);
  }
});

test('more that come in one after the other come to the same as all at once', () => {
  let seed = 7;
  const random = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const some = (most: number) => Array.from({ length: random(most) }, () => {
    const first = random(60);
    return { family: random(4) ? (4 as const) : (6 as const), first: BigInt(first), last: BigInt(first + random(12)), until: random(3) ? 10 + random(5) : null };
  });
  for (let round = 0; round < 500; round++) {
    const [blocks, more] = [some(14), some(6)];
    const before = segmentsOf(blocks);
    const { segments, change } = withMore(before, more, 0);
    expect(segments).toEqual(segmentsOf([...blocks, ...more]));
    const wanted = difference(before, segments);
    expect([segmentsOf(change.added), segmentsOf(change.removed)]).toEqual([segmentsOf(wanted.added), segmentsOf(wanted.removed)]);
    expect([change.added.length, change.removed.length]).toEqual([wanted.added.length, wanted.removed.length]);
  }
});

test('what has ended is not told to the machine again', () => {
  const { segments, change } = withMore(segmentsOf(of(['10.0.0.0/24', 5])), of(['10.0.0.7', 20]), 6);
  expect(segments.map((range) => [rangeText(range), range.until])).toEqual([['10.0.0.7', 20]]);
  expect([change.added.length, change.removed.length]).toEqual([1, 1]);
});

test('S22 some hundred more among a hundred thousand are looked at alone', () => {
  const standing = segmentsOf(Array.from({ length: 100_000 }, (_, i) => ({ family: 4 as const, first: BigInt(i * 7919), last: BigInt(i * 7919 + 4000), until: i % 3 ? 1e6 + i : null })));
  const more = Array.from({ length: 300 }, (_, i) => ({ family: 4 as const, first: BigInt(i * 2_000_003), last: BigInt(i * 2_000_003), until: 5e6 }));
  const began = cpuMs();
  // One by one, as when each comes alone: with all looked at each time it would be minutes.
  let segments = standing;
  for (const one of more) ({ segments } = withMore(segments, [one], 0));
  expect(cpuMs() - began).toBeLessThan(10_000);
  expect(segments.length).toBeGreaterThan(standing.length);
});

test('a hundred thousand take little time', () => {
  const blocks = Array.from({ length: 100_000 }, (_, i) => ({ family: 4 as const, first: BigInt(i * 7919), last: BigInt(i * 7919 + (i % 9000)), until: i % 3 ? i : null }));
  const began = cpuMs();
  expect(segmentsOf(blocks).length).toBeGreaterThan(50_000);
  expect(cpuMs() - began).toBeLessThan(10_000);
});
