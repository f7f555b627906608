import { createGunzip, createZstdDecompress } from 'node:zlib';
import { Readable } from 'node:stream';
import { AppError } from '../../../lib/errors.ts';
import { createTurns } from '../../../lib/turns.ts';
import { MESSAGE_MOST, type LogEntry, type LogFilter, type LogPage, type PageWish } from '../../../platform/logs.ts';
import type { Source } from '../../files/windows/source.ts';
import { isPacked } from '../query.ts';
import { parseLine } from './line.ts';
import { linesBefore, linesOf, piecesOf, type FileLine, type Pieces } from './lines.ts';

/** Letters of a page. */
const LETTERS_MOST = 1 << 20;
/** Lines without a time wait for the one before them, which has it: a stack trace is as old as its first line. */
const PENDING_MOST = 2000;
/** Requests are written down when they are done: their times are in order only so far. */
const DISORDER_MS = 120_000;

/** Where a line begins, and in which file: another one may have its name by now. */
export const fileCursor = (id: string, at: number) => `f:${id}:${at}`;

/** @throws AppError invalid, not_found when the name belongs to another file now */
export function placeOf(cursor: string, id: string): number {
  const found = /^f:(\d{1,20}:\d{1,20}):(\d{1,15})$/.exec(cursor);
  if (!found) throw new AppError('invalid', (t) => t.errors.badCursor, { field: 'cursor' });
  if (found[1] !== id) throw new AppError('not_found', (t) => t.logs.rotated);
  return Number(found[2]);
}

/** An entry, and the whole of its line: that is what a text is looked for in. */
export interface ReadLine {
  entry: LogEntry;
  text: string;
}

/** A line as an entry. @param now for times without a year */
export function readLine(id: string, line: FileLine, now: number): ReadLine {
  const text = line.bytes.toString('utf8').replace(/\r$/, '');
  return { text, entry: { ...parseLine(text, now), unit: null, cut: line.cut || text.length > MESSAGE_MOST, cursor: fileCursor(id, line.from) } };
}

/** Does a line fit? Where it tells no time, the one that counts for it is given. */
export function fits({ priority, identifier, match, since, until }: LogFilter, { entry, text }: ReadLine, at: number | null): boolean {
  if (priority !== undefined && (entry.priority === null || entry.priority > priority)) return false;
  if (identifier !== undefined && entry.identifier !== identifier) return false;
  if (since !== undefined && (at === null || at < since)) return false;
  if (until !== undefined && (at === null || at > until)) return false;
  return !match || match.test(text);
}

type Wish = PageWish & { now: number; may(bytes: Buffer): boolean | Promise<boolean> };

/**
 * A page of a file, read backwards from its end in blocks, so that a file of gigabytes costs no more than what is shown; a packed
 * one is unpacked from its beginning, and only a page of it is held.
 */
export async function readFilePage(source: Source, path: string, filter: LogFilter, wish: Wish): Promise<LogPage> {
  const place = wish.from === null ? null : placeOf(wish.from, source.id);
  const over = AbortSignal.timeout(wish.patience);
  const signal = wish.signal ? AbortSignal.any([wish.signal, over]) : over;
  const page = createPage(source.id, filter, wish);
  if (isPacked(path)) await packedPage(source, path, place, wish, page, signal);
  else if (wish.to === 'newer') await forwards(linesOf(piecesOf(source, place ?? 0, source.size), place ?? 0), place, page, signal);
  else await backwards(source, place ?? (await endFor(source, filter, wish.now)), page, signal, wish.may);
  const late = signal.aborted && !page.full();
  const entries = wish.to === 'older' && !isPacked(path) ? page.found.toReversed() : page.found;
  return { entries, more: page.full() || late, late };
}

interface Gathering {
  readonly found: LogEntry[];
  full(): boolean;
  /** Takes a line that counts for this time. */
  take(line: ReadLine, at: number | null): void;
  read(line: FileLine): ReadLine;
  filter: LogFilter;
}

function createPage(id: string, filter: LogFilter, { limit, now }: Wish): Gathering {
  const found: LogEntry[] = [];
  let letters = 0;
  let full = false;
  return {
    found, filter, full: () => full,
    read: (line) => readLine(id, line, now),
    take(line, at) {
      if (full || !fits(filter, line, at)) return;
      if (found.length === limit || letters > LETTERS_MOST) return void (full = true);
      found.push(line.entry);
      letters += line.entry.message.length;
    },
  };
}

async function backwards(source: Source, to: number, page: Gathering, signal: AbortSignal, may: Wish['may']): Promise<void> {
  const { since } = page.filter;
  const timed = since !== undefined || page.filter.until !== undefined;
  const turn = createTurns();
  let pending: ReadLine[] = [];
  for await (const lines of linesBefore(source, to, may)) {
    for (const line of lines) {
      if (await turn(signal)) return;
      const read = page.read(line);
      const { at } = read.entry;
      if (timed && at === null) {
        if (pending.length < PENDING_MOST) pending.push(read);
        continue;
      }
      for (const each of pending) page.take(each, at);
      pending = [];
      page.take(read, at);
      if (page.full() || (since !== undefined && at !== null && at < since - DISORDER_MS)) return;
    }
    if (signal.aborted) return;
  }
}

async function forwards(portions: AsyncIterable<FileLine[]>, after: number | null, page: Gathering, signal: AbortSignal): Promise<void> {
  const turn = createTurns();
  let at: number | null = null;
  for await (const lines of portions) {
    for (const line of lines) {
      if (await turn(signal)) return;
      const read = page.read(line);
      at = read.entry.at ?? at;
      // The line that it goes on from is not in the page.
      if (after === null || line.from > after) page.take(read, at);
      if (page.full()) return;
    }
    if (signal.aborted) return;
  }
}

/** Of the older ones the last that fit are kept, as many as a page has. */
async function packedPage(source: Source, path: string, place: number | null, wish: Wish, page: Gathering, signal: AbortSignal): Promise<void> {
  const portions = linesOf(unpacked(source, path));
  if (wish.to === 'newer') return forwards(portions, place, page, signal);
  let at: number | null = null;
  const turn = createTurns();
  let kept: { read: ReadLine; at: number | null }[] = [];
  reading: for await (const lines of portions) {
    for (const line of lines) {
      if ((place !== null && line.from >= place) || (await turn(signal))) break reading;
      const read = page.read(line);
      at = read.entry.at ?? at;
      if (fits(page.filter, read, at)) kept.push({ read, at });
    }
    if (kept.length > 4 * wish.limit) kept = kept.slice(-wish.limit - 1);
    if (signal.aborted) break;
  }
  const newest = kept.slice(-wish.limit - 1).toReversed();
  for (const { read, at } of newest) page.take(read, at);
  page.found.reverse();
}

/** The bytes of a packed file. Broken ones end it with what came before. @throws AppError unavailable when nothing came */
export async function* unpacked(source: Source, path: string): Pieces & AsyncGenerator<Buffer> {
  const stream = path.endsWith('.zst') ? createZstdDecompress() : createGunzip();
  const input = Readable.from(piecesOf(source, 0, source.size), { objectMode: false });
  input.on('error', (error) => stream.destroy(error));
  input.pipe(stream);
  let some = false;
  try {
    for await (const bytes of stream) {
      some = true;
      yield bytes as Buffer;
    }
  } catch (cause) {
    if (!some) throw new AppError('unavailable', (t) => t.logs.broken, { cause });
  } finally {
    input.destroy();
    stream.destroy();
  }
}

const PROBE = 64 << 10;

/** Where to begin for a time of the past: halved again and again, as the lines of a log are in order. */
async function endFor(source: Source, { until }: LogFilter, now: number): Promise<number> {
  if (until === undefined) return source.size;
  let [low, high] = [0, source.size];
  while (high - low > 4 * PROBE) {
    const middle = Math.floor((low + high) / 2);
    const bytes = await source.read(middle, PROBE);
    const at = firstTime(bytes, now);
    if (at === null) break;
    if (at > until + DISORDER_MS) high = middle;
    else low = middle;
  }
  // Up to the end of the line that was found.
  if (high === source.size) return high;
  const bytes = await source.read(high, PROBE);
  return high + bytes.indexOf(0x0a) + 1;
}

function firstTime(bytes: Buffer, now: number): number | null {
  for (let at = bytes.indexOf(0x0a) + 1; at > 0; at = bytes.indexOf(0x0a, at) + 1) {
    const end = bytes.indexOf(0x0a, at);
    const told = parseLine(bytes.toString('utf8', at, Math.min(end < 0 ? bytes.length : end, at + 1000)), now).at;
    if (told !== null) return told;
  }
  return null;
}
