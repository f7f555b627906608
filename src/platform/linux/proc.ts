import type { CpuTimes, Reading } from '../metrics.ts';

/** Parsers of what proc(5) says, called once a second: no regular expressions, no line that is not needed. */

/**
 * /proc/stat. Time stolen by the hypervisor counts as busy, waiting for disks as idle; guest time is inside user time.
 *
 *     cpu  20319 12 9054 1893422 1520 0 380 211 0 0
 *     cpu0 10229 4 4507 946511 790 0 301 104 0 0
 *     btime 1760000000
 */
export function parseStat(text: string): { cpu: CpuTimes | null; cores: CpuTimes[] } {
  const cores: CpuTimes[] = [];
  let cpu: CpuTimes | null = null;
  for (let start = 0; text.startsWith('cpu', start); ) {
    const end = text.indexOf('\n', start);
    const words = text.slice(start, end < 0 ? undefined : end).split(' ').filter(Boolean);
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = words.slice(1).map(Number);
    const busy = user + nice + system + irq + softirq + steal;
    const times = { busy, total: busy + idle + iowait };
    if (words[0] === 'cpu') cpu = times;
    else cores.push(times);
    if (end < 0) break;
    start = end + 1;
  }
  return { cpu, cores };
}

/** Boot time in ms since 1970, from the `btime` line of /proc/stat. */
export function parseBootTime(stat: string): number | null {
  const at = stat.indexOf('\nbtime ');
  return at < 0 ? null : Number.parseInt(stat.slice(at + 7), 10) * 1000;
}

/**
 * /proc/meminfo in kB. Used is what MemAvailable leaves (kernels before 3.14 lack it); cache is what can be given back.
 *
 *     MemTotal:       24684096 kB
 *     MemAvailable:   24096852 kB
 */
export function parseMeminfo(text: string): Reading['memory'] {
  const kb = (name: string) => {
    const at = text.indexOf(name);
    return at < 0 ? null : Number.parseInt(text.slice(at + name.length), 10) * 1024;
  };
  const total = kb('MemTotal:');
  if (total === null) return null;
  const cache = Math.max(0, (kb('\nBuffers:') ?? 0) + (kb('\nCached:') ?? 0) + (kb('\nSReclaimable:') ?? 0) - (kb('\nShmem:') ?? 0));
  const available = kb('\nMemAvailable:') ?? (kb('\nMemFree:') ?? 0) + cache;
  const swapTotal = kb('\nSwapTotal:') ?? 0;
  return { total, used: Math.max(0, total - available), cache, swapTotal, swapUsed: swapTotal - (kb('\nSwapFree:') ?? swapTotal) };
}

/** /proc/loadavg: `0.52 0.58 0.59 1/389 12345`. */
export function parseLoadavg(text: string): Reading['load'] {
  const [one, five, fifteen] = text.split(' ', 3).map(Number);
  return one === undefined || five === undefined || fifteen === undefined || Number.isNaN(one + five + fifteen) ? null : [one, five, fifteen];
}

/**
 * /proc/net/dev, after two lines of head: bytes received are the 1st figure, bytes sent the 9th.
 *
 *       eth0: 802242554   16112    0    0    0     0          0         0   717935    8313    0    0    0     0       0          0
 */
export function parseNetDev(text: string): Reading['interfaces'] {
  return text.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    if (colon < 0) return [];
    const figures = line.slice(colon + 1).split(' ').filter(Boolean);
    return [{ name: line.slice(0, colon).trim(), rx: Number(figures[0]), tx: Number(figures[8]) }];
  });
}

const SECTOR = 512;

/**
 * /proc/diskstats (kernel, Documentation/admin-guide/iostats.rst): sectors of 512 bytes whatever the device says.
 * Devices that never did anything (loop0 to loop7, ram0 …) are left out.
 *
 *      254       0 vda 75945 14583 4560218 78322 19383 23645 6566976 15733 0 14792 94844 5614 35 386336 662 2195 126
 */
export function parseDiskstats(text: string): Reading['disks'] {
  return text.split('\n').flatMap((line) => {
    const words = line.split(' ').filter(Boolean);
    const read = Number(words[5]);
    const write = Number(words[9]);
    return words.length > 9 && read + write > 0 ? [{ name: words[2]!, read: read * SECTOR, write: write * SECTOR }] : [];
  });
}
