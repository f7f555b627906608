import { eq } from 'drizzle-orm';
import { containerUpdates } from '../../../db/schema/updates.ts';
import { transaction } from '../../../db/transaction.ts';
import type { App } from '../../app.ts';

/** What is kept of a container goes on under its new name; what was kept of another of that name is gone with it. */
export function followName({ db }: Pick<App, 'db'>, from: string, to: string): void {
  if (from === to) return;
  transaction(db, (tx) => {
    tx.delete(containerUpdates).where(eq(containerUpdates.name, to)).run();
    tx.update(containerUpdates).set({ name: to }).where(eq(containerUpdates.name, from)).run();
  });
}
