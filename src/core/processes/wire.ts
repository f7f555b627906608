import type { ProcessRow } from '../../platform/processes.ts';

/** What of a process moves; the other columns are sent once. */
export const MOVING = ['cpu', 'memory', 'state', 'threads', 'nice', 'read', 'written', 'received', 'sent'] as const;
export const STEADY = ['pid', 'parent', 'name', 'command', 'user', 'startedAt', 'service', 'container'] as const;

type Wire = (string | number | null)[];

/** What a page is told: processes as arrays, in the order of STEADY and MOVING; for thousands of them a name for each figure is most of the text. */
export interface ProcessPatch {
  at: number;
  /** New, or called differently. */
  fresh: Wire[];
  /** pid, and what moved, in the order of MOVING. */
  moved: Wire[];
  gone: number[];
}

const steady = (row: ProcessRow): Wire => STEADY.map((name) => row[name]);
const moving = (row: ProcessRow): Wire => MOVING.map((name) => row[name]);
const same = (names: readonly (keyof ProcessRow)[], a: ProcessRow, b: ProcessRow) => names.every((name) => a[name] === b[name]);

/** From one look to the next; null when nothing is different. */
export function patchOf(before: ReadonlyMap<number, ProcessRow>, rows: readonly ProcessRow[], at: number): ProcessPatch | null {
  const fresh: Wire[] = [];
  const moved: Wire[] = [];
  const now = new Set<number>();
  for (const row of rows) {
    now.add(row.pid);
    const old = before.get(row.pid);
    if (old === row) continue;
    if (!old || !same(STEADY, old, row)) fresh.push([...steady(row), ...moving(row)]);
    else if (!same(MOVING, old, row)) moved.push([row.pid, ...moving(row)]);
  }
  const gone = [...before.keys()].filter((pid) => !now.has(pid));
  return fresh.length + moved.length + gone.length ? { at, fresh, moved, gone } : null;
}
