import type { Format } from '../../i18n/format.ts';
import type { Messages } from '../../i18n/en.ts';
import type { Range } from '../../core/metrics/history.ts';
import { peakOf, roundTop, type ChartPoint, type Columns } from './series.ts';

export type ChartName = 'cpu' | 'memory' | 'network' | 'disk';
export const CHARTS: readonly ChartName[] = ['cpu', 'memory', 'network', 'disk'];

type Column = Exclude<keyof ChartPoint, 'at'>;

/** Which columns each chart draws, first and second series. */
export const LINES = {
  cpu: ['cpu'],
  memory: ['memoryUsed'],
  network: ['netRx', 'netTx'],
  disk: ['diskRead', 'diskWrite'],
} as const satisfies Record<ChartName, readonly Column[]>;

/** How wide each range is, in ms. */
export const SPAN: Record<Range, number> = { live: 300_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000, '30d': 30 * 86_400_000 };

/** A value of a chart with its unit. */
export function say(name: ChartName, value: number, fmt: Format, memoryTotal: number): string {
  if (name === 'cpu') return fmt.percent(value);
  if (name === 'memory') return fmt.percent(memoryTotal ? (100 * value) / memoryTotal : 0);
  return name === 'network' ? fmt.bits(value) : fmt.rate(value);
}

/** The top of the chart in the unit of its columns: 100 % or a round rate. */
export function topOf(name: ChartName, columns: Columns, memoryTotal: number): number {
  if (name === 'cpu') return 100;
  if (name === 'memory') return memoryTotal || 1;
  const peak = peakOf(LINES[name].map((line) => columns[line]))?.value ?? 0;
  // Networks are read in bits: 8 times rounder numbers.
  return name === 'network' ? roundTop(peak * 8, 8000) / 8 : roundTop(peak, 1000);
}

export interface Drawn {
  name: ChartName;
  top: number;
  topText: string;
  halfText: string;
  peak: { text: string; at: number } | null;
  label: string;
}

/** What stands around a chart: the values of its lines, its peak, its words for those who do not see it. */
export function describe(name: ChartName, columns: Columns, memoryTotal: number, fmt: Format, t: Messages['dashboard']): Drawn {
  const top = topOf(name, columns, memoryTotal);
  const found = peakOf(LINES[name].map((line) => columns[line]));
  const peak = found ? { text: say(name, found.value, fmt, memoryTotal), at: columns.at[found.index]! } : null;
  const now = LINES[name].map((line) => columns[line].at(-1) ?? null).map((value) => (value === null ? t.noValue : say(name, value, fmt, memoryTotal)));
  const [first = t.noValue, second = t.noValue] = now;
  const value = name === 'network' ? t.inOut({ in: first, out: second }) : name === 'disk' ? t.readWrite({ read: first, write: second }) : first;
  return {
    name, top, peak,
    topText: say(name, top, fmt, memoryTotal),
    halfText: say(name, top / 2, fmt, memoryTotal),
    label: t.chartOf[name]({ value, peak: peak?.text ?? t.noValue }),
  };
}
