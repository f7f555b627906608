import { and, desc, eq, notInArray } from 'drizzle-orm';
import { recents } from '../../db/schema/files.ts';
import { transaction } from '../../db/transaction.ts';
import type { Actor, App } from '../app.ts';

export interface Recent {
  path: string;
  folder: boolean;
  at: number;
}

/** So many are kept of each person. */
const MOST = 50;

/** Notes that this person has opened a folder or a file; others than people open nothing. */
export function rememberRecent(app: Pick<App, 'db' | 'clock'>, actor: Actor, path: string, folder: boolean) {
  if (actor.kind !== 'user') return;
  const { userId } = actor;
  const at = app.clock.now();
  const mine = eq(recents.userId, userId);
  transaction(app.db, (tx) => {
    const newest = tx.select().from(recents).where(mine).orderBy(desc(recents.at)).limit(MOST).all();
    // Going through one folder again and again is one opening.
    if (newest[0]?.path === path) return;
    tx.insert(recents).values({ userId, path, folder, at }).onConflictDoUpdate({ target: [recents.userId, recents.path], set: { at, folder } }).run();
    if (newest.length < MOST || newest.some((one) => one.path === path)) return;
    const kept = [path, ...newest.slice(0, MOST - 1).map((one) => one.path)];
    tx.delete(recents).where(and(mine, notInArray(recents.path, kept))).run();
  });
}

/** Newest first. */
export function listRecents(app: Pick<App, 'db'>, actor: Actor, most = 12): Recent[] {
  if (actor.kind !== 'user') return [];
  return app.db.select({ path: recents.path, folder: recents.folder, at: recents.at }).from(recents).where(eq(recents.userId, actor.userId)).orderBy(desc(recents.at), desc(recents.path)).limit(most).all();
}
