import { eq } from 'drizzle-orm';
import { containerUpdates } from '../../../db/schema/updates.ts';
import { transaction } from '../../../db/transaction.ts';
import type { App } from '../../app.ts';

/** What is kept of a container is found by its name and the engine that has it; names have no spaces, and that of this machine none. */
export const noteKey = ({ engines }: Pick<App, 'engines'>, name: string) => [name, engines.chosen() ?? []].flat().join(' ');

/** The name in it; null: it is of another engine. */
export function nameOfNote({ engines }: Pick<App, 'engines'>, key: string): string | null {
  const [name = '', engine = null] = key.split(' ');
  return engine === engines.chosen() ? name : null;
}

/** What is kept of a container goes on under its new name; what was kept of another of that name is gone with it. */
export function followName(app: Pick<App, 'db' | 'engines'>, from: string, to: string): void {
  if (from === to) return;
  transaction(app.db, (tx) => {
    tx.delete(containerUpdates).where(eq(containerUpdates.name, noteKey(app, to))).run();
    tx.update(containerUpdates).set({ name: noteKey(app, to) }).where(eq(containerUpdates.name, noteKey(app, from))).run();
  });
}
