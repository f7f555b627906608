import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM, type App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { getSetting } from '../../settings/settings.ts';
import { dropRecording, newestFirst, recordingPath, recordingsFolder, type RecordingRow } from './recordings.ts';

const DAY_MS = 86_400_000;

/** Deletes recordings that are older than the settings allow, or too many for the room they have, and files that belong to none. */
export function sweepRecordings(app: App): number {
  const days = getSetting(app, 'terminalRecordingDays');
  const before = app.clock.now() - days * DAY_MS;
  const old = days === 0 ? [] : newestFirst(app).filter((row) => row.endedAt !== null && row.endedAt < before);
  const removed = drop(app, old, 'age') + fitRecordings(app);
  dropStrays(app);
  return removed;
}

/** Deletes the oldest until all of them fit into the room they have; what is being written counts, and stays. */
export function fitRecordings(app: App): number {
  const most = getSetting(app, 'terminalRecordingMiB') * 2 ** 20;
  if (most === 0) return 0;
  const rows = newestFirst(app);
  let sum = rows.reduce((total, row) => total + sizeOf(app, row), 0);
  const surplus: RecordingRow[] = [];
  for (const row of rows.reverse()) {
    if (sum <= most) break;
    if (row.state === 'on') continue;
    surplus.push(row);
    sum -= row.bytes;
  }
  return drop(app, surplus, 'room');
}

const sizeOf = (app: App, { id, state, bytes }: RecordingRow) => (state === 'on' ? (statSync(recordingPath(app, id), { throwIfNoEntry: false })?.size ?? 0) : bytes);

function drop(app: App, rows: readonly RecordingRow[], why: 'age' | 'room'): number {
  for (const { id } of rows) dropRecording(app, id);
  if (rows.length > 0) record(app, SYSTEM, { action: 'recordings.expire', params: { count: rows.length, why } });
  return rows.length;
}

/** The row is there before the file, so a file without one is of a panel that was killed in between. */
function dropStrays(app: App) {
  const known = new Set(newestFirst(app).map(({ id }) => `${id}.cast`));
  const folder = recordingsFolder(app);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) if (name.endsWith('.cast') && !known.has(name)) rmSync(join(folder, name), { force: true });
}
