import { and, asc, eq, gte } from 'drizzle-orm';
import type { Db } from '../../db/open.ts';
import { samples } from '../../db/schema/samples.ts';
import type { Mount } from '../../platform/metrics.ts';
import { readParts } from './row.ts';

/** A file system with what the trend says. */
export interface MountUse extends Mount {
  /** Whole days until it is full at the pace of the last days; null when it does not grow or too little is known. */
  fullInDays: number | null;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LOOK_BACK = 7 * DAY;
/** Less says nothing about days. */
const NEEDED = 6 * HOUR;
const POINTS_MAX = 96;
/** Beyond this it is no forecast. */
const FAR = 1000;

/** What ordinary users can fill: blocks kept for root are neither used nor theirs. */
export const capacityOf = (mount: Mount) => mount.used + mount.free;

/**
 * Days until `capacity` at the pace of `points`: the median of the slopes between all pairs (Theil–Sen), so that one
 * big file that came and went, or a log that is cut every night, does not decide. Null unless most pairs grow.
 */
export function daysUntilFull(points: readonly { at: number; used: number }[], capacity: number, now: { at: number; used: number }): number | null {
  const first = points[0];
  if (!first || now.at - first.at < NEEDED) return null;
  const stride = Math.ceil(points.length / POINTS_MAX);
  const some = points.filter((_, i) => i % stride === 0);
  const slopes: number[] = [];
  for (let i = 0; i < some.length; i++) {
    for (let j = i + 1; j < some.length; j++) {
      const time = some[j]!.at - some[i]!.at;
      if (time > 0) slopes.push((some[j]!.used - some[i]!.used) / time);
    }
  }
  if (slopes.length < 6) return null;
  slopes.sort((a, b) => a - b);
  const slope = slopes[slopes.length >> 1]!;
  const growing = slopes.filter((s) => s > 0).length;
  if (slope <= 0 || growing < slopes.length * 0.6) return null;
  const days = Math.max(0, capacity - now.used) / slope / DAY;
  return days > FAR ? null : Math.floor(days);
}

/** Use of each mount over the last week, from rows of 15 min. */
export function readMountTrend(db: Db, now: number): Map<string, { at: number; used: number }[]> {
  const rows = db.select({ at: samples.at, parts: samples.parts }).from(samples)
    .where(and(eq(samples.step, 900), gte(samples.at, now - LOOK_BACK))).orderBy(asc(samples.at)).all();
  const trend = new Map<string, { at: number; used: number }[]>();
  for (const { at, parts } of rows) {
    if (at > now) continue;
    for (const [path, [used]] of Object.entries(readParts(parts).m ?? {})) {
      const points = trend.get(path);
      if (points) points.push({ at, used });
      else trend.set(path, [{ at, used }]);
    }
  }
  return trend;
}
