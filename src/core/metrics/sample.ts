import type { CpuTimes, Reading } from '../../platform/metrics.ts';

/** What the dashboard shows of one moment. Rates are per second, loads in percent, sizes in bytes. Sent as JSON once a second. */
export interface Sample {
  /** ms since 1970. */
  at: number;
  cpu: number | null;
  cores: number[];
  load: [number, number, number] | null;
  memory: { total: number; used: number; cache: number; swapTotal: number; swapUsed: number } | null;
  /** Sum of the interfaces below; null where the machine does not tell. */
  network: { rx: number; tx: number } | null;
  /** Sum of the disks below; null where the machine does not tell. */
  disk: { read: number; write: number } | null;
  /** Shown ones only: see choice.ts. */
  interfaces: { name: string; rx: number; tx: number }[];
  disks: { name: string; read: number; write: number }[];
  sensors: { name: string; celsius: number }[];
}

/** Which names count: the rest is neither sent nor kept. */
export interface Shown {
  interface(name: string): boolean;
  disk(name: string): boolean;
}

/** A terabyte a second: beyond every interface and disk, so a counter that jumped. */
const ABSURD = 1e12;

/** Percent between two readings of a CPU; null when the counters stood still or went back (suspend, hot-plug). */
function percent(before: CpuTimes | null | undefined, after: CpuTimes | null | undefined): number | null {
  if (!before || !after) return null;
  const total = after.total - before.total;
  const busy = after.busy - before.busy;
  if (!(total > 0) || busy < 0) return null;
  return tenth(Math.min(100, (100 * busy) / total));
}

const tenth = (n: number) => Math.round(n * 10) / 10;

/** Per second; 0 after a counter was reset (an interface that came anew) or for a jump that no device makes. */
function rate(before: number, after: number, seconds: number): number {
  const per = (after - before) / seconds;
  return per >= 0 && per < ABSURD ? Math.round(per) : 0;
}

/** Rows present in both readings, with the rates of the two counters named. */
function rates<A extends string, B extends string>(
  before: readonly ({ name: string } & Record<A | B, number>)[],
  after: readonly ({ name: string } & Record<A | B, number>)[],
  [a, b]: readonly [A, B],
  seconds: number,
  shown: (name: string) => boolean,
) {
  const known = new Map(before.map((row) => [row.name, row]));
  return after.flatMap((row) => {
    const old = known.get(row.name);
    if (!old || !shown(row.name)) return [];
    return [{ name: row.name, [a]: rate(old[a], row[a], seconds), [b]: rate(old[b], row[b], seconds) } as { name: string } & Record<A | B, number>];
  });
}

const sum = <K extends string>(rows: readonly Record<K, number>[], key: K) => rows.reduce((all, row) => all + row[key], 0);

/**
 * Two readings → what happened between them. `last` is the sample before, for sources that are read less often than once a second.
 * @param at wall clock of `after`, ms since 1970
 */
export function toSample(before: Reading, after: Reading, at: number, shown: Shown, last?: Sample): Sample {
  const seconds = ((after.countersAt ?? after.at) - (before.countersAt ?? before.at)) / 1000;
  const fresh = seconds > 0.05;
  const interfaces = fresh ? rates(before.interfaces, after.interfaces, ['rx', 'tx'], seconds, shown.interface) : (last?.interfaces ?? []);
  const disks = fresh ? rates(before.disks, after.disks, ['read', 'write'], seconds, shown.disk) : (last?.disks ?? []);
  return {
    at,
    cpu: percent(before.cpu, after.cpu),
    cores: before.cores.length === after.cores.length ? after.cores.map((core, i) => percent(before.cores[i], core) ?? 0) : [],
    load: after.load,
    memory: after.memory,
    network: interfaces.length || after.interfaces.length ? { rx: sum(interfaces, 'rx'), tx: sum(interfaces, 'tx') } : null,
    disk: disks.length || after.disks.length ? { read: sum(disks, 'read'), write: sum(disks, 'write') } : null,
    interfaces,
    disks,
    sensors: after.sensors.map(({ name, celsius }) => ({ name, celsius: tenth(celsius) })),
  };
}
