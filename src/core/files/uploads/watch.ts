import { eq } from 'drizzle-orm';
import { tokens } from '../../../db/schema/sessions.ts';
import { users } from '../../../db/schema/users.ts';
import { can, lowerRole, type Permission } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { liveSessions } from '../../sessions/sessions.ts';
import { watchToken } from '../../tokens/watch.ts';

/**
 * Calls `gone` once when this person may no longer upload: signed out, disabled, in another role, their token withdrawn
 * (S10). Bytes come for hours, and the door was passed once.
 * @param right what they need for it
 * @returns what ends the watch
 */
export function watchActor(app: App, actor: Actor, gone: () => void, right: Permission = 'files.write'): () => void {
  if (actor.kind !== 'user') return () => {};
  const { sessionId, tokenId } = actor;
  const leave: (() => void)[] = [];
  const look = (still: boolean) => {
    if (!still) gone();
  };
  if (sessionId) {
    leave.push(app.bus.on('sessions.ended', ({ ids }) => look(!ids.includes(sessionId))));
    leave.push(app.bus.on('database.changed', () => look(liveSessions(app, [sessionId]).has(sessionId))));
  }
  if (tokenId) leave.push(watchToken(app, () => mayStill(app, tokenId, right), gone));
  return () => leave.forEach((end) => end());
}

function mayStill(app: App, tokenId: string, right: Permission): boolean {
  const row = app.db
    .select({ role: tokens.role, expiresAt: tokens.expiresAt, of: users.role, disabled: users.disabled })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .where(eq(tokens.id, tokenId))
    .get();
  if (!row || row.disabled || (row.expiresAt !== null && row.expiresAt <= app.clock.now())) return false;
  return can({ kind: 'user', role: lowerRole(row.role, row.of) } as Actor, right);
}
