import { eq } from 'drizzle-orm';
import { sessions } from '../../db/schema/sessions.ts';
import { users } from '../../db/schema/users.ts';
import { AppError } from '../../lib/errors.ts';
import { can } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { endOwnSession } from './own.ts';
import { endSession } from './sessions.ts';

/**
 * Ends a session by its id: one's own, with `users.write` anybody's.
 * @throws AppError not_found, also for somebody else's (S12)
 */
export function endSessionById(app: App, actor: Actor, input: { id: string }) {
  const row = app.db
    .select({ userId: sessions.userId, ip: sessions.ip, name: users.name })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, input.id))
    .get();
  if (actor.kind === 'user' && row?.userId === actor.userId) return endOwnSession(app, actor, input);
  if (!row || !can(actor, 'users.write')) throw new AppError('not_found', (t) => t.account.sessionMissing);
  endSession(app, input.id);
  record(app, actor, { action: 'sessions.end', target: row.name, params: { ip: row.ip } });
}
