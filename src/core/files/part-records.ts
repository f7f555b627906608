import { eq, lt } from 'drizzle-orm';
import { fileParts } from '../../db/schema/files.ts';
import type { App } from '../app.ts';

/** A share that is not mounted for so long is not waited for any more. */
const GIVE_UP_MS = 90 * 86_400_000;

export interface PartRecord {
  id: string;
  folder: string;
  name: string;
}

/** Before the part is there: what a crash leaves behind is known by its exact path, and nothing else is ever swept. */
export function recordPart(app: Pick<App, 'db' | 'random' | 'clock'>, folder: string, name: string): string {
  const id = app.random.id();
  app.db.insert(fileParts).values({ id, folder, name, createdAt: app.clock.now() }).run();
  return id;
}

export function forgetPart(app: Pick<App, 'db'>, id: string | null) {
  if (id) app.db.delete(fileParts).where(eq(fileParts.id, id)).run();
}

/** Those of panels before this one: whoever made them is gone. */
export function leftParts(app: Pick<App, 'db' | 'panel'>): PartRecord[] {
  return app.db.select().from(fileParts).where(lt(fileParts.createdAt, app.panel.startedAt)).all();
}

export function dropOldRecords(app: Pick<App, 'db' | 'clock'>) {
  app.db.delete(fileParts).where(lt(fileParts.createdAt, app.clock.now() - GIVE_UP_MS)).run();
}
