import { describe, expect, test } from 'bun:test';
import type { Sample } from '../../core/metrics/sample.ts';
import { liveColumns, peakOf, roundTop, svgPaths, toColumns, type ChartPoint } from './series.ts';

const point = (at: number, cpu: number | null): ChartPoint => ({
  at, cpu, load1: null, memoryUsed: null, memoryCache: null, swapUsed: null, netRx: null, netTx: null, diskRead: null, diskWrite: null,
});
const box = { from: 0, to: 300, top: 100 };

describe('svgPaths', () => {
  test('nothing known draws nothing', () => {
    expect(svgPaths([], [], box)).toEqual({ line: '', area: '' });
    expect(svgPaths([10, 20], [null, null], box)).toEqual({ line: '', area: '' });
  });

  test('a line runs from the oldest to the newest, the area closes at the ground', () => {
    expect(svgPaths([0, 150, 300], [0, 50, 100], box)).toEqual({
      line: 'M0 100L150 50L300 0',
      area: 'M0 100L0 100L150 50L300 0L300 100z',
    });
  });

  test('a gap stays a gap', () => {
    expect(svgPaths([0, 100, 200, 300], [10, null, 20, 30], box).line).toBe('M0 90M200 80L300 70');
  });

  test('of many points in one place the highest is drawn: no spike is lost', () => {
    const at = Array.from({ length: 30_000 }, (_, i) => i / 100);
    const values = at.map((_, i) => (i === 12_345 ? 99 : 5));
    const { line } = svgPaths(at, values, box);
    expect(line).toContain(' 1L');
    expect(line.split('L').length).toBeLessThan(160);
  });

  test('what lies outside of the box is left out, what is above its top stays at the top', () => {
    expect(svgPaths([-50, 0, 300, 400], [50, 500, 100, 50], box).line).toBe('M0 0L300 0');
  });
});

test('peakOf finds the highest of several series and where it is', () => {
  expect(peakOf([[1, null, 3], [null, 7, 2]])).toEqual({ value: 7, index: 1 });
  expect(peakOf([[null], []])).toBeNull();
});

test('roundTop is the next round number, never less than the least', () => {
  expect([0, 999, 1000, 1001, 2500, 4_400_000, 6_100_000, 9_900_000].map((n) => roundTop(n, 1000))).toEqual([
    1000, 1000, 1000, 2000, 3000, 5_000_000, 8_000_000, 10_000_000,
  ]);
  expect(roundTop(NaN, 1000)).toBe(1000);
});

test('live columns: what is older is left out, a long silence is a gap', () => {
  const sample = (at: number): Sample => ({ at, cpu: 5, cores: [], load: null, memory: null, network: null, disk: null, interfaces: [], disks: [], sensors: [] });
  const columns = liveColumns([sample(0), sample(1000), sample(11_000), sample(60_000)], 500);
  expect(columns.at).toEqual([1000, 11_000, 12_000, 60_000]);
  expect(columns.cpu).toEqual([5, 5, null, 5]);
});

test('columns are short numbers, parallel to each other', () => {
  const columns = toColumns([point(1000, 12.345678), point(2000, null)]);
  expect(columns.at).toEqual([1000, 2000]);
  expect(columns.cpu).toEqual([12.35, null]);
  expect(columns.diskWrite).toEqual([null, null]);
});
