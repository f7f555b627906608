import type { App } from '../../src/core/app.ts';
import { audit } from '../../src/db/schema/audit.ts';

/** Everything that was written down, oldest first. */
export const listAudit = (app: App) => app.db.select().from(audit).all();
