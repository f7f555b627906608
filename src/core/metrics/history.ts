import { and, asc, eq, gte, lte } from 'drizzle-orm';
import type { Db } from '../../db/open.ts';
import { samples } from '../../db/schema/samples.ts';
import type { App } from '../app.ts';
import { FIGURES, fromRow, mergePieces, pieceOf, type Figures, type Parts, type Piece } from './row.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What may be asked for: how far back, from rows of which width, joined to points of how many s. At most 720 points each. */
const PLANS = {
  live: { span: 5 * MINUTE, from: 0, step: 1 },
  '1h': { span: HOUR, from: 10, step: 10 },
  '24h': { span: DAY, from: 60, step: 120 },
  '7d': { span: 7 * DAY, from: 900, step: 900 },
  '30d': { span: 30 * DAY, from: 3600, step: 3600 },
} as const;

export type Range = keyof typeof PLANS;
export const RANGES = Object.keys(PLANS) as [Range, ...Range[]];

/** Averages over the step of a point; `cpuMax` is the highest. Percent, bytes and bytes a second; null: not known. */
export interface Point extends Figures {
  /** Where the point begins, ms since 1970. */
  at: number;
}

type Line = (number | null)[];

export interface History {
  range: Range;
  /** Seconds of a point. */
  step: number;
  from: number;
  to: number;
  /** In order of time. Where the panel was off, one point of nulls: a line that is drawn breaks there. */
  points: Point[];
  /** Parallel to `points`. */
  interfaces: { name: string; rx: Line; tx: Line }[];
  disks: { name: string; read: Line; write: Line }[];
  sensors: { name: string; celsius: Line }[];
  mounts: { path: string; used: Line; capacity: Line }[];
}

type Placed = { at: number; piece: Piece };

/** What was measured in the time up to now. */
export function readHistory(app: Pick<App, 'db' | 'clock' | 'sampler'>, range: Range): History {
  const { span, from: width, step } = PLANS[range];
  const to = app.clock.now();
  const from = to - span;
  const placed = range === 'live' ? liveRows(app, from, to) : joined(app.db, width, step * 1000, from, to);
  // Nobody watched: then live points are 10 s apart.
  return { range, step, from, to, ...toLines(withGaps(placed, range === 'live' ? 12_000 : step * 1500)) };
}

function liveRows(app: Pick<App, 'sampler'>, from: number, to: number): Placed[] {
  return app.sampler.recent().filter(({ at }) => at >= from && at <= to).map((sample) => ({ at: sample.at, piece: pieceOf(sample, 1) }));
}

/** Rows of `width` s, joined to points of `step` ms. */
function joined(db: Db, width: number, step: number, from: number, to: number): Placed[] {
  const first = Math.floor(from / step) * step;
  const rows = db.select().from(samples)
    .where(and(eq(samples.step, width), gte(samples.at, first), lte(samples.at, to))).orderBy(asc(samples.at)).all();
  const placed: Placed[] = [];
  for (let i = 0; i < rows.length; ) {
    const at = Math.floor(rows[i]!.at / step) * step;
    const pieces: Piece[] = [];
    for (; i < rows.length && rows[i]!.at < at + step; i++) pieces.push(fromRow(rows[i]!));
    placed.push({ at, piece: mergePieces(pieces) });
  }
  return placed;
}

const NOTHING: Piece = { weight: 0, ...(Object.fromEntries(FIGURES.map((figure) => [figure, null])) as Figures), parts: {} };

/** `tolerance` ms may lie between neighbours; more is a gap. */
function withGaps(placed: readonly Placed[], tolerance: number): Placed[] {
  return placed.flatMap((row, i) => {
    const before = placed[i - 1];
    return before && row.at - before.at > tolerance ? [{ at: before.at + tolerance, piece: NOTHING }, row] : [row];
  });
}

function toLines(placed: readonly Placed[]): Pick<History, 'points' | 'interfaces' | 'disks' | 'sensors' | 'mounts'> {
  const names = (key: keyof Parts) => {
    const seen = new Set<string>();
    for (const { piece } of placed) for (const name in piece.parts[key]) seen.add(name);
    return [...seen].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  };
  const pair = (key: 'i' | 'd' | 'm', name: string, index: 0 | 1): Line => placed.map(({ piece }) => piece.parts[key]?.[name]?.[index] ?? null);
  return {
    points: placed.map(({ at, piece }) => toPoint(at, piece)),
    interfaces: names('i').map((name) => ({ name, rx: pair('i', name, 0), tx: pair('i', name, 1) })),
    disks: names('d').map((name) => ({ name, read: pair('d', name, 0), write: pair('d', name, 1) })),
    sensors: names('s').map((name) => ({ name, celsius: placed.map(({ piece }) => piece.parts.s?.[name] ?? null) })),
    mounts: names('m').map((path) => ({ path, used: pair('m', path, 0), capacity: pair('m', path, 1) })),
  };
}

function toPoint(at: number, piece: Piece): Point {
  const point = { at } as Point;
  for (const figure of FIGURES) {
    const value = piece[figure];
    point[figure] = value === null ? null : figure === 'load1' || figure.startsWith('cpu') ? Math.round(value * 100) / 100 : Math.round(value);
  }
  return point;
}
