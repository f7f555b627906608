import { and, asc, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Db } from '../../db/open.ts';
import { samples } from '../../db/schema/samples.ts';
import { transaction } from '../../db/transaction.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { getSetting } from '../settings/settings.ts';
import { fromRow, mergePieces, pieceOf, toRow, type Parts, type Piece } from './row.ts';
import type { Sample } from './sample.ts';

/** Widths of rows in s, fine to coarse; each is made of the one before. Hours are for the chart of 30 days. */
export const STEPS = [10, 60, 900, 3600] as const;
const COARSE = [60, 900, 3600] as const;

export interface Recorder {
  add(sample: Sample, seconds: number): void;
  /** What the next row says of mounts. */
  noteMounts(mounts: NonNullable<Parts['m']>): void;
  /** Writes what is only in memory: the panel stops. */
  flush(): void;
}

interface Needs {
  db: Db;
  clock: Clock;
  log: Log;
}

interface Bucket {
  at: number;
  pieces: Piece[];
}

/** While the disk is full this many rows wait in memory: an hour. */
const WAITING_MAX = 360;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BATCH = 500;

const floor = (at: number, step: number) => Math.floor(at / (step * 1000)) * step * 1000;

/**
 * Writes a row every 10 s and rolls up to 1 min, 15 min and 1 h. A row that is there already is merged, never replaced and
 * never doubled: a panel that starts again within 10 s and a wall clock that jumps back lose nothing.
 */
export function createRecorder({ db, clock, log }: Needs): Recorder {
  let bucket: Bucket | undefined;
  let mounts: Parts['m'];
  let waiting: { at: number; piece: Piece }[] = [];
  /** Minutes with rows of 10 s that no row of a minute holds yet. */
  let open = new Set<number>();
  let failing = false;
  let cleanedAt = -Infinity;
  const calm = createCalm(db, clock);

  function close() {
    if (!bucket) return;
    const piece = mergePieces(bucket.pieces);
    if (mounts) piece.parts = { ...piece.parts, m: mounts };
    mounts = undefined;
    waiting.push({ at: bucket.at, piece });
    if (waiting.length > WAITING_MAX) waiting.shift();
    bucket = undefined;
  }

  /**
   * Everything that waits, and the coarse rows of the minutes that are over, in one transaction: a crash leaves all
   * of it or nothing. `current` is the minute that goes on.
   */
  function write(current: number | null) {
    if (waiting.length === 0) return;
    const minutes = new Set([...open, ...waiting.map(({ at }) => floor(at, 60))]);
    const over = [...minutes].filter((minute) => minute !== current);
    try {
      transaction(db, (tx) => {
        for (const { at, piece } of waiting) mergeInto(tx, 10, at, piece);
        for (const step of COARSE) for (const at of new Set(over.map((minute) => floor(minute, step)))) rollUp(tx, step, at);
      });
      waiting = [];
      open = new Set([...minutes].filter((minute) => minute === current));
      if (failing) log.info('history is written again');
      failing = false;
    } catch (error) {
      // Once, not every 10 s: a full disk has enough to write as it is.
      if (!failing) log.error('history cannot be written; the last hour is kept in memory', { error: error as Error });
      failing = true;
    }
  }

  function clean() {
    const now = clock.monotonic();
    if (failing || now - cleanedAt < 60_000 || !calm.now()) return;
    cleanedAt = now;
    try {
      deleteOld(db, clock.now());
    } catch (error) {
      log.warn('old history cannot be deleted', { error: error as Error });
    }
  }

  try {
    catchUp(db);
  } catch (error) {
    log.warn('history of before the start cannot be rolled up', { error: error as Error });
  }

  return {
    add(sample, seconds) {
      calm.see();
      const at = floor(sample.at, 10);
      if (bucket && bucket.at !== at) {
        close();
        write(floor(at, 60));
        clean();
      }
      bucket ??= { at, pieces: [] };
      bucket.pieces.push(pieceOf(sample, seconds));
    },
    noteMounts: (now) => void (mounts = now),
    flush() {
      close();
      write(null);
    },
  };
}

type Tx = Pick<Db, 'select' | 'insert' | 'delete'>;

const place = (step: number, at: number) => and(eq(samples.step, step), eq(samples.at, at));

function put(tx: Tx, step: number, at: number, piece: Piece) {
  const row = toRow(step, at, piece);
  tx.insert(samples).values(row).onConflictDoUpdate({ target: [samples.step, samples.at], set: row }).run();
}

function mergeInto(tx: Tx, step: number, at: number, piece: Piece) {
  const there = tx.select().from(samples).where(place(step, at)).get();
  put(tx, step, at, there ? mergePieces([fromRow(there), piece]) : piece);
}

/**
 * Makes a coarse row of the finer ones. The same twice gives the same row; when the finer ones know less than the row
 * that is there (they were deleted, the clock jumped back by days), that row stays.
 */
function rollUp(tx: Tx, step: (typeof COARSE)[number], at: number) {
  const finer = STEPS[STEPS.indexOf(step) - 1]!;
  const rows = tx.select().from(samples)
    .where(and(eq(samples.step, finer), gte(samples.at, at), lt(samples.at, at + step * 1000))).orderBy(asc(samples.at)).all();
  if (rows.length === 0) return;
  const piece = mergePieces(rows.map(fromRow));
  const there = tx.select({ weight: samples.weight }).from(samples).where(place(step, at)).get();
  if (!there || there.weight <= piece.weight + 0.001) put(tx, step, at, piece);
}

const newest = (db: Tx, step: number) =>
  db.select({ at: samples.at }).from(samples).where(eq(samples.step, step)).orderBy(desc(samples.at)).limit(1).get()?.at;

/** After a crash the last coarse rows may lack what the finer ones have. */
function catchUp(db: Db) {
  for (const step of COARSE) {
    const finer = STEPS[STEPS.indexOf(step) - 1]!;
    const to = newest(db, finer);
    if (to === undefined) return;
    const from = Math.max(newest(db, step) ?? 0, to - DAY);
    transaction(db, (tx) => {
      for (let at = floor(from, step); at <= to; at += step * 1000) rollUp(tx, step, at);
    });
  }
}

/**
 * Deleting waits for a day after the wall clock leapt forward: a machine that wakes up in 2099 for an hour
 * would otherwise lose all its history.
 */
function createCalm(db: Db, clock: Clock) {
  const last = newest(db, 10);
  let until = last !== undefined && clock.now() - last > DAY ? clock.monotonic() + DAY : -Infinity;
  let offset = clock.now() - clock.monotonic();
  return {
    see() {
      const now = clock.now() - clock.monotonic();
      if (now - offset > HOUR) until = clock.monotonic() + DAY;
      offset = now;
    },
    now: () => clock.monotonic() >= until,
  };
}

/** In small pieces, so that no request waits behind it. */
function deleteOld(db: Db, now: number) {
  const days = { 10: getSetting({ db }, 'historyDays10s'), 60: getSetting({ db }, 'historyDays1m'), 900: getSetting({ db }, 'historyDays15m'), 3600: getSetting({ db }, 'historyDays15m') };
  for (const step of STEPS) {
    const old = db.select({ at: samples.at }).from(samples)
      .where(and(eq(samples.step, step), lt(samples.at, now - days[step] * DAY))).orderBy(asc(samples.at)).limit(BATCH).all();
    if (old.length) db.delete(samples).where(and(eq(samples.step, step), inArray(samples.at, old.map(({ at }) => at)))).run();
  }
  // The busiest processes are kept as long as the minutes they belong to.
  db.run(sql`DELETE FROM process_minutes WHERE at IN (SELECT at FROM process_minutes WHERE at < ${now - days[60] * DAY} ORDER BY at LIMIT ${BATCH})`);
}
