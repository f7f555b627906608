import type { Clock } from '../../lib/clock.ts';
import type { ProcessesDriver, ProcessRow } from '../../platform/processes.ts';

/** The few that matter on the dashboard. */
export interface TopProcesses {
  at: number;
  /** How many run in all. */
  total: number;
  byCpu: ProcessRow[];
  byMemory: ProcessRow[];
}

export interface Look {
  at: number;
  rows: ProcessRow[];
  /** ms it took. */
  cost: number;
}

export interface ProcessLooks {
  /** The last look when it is younger than `maxAge` ms, else a new one; asked twice at once, it looks once. `disks` as for the driver. */
  look(maxAge: number, disks?: boolean): Promise<Look>;
  /** ms that the last one took. */
  cost(): number | undefined;
}

/**
 * The one reader of processes: CPU percentages are since the last look, so there must be only one who looks.
 * `onLook` hears of each new one with the ms since the one before.
 */
export function createProcessLooks(driver: Pick<ProcessesDriver, 'list'>, clock: Clock, onLook: (look: Look, since: number) => void): ProcessLooks {
  let last: (Look & { mono: number; disks: boolean }) | undefined;
  let going: Promise<Look> | undefined;
  async function read(disks: boolean): Promise<Look> {
    const begun = performance.now();
    const rows = await driver.list(disks);
    const look = { at: clock.now(), rows, cost: performance.now() - begun, mono: clock.monotonic(), disks };
    onLook(look, last ? look.mono - last.mono : 0);
    last = look;
    return look;
  }
  return {
    async look(maxAge, disks = false) {
      if (last && clock.monotonic() - last.mono < maxAge && (last.disks || !disks)) return last;
      going ??= read(disks).finally(() => (going = undefined));
      return going;
    },
    cost: () => last?.cost,
  };
}

export const TOP = 8;

export function topProcesses(look: Look): TopProcesses {
  const first = (key: 'cpu' | 'memory') =>
    look.rows.filter((row) => row[key] > 0).sort((a, b) => b[key] - a[key] || a.pid - b.pid).slice(0, TOP);
  return { at: look.at, total: look.rows.length, byCpu: first('cpu'), byMemory: first('memory') };
}
