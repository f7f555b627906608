import { gt } from 'drizzle-orm';
import type { Db } from '../../db/open.ts';
import { samples } from '../../db/schema/samples.ts';
import { transaction } from '../../db/transaction.ts';
import { manualClock, type Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { bootTime, createFakeHost } from '../../platform/fake/host.ts';
import type { Look } from '../processes/looks.ts';
import { createMinutes } from '../processes/minutes.ts';
import { shownByDefault } from './choice.ts';
import { capacityOf } from './mounts.ts';
import { mergePieces, pieceOf, toRow } from './row.ts';
import { toSample, type Sample } from './sample.ts';
import type { Sampler } from './sampler.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Width in s → how far back: what the ranges of the charts show. */
const SPANS = [[10, HOUR], [60, DAY], [900, 7 * DAY], [3600, 30 * DAY]] as const;
/** Looks within a row, so that its highest CPU is not its average. */
const LOOKS = 2;
/** Every other minute: whoever asks for the one between gets the one before it. */
const MINUTES = 120_000;
const BATCH = 200;
/** What the live charts show, in s. */
const LIVE = 300;

/** A past for the made-up machine of `serve --demo`: without it every chart would begin empty. Rows are made once. */
export async function seedHistory({ db, clock, log, sampler }: { db: Db; clock: Clock; log: Log; sampler: Sampler }) {
  const now = clock.now();
  sampler.remember(await lastMinutes(now));
  if (db.select({ at: samples.at }).from(samples).where(gt(samples.at, now - HOUR)).limit(1).get()) return;
  const bootedAt = bootTime(now);
  const rows: (typeof samples.$inferInsert)[] = [];
  for (const [step, span] of SPANS) {
    const past = manualClock(Math.floor((now - span) / (step * 1000)) * step * 1000);
    const { metrics } = createFakeHost({ clock: past, bootedAt });
    let before = await metrics.read();
    for (let at = past.now(); at < now - step * 1000; at += step * 1000) {
      const mounts = Object.fromEntries((await metrics.mounts()).map((mount) => [mount.path, [mount.used, capacityOf(mount)] as [number, number]]));
      const pieces = [];
      for (let look = 0; look < LOOKS; look++) {
        past.advance((step * 1000) / LOOKS);
        const after = await metrics.read();
        pieces.push(pieceOf(toSample(before, after, past.now(), shownByDefault), step / LOOKS, mounts));
        before = after;
      }
      rows.push(toRow(step, at, mergePieces(pieces)));
    }
  }
  const past = manualClock(now - DAY);
  const { processes } = createFakeHost({ clock: past, bootedAt });
  const looks: Look[] = [];
  for (; past.now() < now - MINUTES; past.advance(MINUTES)) looks.push({ at: past.now(), rows: await processes.list(), cost: 0 });
  transaction(db, (tx) => {
    for (let i = 0; i < rows.length; i += BATCH) tx.insert(samples).values(rows.slice(i, i + BATCH)).onConflictDoNothing().run();
    const minutes = createMinutes(db, log);
    for (const look of looks) minutes.add(look, MINUTES);
    minutes.flush();
  });
}

/** The last five minutes, a sample a second: for the live charts, which are not kept in the database. */
async function lastMinutes(now: number): Promise<Sample[]> {
  const past = manualClock(now - LIVE * 1000);
  const { metrics } = createFakeHost({ clock: past, bootedAt: bootTime(now) });
  const found: Sample[] = [];
  let before = await metrics.read();
  for (let second = 1; second < LIVE; second++) {
    past.advance(1000);
    const after = await metrics.read();
    found.push(toSample(before, after, past.now(), shownByDefault, found.at(-1)));
    before = after;
  }
  return found;
}
