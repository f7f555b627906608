import { statfs } from 'node:fs/promises';
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import type { Clock } from '../../lib/clock.ts';
import type { CpuTimes, MetricsDriver, Mount, Reading } from '../metrics.ts';
import type { Library } from './library.ts';

/** Where a question starts a program, it is asked this often and in the background. */
const SLOW_MS = 5000;

type Slow = Pick<Reading, 'interfaces' | 'disks' | 'sensors'> & { at: number; swap: [total: number, used: number]; available: number | null };

/** What node:os tells at once, with network, disks and temperatures from systeminformation every 5 s. */
export function createPortableMetrics(clock: Clock, library: () => Promise<Library | null>): MetricsDriver {
  let slow: Slow | undefined;
  let askedAt = -Infinity;
  let asking = false;
  let absent = false;

  async function ask() {
    asking = true;
    askedAt = clock.monotonic();
    try {
      const si = await library();
      absent = !si;
      if (si) slow = await readSlow(si, clock);
    } catch {
      // The next look asks again; until then the last answer stands.
    } finally {
      asking = false;
    }
  }

  return {
    read() {
      const at = clock.monotonic();
      if (!asking && at - askedAt >= SLOW_MS) void ask();
      const cores = cpus().map(({ times }): CpuTimes => {
        const busy = times.user + times.nice + times.sys + times.irq;
        return { busy, total: busy + times.idle };
      });
      const total = totalmem();
      const [swapTotal, swapUsed] = slow?.swap ?? [0, 0];
      return {
        at,
        countersAt: slow?.at ?? 0,
        cpu: cores.length ? cores.reduce((sum, core) => ({ busy: sum.busy + core.busy, total: sum.total + core.total }), { busy: 0, total: 0 }) : null,
        cores,
        load: process.platform === 'win32' ? null : (loadavg() as [number, number, number]),
        memory: { total, used: total - (slow?.available ?? freemem()), cache: 0, swapTotal, swapUsed },
        interfaces: slow?.interfaces ?? [],
        disks: slow?.disks ?? [],
        sensors: slow?.sensors ?? [],
      };
    },
    mounts: () => (process.platform === 'win32' ? drives() : unixMounts(library)),
    missing: () => [
      ...(absent && process.platform === 'win32' ? ['PowerShell'] : []),
      // Windows has no counters of disks that can be read without administrator tools.
    ],
  };
}

async function readSlow(si: Library, clock: Clock): Promise<Slow> {
  const windows = process.platform === 'win32';
  const [interfaces, disks, memory, temperature] = await Promise.all([
    si.networkStats('*'),
    windows ? null : si.fsStats(),
    si.mem(),
    si.cpuTemperature(),
  ]);
  return {
    at: clock.monotonic(),
    interfaces: interfaces.map(({ iface, rx_bytes, tx_bytes }) => ({ name: iface, rx: rx_bytes, tx: tx_bytes })),
    disks: disks ? [{ name: 'disk', read: disks.rx, write: disks.wx }] : [],
    sensors: typeof temperature.main === 'number' && temperature.main > 0 ? [{ name: 'CPU', celsius: temperature.main }] : [],
    swap: [memory.swaptotal, memory.swapused],
    // macOS counts files it could drop as used; systeminformation takes them out.
    available: windows ? null : memory.available,
  };
}

const measured = async (path: string, device: string, type: string): Promise<Mount | null> => {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(path);
  if (!blocks) return null;
  return {
    path, device, type, total: blocks * bsize, used: (blocks - bfree) * bsize, free: bavail * bsize,
    inodes: files > 0 ? files : null, inodesUsed: files > 0 ? files - ffree : null, readOnly: false,
  };
};

/** Letters from C on: A and B were floppy disks, and asking an empty drive opens a dialog on old machines. */
async function drives(): Promise<Mount[]> {
  const letters = Array.from({ length: 24 }, (_, i) => `${String.fromCharCode(67 + i)}:\\`);
  const found = await Promise.all(letters.map((path) => measured(path, path.slice(0, 2), '').catch(() => null)));
  return found.filter((mount) => mount !== null);
}

async function unixMounts(library: () => Promise<Library | null>): Promise<Mount[]> {
  const si = await library();
  if (!si) return [];
  const all = await si.fsSize();
  const own = all.filter(({ mount, type, size }) => size > 0 && type !== 'devfs' && !/^\/System\/Volumes\/(?!Data$)/.test(mount));
  const found = await Promise.all(own.map(({ mount, fs, type }) => measured(mount, fs, type).catch(() => null)));
  return found.filter((mount) => mount !== null);
}
