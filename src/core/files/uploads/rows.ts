import { and, count, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { blanks, prepared } from '../../../db/prepared.ts';
import { uploads } from '../../../db/schema/files.ts';
import { transaction } from '../../../db/transaction.ts';
import { ownId } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { getSetting } from '../../settings/settings.ts';
import { expired, tooMany, unknown } from './refusal.ts';

export type UploadRow = typeof uploads.$inferSelect;

/** Uploads that one person may have begun and not ended. */
const MOST = 2000;
const HOUR_MS = 3_600_000;
/** A sender who did not hear that the last byte came asks again within this time. */
const KEPT_MS = HOUR_MS;

export const lifeMs = (app: App) => getSetting(app, 'uploadHours') * HOUR_MS;

// A folder of thousands of small files asks these thousands of times.
const byId = prepared((db) => db.select().from(uploads).where(eq(uploads.id, sql.placeholder('id'))).prepare());
const begun = prepared((db) =>
  db.select({ n: count() }).from(uploads).where(and(eq(uploads.userId, sql.placeholder('userId')), isNull(uploads.endedAt))).prepare(),
);
const add = prepared((db) =>
  db.insert(uploads).values(blanks('id', 'userId', 'folder', 'name', 'part', 'size', 'metadata', 'conflict', 'createdAt', 'touchedAt')).prepare(),
);
const touch = prepared((db) =>
  db.update(uploads).set({ touchedAt: sql`${sql.placeholder('now')}`, uncheckedFrom: null }).where(eq(uploads.id, sql.placeholder('id'))).prepare(),
);
const end = prepared((db) =>
  db.update(uploads).set({ endedAt: sql`${sql.placeholder('now')}`, endedAs: sql`${sql.placeholder('as')}`, uncheckedFrom: null }).where(eq(uploads.id, sql.placeholder('id'))).prepare(),
);

/** @throws UploadRefusal 404, also for somebody else's (S12); 410 when it was given up */
export function ownUpload(app: App, actor: Actor, id: string): UploadRow {
  const row = byId(app).get({ id });
  if (!row || row.userId !== ownId(actor)) throw unknown();
  if (row.endedAt === null && row.touchedAt + lifeMs(app) <= app.clock.now()) throw expired();
  return row;
}

/** @throws UploadRefusal 429 */
export function addUpload(app: App, row: Omit<UploadRow, 'createdAt' | 'touchedAt' | 'endedAt' | 'endedAs' | 'uncheckedFrom'>): UploadRow {
  if ((begun(app).get({ userId: row.userId })?.n ?? 0) >= MOST) throw tooMany();
  const now = app.clock.now();
  add(app).run({ ...row, createdAt: now, touchedAt: now });
  return { ...row, createdAt: now, touchedAt: now, endedAt: null, endedAs: null, uncheckedFrom: null };
}

export function changeUpload(app: App, id: string, values: Partial<UploadRow>) {
  app.db.update(uploads).set(values).where(eq(uploads.id, id)).run();
}

/** More of it came, and what came counts. */
export function touchUpload(app: App, id: string) {
  touch(app).run({ id, now: app.clock.now() });
}

/** It is done, and the name that it got is told to whoever asks again; in one transaction with `also`. @returns when */
export function endUpload(app: App, id: string, as: string, also: () => void): number {
  const now = app.clock.now();
  transaction(app.db, () => {
    end(app).run({ id, now, as });
    also();
  });
  return now;
}

export function dropUpload(app: App, id: string) {
  app.db.delete(uploads).where(eq(uploads.id, id)).run();
}

/** Given up, and those that ended and are known no longer. */
export function oldUploads(app: App): UploadRow[] {
  const now = app.clock.now();
  const givenUp = and(isNull(uploads.endedAt), lt(uploads.touchedAt, now - lifeMs(app)));
  return app.db.select().from(uploads).where(or(givenUp, and(isNotNull(uploads.endedAt), lt(uploads.endedAt, now - KEPT_MS)))).all();
}
