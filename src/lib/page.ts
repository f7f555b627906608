/** Where a list goes on: the sort value and the id of the last row shown. */
export interface Position {
  value: string | number;
  id: string | number;
}

/** Which part of a list is wanted. `by` is one of the list's own field names: never text of a request. */
export interface PageQuery<Field extends string = string> {
  limit: number;
  by: Field;
  descending: boolean;
  after?: Position | undefined;
}

export interface Page<Row> {
  items: Row[];
  /** Of all rows that match, not only of these. */
  total: number;
  next: Position | null;
}

type Value = string | number;

const compare = (a: Value, b: Value) => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : a > b ? 1 : 0);

/** Rows with equal values are ordered by their id. */
export function positionOrder({ descending }: Pick<PageQuery, 'descending'>): (a: Position, b: Position) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => sign * (compare(a.value, b.value) || compare(a.id, b.id));
}

/**
 * A page of what is in memory. `fields` reads each sort value; rows with equal values are ordered by their id,
 * so that a list which changes between two pages skips and repeats nothing else.
 */
export function pageOfRows<Row, Field extends string>(
  rows: readonly Row[],
  fields: Readonly<Record<Field, (row: Row) => Value>>,
  id: (row: Row) => Value,
  query: PageQuery<Field>,
): Page<Row> {
  const read = fields[query.by];
  const order = positionOrder(query);
  const at = (row: Row): Position => ({ value: read(row), id: id(row) });
  const sorted = rows.map((row) => ({ row, at: at(row) })).sort((a, b) => order(a.at, b.at));
  const rest = query.after ? sorted.filter((entry) => order(entry.at, query.after!) > 0) : sorted;
  const shown = rest.slice(0, query.limit);
  return { items: shown.map((entry) => entry.row), total: rows.length, next: rest.length > shown.length ? (shown.at(-1)?.at ?? null) : null };
}
