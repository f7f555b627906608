// In which order processes stand: by a column, or below who started them. The same as src/core/processes/tree.ts.

/** @param sort "cpu", "-cpu" descends; equal ones by number */
export function comparison(sort) {
  const down = sort.startsWith('-');
  const by = down ? sort.slice(1) : sort;
  const value = (row) => (typeof row[by] === 'string' ? row[by].toLowerCase() : (row[by] ?? (by === 'service' ? '' : -1)));
  return (a, b) => {
    const [x, y] = [value(a), value(b)];
    const order = x < y ? -1 : x > y ? 1 : 0;
    return (down ? -order : order) || a.pid - b.pid;
  };
}

/** Those that match, and everybody above them. */
export function withParents(all, matches) {
  const kept = new Set();
  for (const row of all.values()) {
    if (!matches(row)) continue;
    for (let each = row; each && !kept.has(each.pid); each = all.get(each.parent)) kept.add(each.pid);
  }
  return [...all.values()].filter(({ pid }) => kept.has(pid));
}

/** @returns {{ row, depth, parent: boolean }[]} `folded`: pids whose children are left out */
export function asTree(rows, compare, folded) {
  const pids = new Set(rows.map(({ pid }) => pid));
  const children = Map.groupBy(rows, ({ parent }) => parent);
  const tree = [];
  const seen = new Set();
  const add = (row, depth, shown) => {
    if (seen.has(row.pid)) return;
    seen.add(row.pid);
    const below = (children.get(row.pid) ?? []).filter(({ pid }) => pid !== row.pid);
    if (shown) tree.push({ row, depth, parent: below.length > 0 });
    for (const child of below.toSorted(compare)) add(child, depth + 1, shown && !folded.has(row.pid));
  };
  for (const row of rows.filter(({ pid, parent }) => parent === pid || !pids.has(parent)).toSorted(compare)) add(row, 0, true);
  for (const row of rows) add(row, 0, true);
  return tree;
}
