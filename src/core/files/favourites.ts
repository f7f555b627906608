import { and, asc, eq, max } from 'drizzle-orm';
import { favourites } from '../../db/schema/files.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../lib/errors.ts';
import { ownId } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { normalPath } from './paths.ts';

/** More than anybody looks through. */
const MOST = 100;

/** Folders that this person keeps at hand, in the order they were added; of the system and the command line: none. */
export function listFavourites(app: Pick<App, 'db'>, actor: Actor): string[] {
  if (actor.kind !== 'user') return [];
  return app.db.select({ path: favourites.path }).from(favourites).where(eq(favourites.userId, actor.userId)).orderBy(asc(favourites.position)).all().map(({ path }) => path);
}

/**
 * Adds a folder, or takes it away. What is kept is an address: whether it may be seen is asked when it is opened.
 * @throws AppError invalid for what is no path, conflict for one more than the most
 */
export function setFavourite(app: App, actor: Actor, path: string, on: boolean) {
  const userId = ownId(actor);
  const normal = normalPath(app.host.files.kind, path);
  const mine = eq(favourites.userId, userId);
  if (!on) return void app.db.delete(favourites).where(and(mine, eq(favourites.path, normal))).run();
  transaction(app.db, (tx) => {
    const kept = tx.select({ path: favourites.path }).from(favourites).where(mine).all();
    if (kept.some((one) => one.path === normal)) return;
    if (kept.length >= MOST) throw new AppError('conflict', (t) => t.browse.tooManyFavourites);
    const last = tx.select({ position: max(favourites.position) }).from(favourites).where(mine).get()?.position ?? 0;
    tx.insert(favourites).values({ userId, path: normal, position: last + 1 }).run();
  });
}
