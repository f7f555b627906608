import { sql, type Placeholder } from 'drizzle-orm';
import type { Db } from './open.ts';

/**
 * A statement that is made once for each database: for what runs with every request, where building and preparing its SQL
 * costs more than running it. Values come as placeholders.
 */
export function prepared<S extends object>(make: (db: Db) => S): (app: { db: Db }) => S {
  const kept = new WeakMap<Db, S>();
  return ({ db }) => {
    let statement = kept.get(db);
    if (!statement) kept.set(db, (statement = make(db)));
    return statement;
  };
}

/** A placeholder for each of these columns: `values(blanks('at', 'actor'))`. */
export function blanks<Name extends string>(...names: Name[]): Record<Name, Placeholder<Name>> {
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Record<Name, Placeholder<Name>>;
}
