import type { ProcessRow } from '../../platform/processes.ts';

/** A process and all that it started, parents before their children. */
export function descendants(rows: readonly ProcessRow[], root: ProcessRow): ProcessRow[] {
  // Its number has another by now: what that one started is not its own.
  if (rows.some(({ pid, startedAt }) => pid === root.pid && startedAt !== root.startedAt)) return [root];
  const children = childrenOf(rows);
  const found = [root];
  const seen = new Set([root.pid]);
  // The list grows while it is read.
  for (const { pid } of found) {
    for (const child of children.get(pid) ?? []) {
      // A list that was read while numbers were used again may go round in a circle.
      if (seen.has(child.pid)) continue;
      seen.add(child.pid);
      found.push(child);
    }
  }
  return found;
}

export interface Branch {
  row: ProcessRow;
  /** 0 for those without a parent in the list. */
  depth: number;
}

/** Everybody below who started them; those of one parent in the order of `compare`. public/js/processes/order.js does the same. */
export function asTree(rows: readonly ProcessRow[], compare: (a: ProcessRow, b: ProcessRow) => number): Branch[] {
  const pids = new Set(rows.map(({ pid }) => pid));
  const children = childrenOf(rows);
  const tree: Branch[] = [];
  const seen = new Set<number>();
  const add = (row: ProcessRow, depth: number) => {
    if (seen.has(row.pid)) return;
    seen.add(row.pid);
    tree.push({ row, depth });
    for (const child of (children.get(row.pid) ?? []).toSorted(compare)) add(child, depth + 1);
  };
  for (const row of rows.filter(({ pid, parent }) => parent === pid || !pids.has(parent)).toSorted(compare)) add(row, 0);
  for (const row of rows) add(row, 0);
  return tree;
}

function childrenOf(rows: readonly ProcessRow[]): Map<number, ProcessRow[]> {
  const children = new Map<number, ProcessRow[]>();
  for (const row of rows) {
    const siblings = children.get(row.parent);
    if (siblings) siblings.push(row);
    else children.set(row.parent, [row]);
  }
  return children;
}

/** Those that match, and everybody above them: without these nobody would know where they hang. */
export function withParents(rows: readonly ProcessRow[], matches: (row: ProcessRow) => boolean): ProcessRow[] {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const kept = new Set<number>();
  for (const row of rows.filter(matches)) {
    for (let each: ProcessRow | undefined = row; each && !kept.has(each.pid); each = byPid.get(each.parent)) kept.add(each.pid);
  }
  return rows.filter(({ pid }) => kept.has(pid));
}
