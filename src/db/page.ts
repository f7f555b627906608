import { and, asc, count, desc, sql, type InferSelectModel, type SQL } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Page, PageQuery } from '../lib/page.ts';
import type { Db } from './open.ts';

/**
 * A page of a table by keyset: `(by, id)` after the last row shown, so that page 1000 costs as much as page 1 and rows
 * added meanwhile shift nothing. `columns` names what may be sorted by: the request never reaches the SQL (S14).
 * Columns must not be null.
 */
export function pageOf<T extends SQLiteTable, Field extends string>(
  db: Db,
  table: T,
  columns: Readonly<Record<Field, SQLiteColumn>>,
  id: SQLiteColumn,
  query: PageQuery<Field>,
  where?: SQL,
): Page<InferSelectModel<T>> {
  const by = columns[query.by];
  const order = query.descending ? desc : asc;
  const { after } = query;
  const beyond = after && (query.descending ? sql`(${by}, ${id}) < (${after.value}, ${after.id})` : sql`(${by}, ${id}) > (${after.value}, ${after.id})`);
  const rows = db
    .select()
    .from(table as SQLiteTable)
    .where(and(where, beyond))
    .orderBy(order(by), order(id))
    .limit(query.limit + 1)
    .all() as InferSelectModel<T>[];
  const items = rows.slice(0, query.limit);
  const last = items.at(-1) as Record<string, string | number> | undefined;
  const next = rows.length > items.length && last ? { value: last[keyOf(table, by)]!, id: last[keyOf(table, id)]! } : null;
  const total = db.select({ n: count() }).from(table as SQLiteTable).where(where).get()!.n;
  return { items, total, next };
}

/** The name that a column has in rows ("createdAt"), which differs from its name in SQL ("created_at"). */
function keyOf(table: SQLiteTable, column: SQLiteColumn): string {
  const found = Object.entries(table).find(([, value]) => value === column);
  if (!found) throw new Error(`${column.name} is no column of this table`);
  return found[0];
}
