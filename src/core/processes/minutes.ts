import { and, desc, eq, gt, lte } from 'drizzle-orm';
import type { Db } from '../../db/open.ts';
import { processMinutes } from '../../db/schema/samples.ts';
import type { Log } from '../../lib/log.ts';
import type { Look } from './looks.ts';

/** A process as a minute keeps it. `cpu` is percent of one core over the minute, `memory` bytes at its end. */
export interface MinuteRow {
  pid: number;
  name: string;
  command: string;
  user: string;
  cpu: number;
  memory: number;
}

export interface Minute {
  /** Where the minute begins, ms since 1970. */
  at: number;
  byCpu: MinuteRow[];
  byMemory: MinuteRow[];
}

/** In the database a row is an array: there are a thousand and a half of them a day. */
type Kept = [pid: number, name: string, command: string, user: string, cpu: number, memory: number];

export const KEPT = 5;
const COMMAND_MAX = 100;
const MINUTE = 60_000;

export interface Minutes {
  /** A look and the ms since the one before. */
  add(look: Look, since: number): void;
  flush(): void;
}

/** Adds up what each process used and keeps the first five by CPU and by memory of each minute. */
export function createMinutes(db: Db, log: Log): Minutes {
  let minute: number | undefined;
  let seconds = 0;
  let used = new Map<number, number>();
  let last: Look | undefined;
  let failing = false;

  function flush() {
    if (minute === undefined || !last || seconds === 0) return;
    const rows = last.rows.map((row): MinuteRow => ({ ...row, cpu: (used.get(row.pid) ?? 0) / seconds }));
    try {
      keep(db, minute, rows);
      failing = false;
    } catch (error) {
      if (!failing) log.error('the processes of a minute cannot be written', { error: error as Error });
      failing = true;
    }
  }

  return {
    add(look, since) {
      const at = Math.floor(look.at / MINUTE) * MINUTE;
      if (minute !== undefined && at !== minute) {
        flush();
        used = new Map();
        seconds = 0;
      }
      minute = at;
      last = look;
      seconds += since / 1000;
      for (const { pid, cpu } of look.rows) if (cpu > 0) used.set(pid, (used.get(pid) ?? 0) + (cpu * since) / 1000);
    },
    flush,
  };
}

const first = (rows: readonly MinuteRow[], key: 'cpu' | 'memory') =>
  rows.filter((row) => row[key] > 0).sort((a, b) => b[key] - a[key] || a.pid - b.pid).slice(0, KEPT);

function keep(db: Db, at: number, rows: readonly MinuteRow[]) {
  // The same minute again (a restart, a clock that went back): both are kept, the busier one of each process.
  const there = db.select().from(processMinutes).where(eq(processMinutes.at, at)).get();
  const all = new Map(rows.map((row) => [row.pid, row]));
  for (const row of there ? unpack(there.processes) : []) {
    const known = all.get(row.pid);
    if (!known || known.cpu < row.cpu) all.set(row.pid, row);
  }
  const list = [...all.values()];
  const chosen = [...new Set([...first(list, 'cpu'), ...first(list, 'memory')])];
  const kept = chosen.map((row): Kept => [
    row.pid, row.name, row.command === row.name || row.command === `[${row.name}]` ? '' : row.command.slice(0, COMMAND_MAX),
    row.user, Math.round(row.cpu * 10) / 10, row.memory,
  ]);
  const processes = JSON.stringify(kept);
  db.insert(processMinutes).values({ at, processes }).onConflictDoUpdate({ target: processMinutes.at, set: { processes } }).run();
}

function unpack(text: string): MinuteRow[] {
  try {
    return (JSON.parse(text) as Kept[]).map(([pid, name, command, user, cpu, memory]) => ({ pid, name, command: command || name, user, cpu, memory }));
  } catch {
    return [];
  }
}

/** What ran in the minute of `at`, or in the one before it; null when that was not kept. */
export function processesAt(app: { db: Db }, at: number): Minute | null {
  const row = app.db.select().from(processMinutes)
    .where(and(lte(processMinutes.at, at), gt(processMinutes.at, at - 2 * MINUTE))).orderBy(desc(processMinutes.at)).limit(1).get();
  if (!row) return null;
  const rows = unpack(row.processes);
  return { at: row.at, byCpu: first(rows, 'cpu'), byMemory: first(rows, 'memory') };
}
