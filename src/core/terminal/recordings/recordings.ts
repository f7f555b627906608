import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { and, desc, eq } from 'drizzle-orm';
import { pageOf } from '../../../db/page.ts';
import { recordings } from '../../../db/schema/recordings.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Page, PageQuery } from '../../../lib/page.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';

export type RecordingRow = typeof recordings.$inferSelect;

/** What a list of recordings may be sorted by. */
export const RECORDING_SORTS = ['startedAt', 'title', 'bytes', 'lengthMs'] as const;
export type RecordingSort = (typeof RECORDING_SORTS)[number];

const COLUMNS = { startedAt: recordings.startedAt, title: recordings.title, bytes: recordings.bytes, lengthMs: recordings.lengthMs };

type Place = { config: { dataDir: string } };

export const recordingsFolder = ({ config }: Place) => join(config.dataDir, 'terminals', 'recordings');
export const recordingPath = (app: Place, id: string) => join(recordingsFolder(app), `${id}.cast`);

/** What is known of a terminal when its recording begins. */
export interface Recorded {
  id: string;
  title: string;
  target: string;
  openedBy: string;
}

/**
 * The row of a recording that is about to begin, and the file for it.
 * @throws AppError conflict when the terminal is recorded already
 */
export function insertRecording(app: App, terminal: Recorded, { startedBy, policy }: { startedBy: string; policy: boolean }): { id: string; path: string } {
  mkdirSync(recordingsFolder(app), { recursive: true, mode: 0o700 });
  const { id: terminalId, title, target, openedBy } = terminal;
  const id = app.random.id();
  const row = { id, terminalId, title, target, openedBy, startedBy, policy, state: 'on', startedAt: app.clock.now() } as const;
  const made = app.db.insert(recordings).values(row).onConflictDoNothing().returning({ id: recordings.id }).get();
  if (!made) throw new AppError('conflict', (t) => t.recordings.already);
  return { id, path: recordingPath(app, id) };
}

/** It never began, or is over and unwanted: neither row nor file. */
export function dropRecording(app: App, id: string): void {
  rmSync(recordingPath(app, id), { force: true });
  app.db.delete(recordings).where(eq(recordings.id, id)).run();
}

/** The one that is being written of this terminal. */
export const runningRecording = (app: App, terminalId: string): RecordingRow | undefined =>
  app.db.select().from(recordings).where(and(eq(recordings.terminalId, terminalId), eq(recordings.state, 'on'))).get();

export function listRecordings(app: App, actor: Actor, query: PageQuery<RecordingSort>): Page<RecordingRow> {
  need(actor, 'recordings.read');
  const page = pageOf(app.db, recordings, COLUMNS, recordings.id, query);
  return { ...page, items: page.items.map((row) => grown(app, row)) };
}

/** Those that are being written have no size in their row yet. */
function grown(app: App, row: RecordingRow): RecordingRow {
  if (row.state !== 'on') return row;
  const bytes = statSync(recordingPath(app, row.id), { throwIfNoEntry: false })?.size ?? 0;
  return { ...row, bytes, lengthMs: Math.max(0, app.clock.now() - row.startedAt) };
}

/** For who may look at recordings (S12). @throws AppError denied, not_found */
export function getRecording(app: App, actor: Actor, id: string): RecordingRow {
  need(actor, 'recordings.read');
  const row = app.db.select().from(recordings).where(eq(recordings.id, id)).get();
  if (!row) throw new AppError('not_found', (t) => t.recordings.notFound);
  return grown(app, row);
}

/** Somebody looks at it (`way` is null for what follows of the same): that is recorded, as is who takes a copy away. @throws AppError denied, not_found, also when the file has gone */
export function openRecording(app: App, actor: Actor, id: string, way: 'play' | 'download' | null): { row: RecordingRow; path: string } {
  const row = getRecording(app, actor, id);
  const path = recordingPath(app, id);
  if (!statSync(path, { throwIfNoEntry: false })) throw new AppError('not_found', (t) => t.recordings.gone);
  if (way) record(app, actor, { action: `recordings.${way}`, target: row.title, params: { id, terminal: row.terminalId } });
  return { row, path };
}

/** @throws AppError denied, not_found, conflict while it is being written */
export function removeRecording(app: App, actor: Actor, id: string): void {
  need(actor, 'recordings.write');
  const row = getRecording(app, actor, id);
  if (row.state === 'on') throw new AppError('conflict', (t) => t.recordings.stillOn);
  dropRecording(app, id);
  record(app, actor, { action: 'recordings.remove', target: row.title, params: { id, terminal: row.terminalId, startedAt: row.startedAt, bytes: row.bytes } });
}

/** All, the newest first. Ids are made in the order of time. */
export const newestFirst = (app: App): RecordingRow[] => app.db.select().from(recordings).orderBy(desc(recordings.id)).all();
