import { expect, test } from 'bun:test';
import type { Reading } from '../../platform/metrics.ts';
import { shownByDefault } from './choice.ts';
import { toSample } from './sample.ts';

const reading = (at: number, change: Partial<Reading> = {}): Reading => ({
  at, cpu: { busy: at / 2, total: at }, cores: [{ busy: at / 2, total: at }], load: [1, 1, 1],
  memory: { total: 100, used: 40, cache: 20, swapTotal: 0, swapUsed: 0 },
  interfaces: [{ name: 'eth0', rx: at * 10, tx: at }], disks: [{ name: 'sda', read: at, write: at * 2 }], sensors: [], ...change,
});
const sample = (before: Reading, after: Reading) => toSample(before, after, 1, shownByDefault);

test('a counter that was reset gives 0, not a negative or an absurd rate', () => {
  const before = reading(1000, { interfaces: [{ name: 'eth0', rx: 2 ** 40, tx: 2 ** 52 }] });
  const after = reading(2000, { interfaces: [{ name: 'eth0', rx: 5, tx: 2 ** 53 }] });
  expect(sample(before, after).interfaces).toEqual([{ name: 'eth0', rx: 0, tx: 0 }]);
});

test('an interface that is new or gone has no rate', () => {
  const two = [{ name: 'eth0', rx: 0, tx: 0 }, { name: 'wg0', rx: 9e9, tx: 0 }];
  expect(sample(reading(1000), reading(2000, { interfaces: two })).interfaces.map(({ name }) => name)).toEqual(['eth0']);
  expect(sample(reading(1000, { interfaces: two }), reading(2000, { interfaces: [] }))).toMatchObject({ interfaces: [], network: null });
});

test('a CPU that stood still, went back or lost a core tells nothing', () => {
  const times = (busy: number, total: number) => ({ cpu: { busy, total } });
  expect(sample(reading(1000), reading(2000, times(500, 1000))).cpu).toBeNull();
  expect(sample(reading(1000), reading(2000, times(100, 1500))).cpu).toBeNull();
  expect(sample(reading(1000), reading(2000, { cpu: null })).cpu).toBeNull();
  expect(sample(reading(1000), reading(2000, { cores: [] })).cores).toEqual([]);
  // More busy than there was time: rounding of the kernel's.
  expect(sample(reading(1000), reading(2000, times(1700, 2000))).cpu).toBe(100);
});

test('two readings at the same moment divide by nothing', () => {
  const result = sample(reading(1000), reading(1000));
  expect(result).toMatchObject({ cpu: null, interfaces: [], disks: [] });
  expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity/);
});

test('rates are per second, and sums leave out what counts twice', () => {
  const interfaces = (at: number) => ['lo', 'eth0', 'veth12ab', 'docker0', 'br-0123456789ab'].map((name) => ({ name, rx: at, tx: at * 2 }));
  const result = sample(reading(1000, { interfaces: interfaces(1000) }), reading(3000, { interfaces: interfaces(3000) }));
  expect(result.interfaces).toEqual([{ name: 'eth0', rx: 1000, tx: 2000 }]);
  expect(result.network).toEqual({ rx: 1000, tx: 2000 });
  expect(result.cpu).toBe(50);
});

test('counters that are read less often keep their last rate until they are read again', () => {
  const slow = (at: number, countersAt: number) => ({ ...reading(at), countersAt });
  const first = sample(slow(1000, 1000), slow(6000, 6000));
  const between = toSample(slow(6000, 6000), slow(7000, 6000), 2, shownByDefault, first);
  expect(between.interfaces).toEqual(first.interfaces);
  expect(between.cpu).toBe(50);
});

test('what counts unless chosen otherwise', () => {
  for (const name of ['eth0', 'ens18', 'enp0s31f6', 'wlan0', 'wg0', 'bond0', 'Ethernet', 'en0', 'br0']) expect([name, shownByDefault.interface(name)]).toEqual([name, true]);
  for (const name of ['lo', 'veth1a2b', 'docker0', 'br-0123456789ab', 'virbr0', 'ifb0', 'cni0', 'lo0']) expect([name, shownByDefault.interface(name)]).toEqual([name, false]);
  for (const name of ['sda', 'vda', 'nvme0n1', 'mmcblk0', 'xvda', 'disk']) expect([name, shownByDefault.disk(name)]).toEqual([name, true]);
  for (const name of ['sda1', 'nvme0n1p2', 'mmcblk0p1', 'loop0', 'ram1', 'zram0', 'sr0', 'dm-0', 'md0']) expect([name, shownByDefault.disk(name)]).toEqual([name, false]);
});
