import type { Clock } from '../../lib/clock.ts';
import type { MetricsDriver, Mount, Reading } from '../metrics.ts';
import { total, value, type Wave } from './wave.ts';

const GB = 1e9;
const GiB = 2 ** 30;
const CORES = 8;

/** Share of each core that is busy: a slow tide, a ripple, and a core or two that do more. */
const core = (i: number): Wave => ({
  base: 0.24 + 0.04 * ((i * 5) % 4),
  waves: [
    [0.1, 1700, i / 13],
    [0.07, 41, i / CORES],
    [0.05, 7.3, i / 3],
  ],
});

const rx: Wave = { base: 4.2e6, waves: [[2.1e6, 900, 0.1], [9e5, 31, 0.4], [6e5, 5.1, 0]] };
const tx: Wave = { base: 1.6e6, waves: [[7e5, 900, 0.2], [4e5, 23, 0], [2e5, 4.3, 0.6]] };
const read: Wave = { base: 2.4e6, waves: [[1.2e6, 600, 0], [7e5, 17, 0.3], [3e5, 3.7, 0]] };
const write: Wave = { base: 5.5e6, waves: [[2e6, 420, 0.5], [1.8e6, 13, 0], [9e5, 5.9, 0.2]] };
const memory: Wave = { base: 19 * GiB, waves: [[1.4 * GiB, 1800, 0], [0.2 * GiB, 47, 0.2]] };

const scaled = (wave: Wave, by: number): Wave => ({ base: wave.base * by, waves: wave.waves.map(([h, l, p]) => [h * by, l, p]) });

export function createFakeMetrics(clock: Clock, bootedAt: number): MetricsDriver {
  return {
    read(): Reading {
      // The wall clock shapes the day; counters follow it, so that a restart goes on where it was.
      const t = (clock.now() - bootedAt) / 1000;
      const cores = Array.from({ length: CORES }, (_, i) => ({ busy: total(core(i), t), total: t }));
      const load = cores.reduce((sum, _, i) => sum + value(core(i), t), 0);
      const used = value(memory, t);
      return {
        at: clock.monotonic(),
        cpu: { busy: cores.reduce((sum, c) => sum + c.busy, 0), total: t * CORES },
        cores,
        load: [load * 1.02, load * 0.97 + 0.1, load * 0.9 + 0.2],
        memory: { total: 32 * GiB, used, cache: 32 * GiB * 0.94 - used, swapTotal: 4 * GiB, swapUsed: 0.36 * GiB },
        interfaces: [
          { name: 'lo', rx: total(scaled(rx, 0.2), t), tx: total(scaled(rx, 0.2), t) },
          { name: 'eth0', rx: total(rx, t), tx: total(tx, t) },
          { name: 'wg0', rx: total(scaled(rx, 0.05), t), tx: total(scaled(tx, 0.08), t) },
        ],
        disks: [
          { name: 'nvme0n1', read: total(read, t), write: total(write, t) },
          { name: 'sda', read: total(scaled(read, 0.3), t), write: total(scaled(write, 0.12), t) },
        ],
        sensors: [
          { name: 'CPU', celsius: value({ base: 47, waves: [[5, 1700, 0], [1.5, 41, 0]] }, t) },
          { name: 'nvme0', celsius: value({ base: 39, waves: [[2, 2400, 0.3]] }, t) },
        ],
      };
    },
    mounts: async () => mounts((clock.now() - bootedAt) / 86_400_000),
    missing: () => [],
  };
}

/** `days` since boot: the root grows slowly, so that there is something to forecast. */
function mounts(days: number): Mount[] {
  const mount = (path: string, device: string, type: string, size: number, used: number, inodes: number): Mount => ({
    path, device, type, total: size, used, free: size - used,
    inodes, inodesUsed: Math.round(inodes * 0.11), readOnly: false,
  });
  const root = 122 * GB + Math.max(-90 * GB, Math.min(80 * GB, days * 1.9 * GB));
  return [
    mount('/', '/dev/nvme0n1p2', 'ext4', 240 * GB, root, 15_000_000),
    mount('/boot/efi', '/dev/nvme0n1p1', 'vfat', 0.53 * GB, 0.006 * GB, 0),
    mount('/srv/backup', '/dev/sda1', 'xfs', 2000 * GB, 1846 * GB, 195_000_000),
  ];
}
