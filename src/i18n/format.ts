import type { Lang } from './languages.ts';
import { messages } from './languages.ts';

/** A number and its unit apart, for figures that print the unit smaller. */
export interface Figure {
  value: string;
  unit: string;
}

/** Two amounts in the unit of the larger one: `9.8 / 15.6 GB`. */
export interface Pair {
  used: string;
  total: string;
  unit: string;
}

/** Numbers, sizes and times in the reader's language. One frozen object per language and time zone. */
export interface Format {
  /** 1234567 → `1,234,567`; at most `digits` decimals (0). */
  number(n: number, digits?: number): string;
  /** 23.4 → `23%`. Takes 0…100, not 0…1. */
  percent(n: number, digits?: number): string;
  /** Disks, files, traffic: 62_400_000_000 → `62.4 GB` (powers of 1000). */
  bytes(n: number): string;
  bytesFigure(n: number): Figure;
  bytesPair(used: number, total: number): Pair;
  /** Memory: 1_050_000_000 → `1001 MB` (powers of 1024, labelled as every task viewer does). */
  memory(n: number): string;
  memoryFigure(n: number): Figure;
  memoryPair(used: number, total: number): Pair;
  /** Bytes per second: `4.2 MB/s`. */
  rate(bytesPerSecond: number): string;
  rateFigure(bytesPerSecond: number): Figure;
  /** Takes bytes per second, says bits, as networks are sold: `12.4 Mb/s`. */
  bits(bytesPerSecond: number): string;
  bitsFigure(bytesPerSecond: number): Figure;
  /** The two largest units: `41 days 6 h`, `5 min 20 s`, `350 ms`. */
  duration(ms: number): string;
  /** Under a day `12 min ago` or `in 5 min`; else the date. */
  relative(at: number, now: number): string;
  /** `Nov 22`, with the year when it is not this one. */
  date(at: number, now?: number): string;
  /** `21:24` or `21:24:48`, always 24 hours. */
  time(at: number, seconds?: boolean): string;
  /** `Nov 22, 2026, 21:24`. */
  dateTime(at: number): string;
  /** `Nov 22, 2026, 21:24:48 UTC`: for titles and logs. */
  full(at: number): string;
  list(items: readonly string[]): string;
}

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
const RATES = ['B/s', 'KB/s', 'MB/s', 'GB/s', 'TB/s', 'PB/s'];
const BITS = ['b/s', 'Kb/s', 'Mb/s', 'Gb/s', 'Tb/s', 'Pb/s'];

/** How many times to divide by `base` so that fewer than `base` are left, also after rounding: 999.6 KB is 1.0 MB. */
function step(n: number, base: number): number {
  let size = Math.abs(n);
  let i = 0;
  while (i < SIZES.length - 1 && size >= base - 0.5) {
    size /= base;
    i++;
  }
  return i;
}

/** Three figures are enough to read: 0.31, 9.8, 62.4, 612. */
function digitsFor(size: number): number {
  const n = Math.abs(size);
  return n === 0 ? 0 : n < 0.995 ? 2 : n < 99.95 ? 1 : 0;
}

const cache = new Map<string, Format>();

/** The formatter of a language; `timeZone` is the machine's own unless given (tests). Cached: `Intl` objects are slow to make. */
export function createFormat(lang: Lang, timeZone?: string): Format {
  const key = `${lang} ${timeZone ?? ''}`;
  let made = cache.get(key);
  if (!made) {
    made = create(lang, timeZone);
    cache.set(key, made);
  }
  return made;
}

function create(lang: Lang, timeZone: string | undefined): Format {
  const t = messages(lang).parts;
  const zone = timeZone ? { timeZone } : {};
  const numbers = [0, 1, 2, 3].map((maximumFractionDigits) => new Intl.NumberFormat(lang, { maximumFractionDigits }));
  const fixed = [0, 1, 2].map(
    (d) => new Intl.NumberFormat(lang, { minimumFractionDigits: d, maximumFractionDigits: d, useGrouping: false }),
  );
  const dates = {
    day: new Intl.DateTimeFormat(lang, { ...zone, month: 'short', day: 'numeric' }),
    year: new Intl.DateTimeFormat(lang, { ...zone, year: 'numeric', month: 'short', day: 'numeric' }),
    minute: new Intl.DateTimeFormat(lang, { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    second: new Intl.DateTimeFormat(lang, {
      ...zone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    }),
    both: new Intl.DateTimeFormat(lang, {
      ...zone,
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
    full: new Intl.DateTimeFormat(lang, {
      ...zone,
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    }),
    yearOnly: new Intl.DateTimeFormat('en', { ...zone, year: 'numeric' }),
  };

  const number = (n: number, digits = 0) => numbers[Math.min(digits, 3)]!.format(n === 0 ? 0 : n);
  const fix = (n: number, digits: number) => fixed[digits]!.format(n);

  const figure = (n: number, base: number, units: readonly string[]): Figure => {
    if (!Number.isFinite(n)) return { value: '–', unit: units[0]! };
    const i = step(n, base);
    const size = n / base ** i;
    return { value: fix(size, i === 0 ? 0 : digitsFor(size)), unit: units[i]! };
  };
  const pair = (used: number, total: number, base: number): Pair => {
    const i = step(total, base);
    const size = (n: number) => (i === 0 ? fix(n, 0) : fix(n / base ** i, digitsFor(n / base ** i)));
    return { used: size(used), total: size(total), unit: SIZES[i]! };
  };
  const join = (f: Figure) => `${f.value} ${f.unit}`;

  const bytesFigure = (n: number) => figure(n, 1000, SIZES);
  const memoryFigure = (n: number) => figure(n, 1024, SIZES);
  const rateFigure = (n: number) => figure(n, 1000, RATES);
  const bitsFigure = (n: number) => figure(n * 8, 1000, BITS);

  const duration = (ms: number): string => {
    const { time } = t;
    if (ms < 1000) return time.millisecond({ n: Math.max(0, Math.round(ms)) });
    const s = Math.floor(ms / 1000);
    if (s < 10) return time.second({ n: number(ms / 1000, 1) });
    const days = Math.floor(s / 86400);
    const hours = Math.floor((s % 86400) / 3600);
    const minutes = Math.floor((s % 3600) / 60);
    const two = (a: string, n: number, b: string) => (n > 0 ? a + time.join + b : a);
    if (days > 0) return two(time.day({ n: days }), hours, time.hour({ n: hours }));
    if (hours > 0) return two(time.hour({ n: hours }), minutes, time.minute({ n: minutes }));
    if (minutes > 0) return two(time.minute({ n: minutes }), s % 60, time.second({ n: s % 60 }));
    return time.second({ n: s });
  };

  const date = (at: number, now?: number) =>
    now !== undefined && dates.yearOnly.format(at) === dates.yearOnly.format(now)
      ? dates.day.format(at)
      : dates.year.format(at);

  // The browser repeats these steps in public/js/time.js: change both.
  const relative = (at: number, now: number): string => {
    const minutes = Math.floor(Math.abs(now - at) / 60_000);
    const past = at <= now;
    if (minutes < 1) return past ? t.time.now : t.time.soon;
    if (minutes < 60) return past ? t.time.minutesAgo({ n: minutes }) : t.time.inMinutes({ n: minutes });
    const hours = Math.floor(minutes / 60);
    if (hours < 24) return past ? t.time.hoursAgo({ n: hours }) : t.time.inHours({ n: hours });
    return date(at, now);
  };

  return Object.freeze({
    number,
    percent: (n: number, digits = 0) => `${number(n, digits)}%`,
    bytes: (n: number) => join(bytesFigure(n)),
    bytesFigure,
    bytesPair: (used: number, total: number) => pair(used, total, 1000),
    memory: (n: number) => join(memoryFigure(n)),
    memoryFigure,
    memoryPair: (used: number, total: number) => pair(used, total, 1024),
    rate: (n: number) => join(rateFigure(n)),
    rateFigure,
    bits: (n: number) => join(bitsFigure(n)),
    bitsFigure,
    duration,
    relative,
    date,
    time: (at: number, seconds = false) => (seconds ? dates.second : dates.minute).format(at),
    dateTime: (at: number) => dates.both.format(at),
    full: (at: number) => dates.full.format(at),
    list: (items: readonly string[]) => items.join(t.list.comma),
  });
}
