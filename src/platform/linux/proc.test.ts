import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBootTime, parseDiskstats, parseLoadavg, parseMeminfo, parseNetDev, parseStat } from './proc.ts';

const fixture = (path: string) => readFileSync(join(import.meta.dir, '../../../test/fixtures/linux', path), 'utf8');

test('what is empty or cut off is an answer, not a fault', () => {
  expect(parseStat('')).toEqual({ cpu: null, cores: [] });
  expect(parseStat('intr 1 2 3\n').cpu).toBeNull();
  expect(parseMeminfo('')).toBeNull();
  expect(parseLoadavg('')).toBeNull();
  expect(parseLoadavg('a b c')).toBeNull();
  expect(parseNetDev('')).toEqual([]);
  expect(parseDiskstats(' 254 0 vda 1 2\n')).toEqual([]);
  expect(parseBootTime('cpu  1 2 3')).toBeNull();
  // Every prefix of a real file, as a torn read would give it.
  for (const [path, parse] of [['stat', parseStat], ['meminfo', parseMeminfo], ['net/dev', parseNetDev], ['diskstats', parseDiskstats]] as const) {
    const text = fixture(`machine/proc/${path}`);
    for (let end = 0; end < text.length; end += 7) expect(() => parse(text.slice(0, end))).not.toThrow();
  }
});

test('a real machine: cores add up to the CPU, three seconds later everything has grown', () => {
  const before = parseStat(fixture('machine/proc/stat'));
  const after = parseStat(fixture('later/proc/stat'));
  expect(before.cores).toHaveLength(2);
  expect(Math.abs(before.cpu!.total - before.cores.reduce((sum, core) => sum + core.total, 0))).toBeLessThan(20);
  expect(after.cpu!.total - before.cpu!.total).toBeGreaterThan(400);
  expect(after.cpu!.busy).toBeGreaterThanOrEqual(before.cpu!.busy);
  expect(parseBootTime(fixture('machine/proc/stat'))).toBe(parseBootTime(fixture('later/proc/stat')));
});

test('memory, load, interfaces and disks of a real machine and of a container on it', () => {
  const memory = parseMeminfo(fixture('machine/proc/meminfo'))!;
  expect(memory.total).toBe(24684096 * 1024);
  expect(memory.used).toBeGreaterThan(0);
  expect(memory.used + memory.cache).toBeLessThan(memory.total);
  expect(memory).toMatchObject({ swapTotal: 0, swapUsed: 0 });
  expect(parseLoadavg(fixture('machine/proc/loadavg'))).toHaveLength(3);
  expect(parseNetDev(fixture('machine/proc/net/dev')).map(({ name }) => name)).toEqual(expect.arrayContaining(['lo', 'eth0', 'docker0']));
  expect(parseNetDev(fixture('container/proc/net/dev'))).toEqual([{ name: 'lo', rx: 0, tx: 0 }]);
  // loop0 to loop7 and zram0 never did anything.
  expect(parseDiskstats(fixture('machine/proc/diskstats')).map(({ name }) => name)).toEqual(['vda']);
});
