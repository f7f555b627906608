import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { imageChecks } from '../../../db/schema/updates.ts';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { ImageReference } from '../../images/reference.ts';

export const SkipInput = z.strictObject({
  reference: ImageReference,
  /** The version that was looked at: a newer one may have come meanwhile. */
  digest: z.string().regex(/^[a-z0-9]+:[0-9a-f]{32,128}$/),
  skip: z.boolean(),
});

/** Leaves a version of an image out, or takes that back. The next version is told again. @throws AppError denied, not_found */
export function skipVersion(app: App, actor: Actor, { reference, digest, skip }: z.output<typeof SkipInput>): void {
  need(actor, 'containers.write');
  const [changed] = app.db.update(imageChecks).set({ skipped: skip ? digest : null }).where(eq(imageChecks.reference, reference)).returning({ reference: imageChecks.reference }).all();
  if (!changed) throw new AppError('not_found', (t) => t.containerUpdates.neverAsked({ reference }));
  record(app, actor, { action: skip ? 'containers.skip' : 'containers.unskip', target: reference, params: { digest } });
  app.bus.emit('containers.changed', { up: true });
}
