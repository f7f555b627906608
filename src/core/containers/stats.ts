import { z } from 'zod';

/** What a container used at one moment. */
export interface ContainerUse {
  id: string;
  at: number;
  /** Percent of one core: 250 is two and a half. */
  cpu: number;
  /** Bytes, without the page cache, as `docker stats` shows it. */
  memory: number;
  /** Bytes that it may use. */
  memoryLimit: number;
  /** Bytes a second. */
  received: number;
  sent: number;
  read: number;
  written: number;
  processes: number;
}

const Counter = z.number().catch(0);

/** GET /containers/{id}/stats, of each line what is used; cgroup v1 and v2 differ in where memory and disks stand. */
export const Statistics = z.object({
  read: z.string(),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: Counter }), system_cpu_usage: Counter.optional(), online_cpus: Counter.optional() }),
  memory_stats: z.object({ usage: Counter.optional(), limit: Counter.optional(), stats: z.record(z.string(), z.number()).nullish() }).catch({}),
  networks: z.record(z.string(), z.object({ rx_bytes: Counter, tx_bytes: Counter })).nullish(),
  blkio_stats: z.object({ io_service_bytes_recursive: z.array(z.object({ op: z.string(), value: Counter })).nullish() }).nullish(),
  pids_stats: z.object({ current: Counter.optional() }).nullish(),
});

export type Statistics = z.output<typeof Statistics>;

/** What was used between two lines; null for the first, and for a container that does not run: its counters are empty. */
export function useOf(id: string, before: Statistics | null, now: Statistics): ContainerUse | null {
  const at = Date.parse(now.read);
  const seconds = before ? (at - Date.parse(before.read)) / 1000 : 0;
  if (!before || seconds <= 0 || now.cpu_stats.system_cpu_usage === undefined) return null;
  const busy = now.cpu_stats.cpu_usage.total_usage - before.cpu_stats.cpu_usage.total_usage;
  const rate = (read: (one: Statistics) => number) => Math.max(0, (read(now) - read(before)) / seconds);
  const { usage = 0, limit = 0, stats } = now.memory_stats;
  return {
    id, at,
    // Nanoseconds of CPU in these seconds; a container that was started again begins at zero.
    cpu: Math.max(0, busy / seconds / 1e7),
    memory: Math.max(0, usage - (stats?.inactive_file ?? stats?.total_inactive_file ?? 0)), memoryLimit: limit,
    received: rate((one) => network(one, 'rx_bytes')), sent: rate((one) => network(one, 'tx_bytes')),
    read: rate((one) => disk(one, 'read')), written: rate((one) => disk(one, 'write')),
    processes: now.pids_stats?.current ?? 0,
  };
}

const network = ({ networks }: Statistics, key: 'rx_bytes' | 'tx_bytes') => Object.values(networks ?? {}).reduce((sum, one) => sum + one[key], 0);
const disk = ({ blkio_stats }: Statistics, op: string) => (blkio_stats?.io_service_bytes_recursive ?? []).reduce((sum, one) => sum + (one.op.toLowerCase() === op ? one.value : 0), 0);
