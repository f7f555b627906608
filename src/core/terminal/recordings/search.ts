import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { Semaphore } from '../../../lib/semaphore.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { readCast } from './cast.ts';
import { PlainText, secondsAt, type PlainLine } from './plain-text.ts';
import { newestFirst, recordingPath, type RecordingRow } from './recordings.ts';

/** One page of hits: so many, or as far as so much time and so many bytes go. Then it is asked whether to go on. */
export const HITS_MOST = 100;
const MS_MOST = 3000;
const BYTES_MOST = 256 << 20;
/** What is shown around a hit. */
const AROUND = 60;

const gate = new Semaphore(2, 8);

export const RecordingQuery = z.object({
  text: z.string().min(1).max(200),
  /** Only in this one. */
  only: z.uuid().optional(),
  /** Where the page before stopped: a recording, and a byte of it at which a line begins. */
  after: z.object({ id: z.uuid(), from: z.number().int().min(0) }).optional(),
});
export type RecordingQuery = z.output<typeof RecordingQuery>;

export interface RecordingHit {
  recording: Pick<RecordingRow, 'id' | 'title' | 'startedAt'>;
  seconds: number;
  before: string;
  match: string;
  after: string;
}

export interface RecordingHits {
  hits: RecordingHit[];
  next: { id: string; from: number } | null;
}

/**
 * Looks for a text, upper or lower case, in what terminals showed, the newest recording first.
 * @throws AppError denied, unavailable when too many search
 */
export async function searchRecordings(app: App, actor: Actor, query: RecordingQuery, bounds = { ms: MS_MOST, bytes: BYTES_MOST }): Promise<RecordingHits> {
  need(actor, 'recordings.read');
  const done = await gate.run(() => search(app, query, bounds));
  if (!done) throw new AppError('unavailable', (t) => t.recordings.busy, { retryAfter: 3 });
  if (!query.after) record(app, actor, { action: 'recordings.search', target: query.only ?? '', params: { text: query.text } });
  return done.value;
}

async function search(app: App, { text, only, after }: RecordingQuery, bounds: { ms: number; bytes: number }): Promise<RecordingHits> {
  const rows = newestFirst(app).filter(({ id }) => (only === undefined || id === only) && (!after || id <= after.id));
  const until = app.clock.monotonic() + bounds.ms;
  const hits: RecordingHit[] = [];
  let left = bounds.bytes;
  const wanted = text.toLowerCase();
  for (const row of rows) {
    const plain = new PlainText((line) => findIn(line, wanted, row, hits));
    let at = after?.id === row.id ? after.from : 0;
    try {
      for await (const { events, next } of readCast(recordingPath(app, row.id), at)) {
        for (const event of events) {
          if (hits.length >= HITS_MOST) return { hits, next: { id: row.id, from: event.at } };
          if (event.kind === 'o') plain.push(event.text, event.seconds);
        }
        left -= next - at;
        at = next;
        if (left <= 0 || app.clock.monotonic() > until) return { hits, next: { id: row.id, from: at } };
      }
    } catch (error) {
      // Its file has gone: the page of the recording says so.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    plain.end();
    if (hits.length >= HITS_MOST) return { hits, next: nextRow(rows, row) };
  }
  return { hits, next: null };
}

function nextRow(rows: readonly RecordingRow[], row: RecordingRow) {
  const next = rows[rows.indexOf(row) + 1];
  return next ? { id: next.id, from: 0 } : null;
}

function findIn(line: PlainLine, wanted: string, { id, title, startedAt }: RecordingRow, hits: RecordingHit[]) {
  const low = line.text.toLowerCase();
  // The first of a line is enough to get there.
  const at = low.indexOf(wanted);
  if (at < 0) return;
  const end = at + wanted.length;
  const { text } = line;
  hits.push({
    recording: { id, title, startedAt }, seconds: secondsAt(line, end),
    before: clean(text.slice(Math.max(0, at - AROUND), at)), match: clean(text.slice(at, end)), after: clean(text.slice(end, end + AROUND)),
  });
}

/** Without what turns the direction of text around, and halves of characters. */
const clean = (text: string) => text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').toWellFormed();
