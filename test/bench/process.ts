import { readdirSync, readFileSync } from 'node:fs';

/** CPU seconds that all threads of these processes have used, from the scheduler's nanoseconds (Documentation/scheduler/sched-stats.rst). */
export function cpuSeconds(pids: readonly number[]): number {
  let ns = 0;
  for (const pid of pids) {
    for (const thread of entries(`/proc/${pid}/task`)) ns += Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0] || 0);
  }
  return ns / 1e9;
}

/** Proportional set size in MiB: shared pages counted once over their users (proc(5), smaps_rollup). */
export function pssMiB(pids: readonly number[]): number {
  const kib = (pid: number) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
  return pids.reduce((sum, pid) => sum + kib(pid), 0) / 1024;
}

/** The process and all that it started. */
export function tree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const pid of entries('/proc').filter((name) => /^\d+$/.test(name))) {
    const after = read(`/proc/${pid}/stat`).split(') ').at(-1)!;
    parents.set(Number(pid), Number(after.split(' ')[1]));
  }
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid && !found.includes(child)) found.push(child);
  return found;
}

/** Percent of one core over `seconds`. */
export async function cpuPercent(root: number, seconds: number): Promise<number> {
  const pids = tree(root);
  const before = cpuSeconds(pids);
  const start = performance.now();
  await Bun.sleep(seconds * 1000);
  return (100 * (cpuSeconds(pids) - before)) / ((performance.now() - start) / 1000);
}

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It ended in the meantime.
  }
};

const entries = (path: string) => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

/** Watches the memory of a process; `stop` tells the most that it had, in MiB of PSS. */
export function watchMemory(pid: number) {
  let most = 0;
  const look = () => (most = Math.max(most, pssMiB([pid])));
  const timer = setInterval(look, 50);
  return {
    stop() {
      look();
      clearInterval(timer);
      return most;
    },
  };
}
