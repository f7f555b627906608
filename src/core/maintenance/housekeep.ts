import { lt, lte } from 'drizzle-orm';
import { audit } from '../../db/schema/audit.ts';
import { setupTokens } from '../../db/schema/sessions.ts';
import { tasks } from '../../db/schema/tasks.ts';
import type { App } from '../app.ts';
import { dropOldBans } from '../guard/guard.ts';
import { sweepUploads } from '../files/uploads/sweep.ts';
import { sweepParts } from '../files/sweep.ts';
import { expireTrash } from '../files/trash/empty.ts';
import { dropExpiredSessions } from '../sessions/sessions.ts';
import { dropOldShares } from '../files/shares/shares.ts';
import { sweepRecordings } from '../terminal/recordings/sweep.ts';
import { getSetting } from '../settings/settings.ts';
import { dropOldFailures } from '../sign-in/backoff.ts';
import { dropOldTerminalShares } from '../terminal/shares.ts';
import { dropOldTerminals } from '../terminal/terminals.ts';
import { dropArchives } from './diagnostics.ts';
import { dropStrayVersions } from '../files/versions/keep.ts';

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
  dropOldBans(app, now - getSetting(app, 'auditDays') * DAY_MS);
  void dropStrayVersions(app).catch((error: unknown) => app.log.warn('versions without a row could not be removed', { error: error as Error }));
  dropOldShares(app);
  dropOldTerminalShares(app);
  dropOldTerminals(app, now - getSetting(app, 'auditDays') * DAY_MS);
  sweepRecordings(app);
  // Goes on by itself: a share that does not answer holds nothing up.
  void sweepUploads(app).catch((error: unknown) => app.log.error('uploads not swept', { error: error as Error }));
  void expireTrash(app).catch((error: unknown) => app.log.error('trash not expired', { error: error as Error }));
  void sweepParts(app).catch((error: unknown) => app.log.error('parts not swept', { error: error as Error }));
  app.db.delete(setupTokens).where(lte(setupTokens.expiresAt, now)).run();
  return { audit: entries, tasks: ended };
}
