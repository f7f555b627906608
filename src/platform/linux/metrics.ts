import type { Clock } from '../../lib/clock.ts';
import type { MetricsDriver, Reading } from '../metrics.ts';
import { createMounts } from './mounts.ts';
import { parseDiskstats, parseLoadavg, parseMeminfo, parseNetDev, parseStat } from './proc.ts';
import { findSensors, readSensors } from './sensors.ts';
import { Source } from './source.ts';

/** Some sensors answer over a slow bus, and none changes within a second. */
const SENSORS_MS = 5000;
/** How often new chips are looked for (a USB disk that was plugged in). */
const SEARCH_MS = 600_000;

/** @param root "/" but for tests, which bring a /proc and a /sys of their own */
export function createLinuxMetrics(clock: Clock, root = '/'): MetricsDriver {
  const at = (path: string) => new Source(root === '/' ? path : root + path);
  const stat = at('/proc/stat');
  const meminfo = at('/proc/meminfo');
  const loadavg = at('/proc/loadavg');
  // Of the process itself: /proc/net belongs to the network namespace, which is the panel's.
  const net = at('/proc/net/dev');
  const disks = at('/proc/diskstats');
  const mounts = createMounts();
  let found: ReturnType<typeof findSensors> = [];
  let searchedAt = -Infinity;
  let sensors: Reading['sensors'] = [];
  let sensedAt = -Infinity;

  function sense(now: number) {
    if (now - searchedAt >= SEARCH_MS) {
      for (const { source } of found) source.close();
      found = findSensors(root === '/' ? '/sys' : `${root}/sys`);
      searchedAt = now;
    }
    sensors = readSensors(found, now);
    sensedAt = now;
  }

  return {
    read() {
      const now = clock.monotonic();
      const texts = [stat, meminfo, loadavg, net, disks].map((source) => source.read(now));
      if (now - sensedAt >= SENSORS_MS) sense(now);
      const [cpu, memory, load, interfaces, devices] = texts;
      return {
        at: now,
        ...(cpu ? parseStat(cpu) : { cpu: null, cores: [] }),
        memory: memory ? parseMeminfo(memory) : null,
        load: load ? parseLoadavg(load) : null,
        interfaces: interfaces ? parseNetDev(interfaces) : [],
        disks: devices ? parseDiskstats(devices) : [],
        sensors,
      };
    },
    mounts,
    missing: () => [stat, meminfo, loadavg, net, disks].filter((source) => source.missing).map((source) => source.path),
  };
}
