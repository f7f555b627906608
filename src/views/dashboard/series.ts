import type { Sample } from '../../core/metrics/sample.ts';

/** One moment of the charts, however it was recorded: live or rolled up. Percent, bytes and bytes per second; null where nothing is known. */
export interface ChartPoint {
  at: number;
  cpu: number | null;
  load1: number | null;
  memoryUsed: number | null;
  memoryCache: number | null;
  swapUsed: number | null;
  netRx: number | null;
  netTx: number | null;
  diskRead: number | null;
  diskWrite: number | null;
}

/** The same in columns: what the charts draw and what the page carries as JSON. */
export type Columns = { [K in keyof ChartPoint]: K extends 'at' ? number[] : (number | null)[] };

export const COLUMNS = [
  'at', 'cpu', 'load1', 'memoryUsed', 'memoryCache', 'swapUsed', 'netRx', 'netTx', 'diskRead', 'diskWrite',
] as const satisfies readonly (keyof ChartPoint)[];

/** Four figures are more than a chart or its tip shows; the rest would be a third of the bytes of the page. */
function short(n: number | null): number | null {
  if (n === null) return null;
  if (n < 1000) return Math.round(n * 100) / 100;
  const unit = n < 1e6 ? 1 : n < 1e9 ? 1000 : 1e6;
  return Math.round(n / unit) * unit;
}

export function toColumns(points: readonly ChartPoint[]): Columns {
  const column = (name: keyof ChartPoint) => points.map((point) => (name === 'at' ? point.at : short(point[name] ?? null)));
  return Object.fromEntries(COLUMNS.map((name) => [name, column(name)])) as Columns;
}

export function pointOf(sample: Sample): ChartPoint {
  return {
    at: sample.at,
    cpu: sample.cpu,
    load1: sample.load?.[0] ?? null,
    memoryUsed: sample.memory?.used ?? null,
    memoryCache: sample.memory?.cache ?? null,
    swapUsed: sample.memory?.swapUsed ?? null,
    netRx: sample.network?.rx ?? null,
    netTx: sample.network?.tx ?? null,
    diskRead: sample.disk?.read ?? null,
    diskWrite: sample.disk?.write ?? null,
  };
}

/** Nobody watched: then samples are 10 s apart. More is a gap. */
const GAP_MS = 12_000;

/** The samples in memory as columns, from `from` on; where the panel was off or the machine slept there is a gap. */
export function liveColumns(samples: readonly Sample[], from: number): Columns {
  const points: ChartPoint[] = [];
  for (const sample of samples) {
    if (sample.at < from) continue;
    const last = points.at(-1);
    if (last && sample.at - last.at > GAP_MS) points.push({ ...NOTHING, at: last.at + 1000 });
    points.push(pointOf(sample));
  }
  return toColumns(points);
}

const NOTHING: Omit<ChartPoint, 'at'> = {
  cpu: null, load1: null, memoryUsed: null, memoryCache: null, swapUsed: null, netRx: null, netTx: null, diskRead: null, diskWrite: null,
};

/** The highest value of some columns and where it is; null when all is unknown. */
export function peakOf(columns: readonly (readonly (number | null)[])[]): { value: number; index: number } | null {
  let found: { value: number; index: number } | null = null;
  for (const column of columns) {
    column.forEach((value, index) => {
      if (value !== null && (!found || value > found.value)) found = { value, index };
    });
  }
  return found;
}

const STEPS = [1, 2, 3, 4, 5, 6, 8, 10];

/** The top of an axis: the next round number above `peak`, at least `least`. The browser does the same (public/js/dashboard/scale.js). */
export function roundTop(peak: number, least: number): number {
  if (!(peak > least)) return least;
  const power = 10 ** Math.floor(Math.log10(peak));
  const step = STEPS.find((n) => n * power >= peak) ?? 10;
  return step * power;
}

/**
 * A line and the area under it as SVG paths in a box of 300 × 100 that the page stretches. Gaps stay gaps.
 * At most 150 places across; where several points share one, the highest is drawn, so that no spike is lost.
 */
export function svgPaths(at: readonly number[], values: readonly (number | null)[], box: { from: number; to: number; top: number }): { line: string; area: string } {
  const PLACES = 150;
  const places: (number | null | undefined)[] = Array.from({ length: PLACES + 1 });
  const width = Math.max(1, box.to - box.from);
  at.forEach((time, i) => {
    const place = Math.round(((time - box.from) / width) * PLACES);
    if (place < 0 || place > PLACES) return;
    const value = values[i] ?? null;
    const known = places[place];
    if (value === null) places[place] ??= null;
    else if (known === undefined || known === null || value > known) places[place] = value;
  });
  let line = '';
  let area = '';
  let run: string[] = [];
  let first = 0;
  let last = 0;
  const close = () => {
    if (!run.length) return;
    line += `M${run.join('L')}`;
    area += `M${first} 100L${run.join('L')}L${last} 100z`;
    run = [];
  };
  places.forEach((value, place) => {
    if (value === null) return close();
    if (value === undefined) return;
    const x = place * (300 / PLACES);
    const y = Math.round((100 - (100 * Math.min(value, box.top)) / (box.top || 1)) * 10) / 10;
    if (!run.length) first = x;
    last = x;
    run.push(`${x} ${y}`);
  });
  close();
  return { line, area };
}
