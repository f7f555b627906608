import { eq } from 'drizzle-orm';
import { tasks } from '../../../db/schema/tasks.ts';
import { AppError } from '../../../lib/errors.ts';
import type { App } from '../../app.ts';

/** Tasks that work on this machine and on no engine; any other is taken for one that does. */
const ELSEWHERE = /^(files|history|maintenance|power|panel|updates|terminals|recordings)\.|^docker\.install$/;

/** Something is under way on the engine that is chosen: it would go on on another. @throws AppError conflict */
export function refuseWhileBusy(app: Pick<App, 'db' | 'engines'>): void {
  if (app.engines.isHeld()) throw new AppError('conflict', (t) => t.endpoints.held, { retryAfter: 2 });
  const busy = app.db.select({ kind: tasks.kind, params: tasks.params }).from(tasks).where(eq(tasks.state, 'running')).all().find(({ kind }) => !ELSEWHERE.test(kind));
  if (busy) throw new AppError('conflict', (t) => t.endpoints.busy({ task: t.tasks.kinds[busy.kind]?.(busy.params) ?? busy.kind }), { retryAfter: 10 });
}
