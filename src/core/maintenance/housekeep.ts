import { lt, lte } from 'drizzle-orm';
import { audit } from '../../db/schema/audit.ts';
import { setupTokens } from '../../db/schema/sessions.ts';
import { tasks } from '../../db/schema/tasks.ts';
import type { App } from '../app.ts';
import { dropExpiredSessions } from '../sessions/sessions.ts';
import { getSetting } from '../settings/settings.ts';
import { dropOldFailures } from '../sign-in/backoff.ts';
import { dropArchives } from './diagnostics.ts';

const DAY_MS = 86_400_000;

/**
 * Takes away what is older than the settings allow: entries of the audit log, ended tasks with their logs and archives,
 * sessions and set-up tokens that are over, failed sign-ins that count no more. Once a day is enough; more does no harm.
 */
export function housekeep(app: App): { audit: number; tasks: number } {
  const now = app.clock.now();
  const entries = app.db.delete(audit).where(lt(audit.at, now - getSetting(app, 'auditDays') * DAY_MS)).returning({ id: audit.id }).all().length;
  const ended = app.tasks.purge(now - getSetting(app, 'taskDays') * DAY_MS);
  dropArchives(app, new Set(app.db.select({ id: tasks.id }).from(tasks).all().map((row) => row.id)));
  dropExpiredSessions(app);
  dropOldFailures(app);
  app.db.delete(setupTokens).where(lte(setupTokens.expiresAt, now)).run();
  return { audit: entries, tasks: ended };
}
