import type { Clock } from '../../lib/clock.ts';
import type { MetricsDriver, Mount, Reading } from '../metrics.ts';
import { busy, total, value, type Wave } from './wave.ts';

const GB = 1e9;
const GiB = 2 ** 30;
const CORES = 8;

/** Share of each core that is busy: a day's rhythm, and a core or two that do more. */
const core = (i: number): Wave => busy(0.27 + 0.04 * ((i * 5) % 4), 0.25, i);

const rx = busy(4.2e6, 4e6, 11);
const tx = busy(1.6e6, 1.5e6, 12);
const read = busy(2.4e6, 2.3e6, 13);
const write = busy(5.5e6, 5e6, 14);
const memory = busy(19 * GiB, 5 * GiB, 15);

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
          { name: 'CPU', celsius: value(busy(47, 14, 16), t) },
          { name: 'nvme0', celsius: value(busy(39, 5, 17), t) },
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
