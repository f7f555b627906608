import { encode, isUnwritable, type TextEncoding } from '../text/encodings.ts';
import { decode } from '../text/encodings.ts';
import type { Pattern } from '../search/pattern.ts';
import { AppError } from '../../../lib/errors.ts';
import { lineEndAfter, unitOf } from './bounds.ts';
import type { Source } from './source.ts';

const PIECE = 1 << 20;
/** An expression decodes what it looks at: smaller pieces, so that others get their turn. */
const DECODED = 512 << 10;

export type Found =
  | { at: number; to: number }
  /** end: nothing more that way · time: gave up at `at` · cancelled */
  | { stopped: 'end' | 'time' | 'cancelled'; at: number };

export interface FindOptions {
  /** The first byte that is looked at; going back, the first that is not. */
  from: number;
  back: boolean;
  signal: AbortSignal;
  /** ms */
  budget: number;
}

/** The bytes that are searched for: of a text in this encoding, or written as "de ad be ef". @throws AppError invalid */
export function wantedBytes(text: string, encoding: TextEncoding): Buffer {
  const bytes = encode(text, encoding, false);
  if (isUnwritable(bytes)) throw new AppError('invalid', (t) => t.search.errors.encoding, { field: 'text' });
  return bytes;
}

/** @throws AppError invalid */
export function hexBytes(text: string): Buffer {
  const digits = text.replace(/0x|[\s,]/gi, '');
  if (!/^([0-9a-f]{2}){1,500}$/i.test(digits)) throw new AppError('invalid', (t) => t.search.errors.hex, { field: 'text' });
  return Buffer.from(digits, 'hex');
}

/** The next or the previous place of these bytes. Holds 1 MiB, however long the file. */
export async function findBytes(source: Source, wanted: Buffer, { from, back, signal, budget }: FindOptions): Promise<Found> {
  const until = performance.now() + budget;
  const over = wanted.length - 1;
  const buffer = Buffer.allocUnsafe(PIECE + over);
  const size = await source.sizeNow();
  for (let at = back ? Math.min(from, size) : from; back ? at > 0 : at < size; ) {
    if (signal.aborted) return { stopped: 'cancelled', at };
    if (performance.now() > until) return { stopped: 'time', at };
    const first = back ? Math.max(0, at - PIECE) : at;
    const bytes = await source.read(first, (back ? at - first : PIECE) + over, buffer);
    const found = back ? bytes.lastIndexOf(wanted) : bytes.indexOf(wanted);
    if (found >= 0 && !(back && first + found >= at)) return { at: first + found, to: first + found + wanted.length };
    if (!back && bytes.length < PIECE) break;
    at = back ? first : first + PIECE;
  }
  return { stopped: 'end', at: back ? 0 : size };
}

/** The next or the previous line that matches, by an expression or without regard to case; lines as far as a block of the pattern. */
export async function findLine(source: Source, pattern: Pattern, encoding: TextEncoding, { from, back, signal, budget }: FindOptions): Promise<Found> {
  const until = performance.now() + budget;
  const size = await source.sizeNow();
  const step = Math.min(DECODED, pattern.block + (pattern.block % 2));
  const buffer = Buffer.allocUnsafe(step + 1);
  for (let at = Math.min(from, size); back ? at > 0 : at < size; ) {
    if (signal.aborted) return { stopped: 'cancelled', at };
    if (performance.now() > until) return { stopped: 'time', at };
    const first = back ? Math.max(0, at - step) : at;
    const start = back && first > 0 ? first - (first % unitOf(encoding)) : first;
    const bytes = await source.read(start, back ? at - start : step, buffer);
    if (bytes.length === 0) break;
    const piece = wholeLines(bytes, encoding, back && start > 0, !back && start + bytes.length < size);
    const found = encoding === 'utf-8' && !pattern.may(piece.bytes) ? null : matchIn(piece.bytes, pattern, encoding, back);
    if (found) return { at: start + piece.from + found.at, to: start + piece.from + found.to };
    // A line that fills the piece is left behind as it is.
    at = back ? (piece.from > 0 ? start + piece.from : start) : start + (piece.bytes.length || bytes.length);
  }
  return { stopped: 'end', at: back ? 0 : size };
}

/** Without the cut line at its beginning or its end, unless that is all there is. */
function wholeLines(bytes: Buffer, encoding: TextEncoding, cutFirst: boolean, cutLast: boolean): { from: number; bytes: Buffer } {
  const unit = unitOf(encoding);
  if (cutFirst) {
    const end = lineEndAfter(bytes, 0, encoding);
    const from = end < 0 || end + unit >= bytes.length ? 0 : end + unit;
    return { from, bytes: bytes.subarray(from) };
  }
  if (!cutLast) return { from: 0, bytes };
  for (let at = bytes.length - 1; at > 0; at--) {
    at = bytes.lastIndexOf(10, at);
    if (at <= 0) break;
    if (unit === 1) return { from: 0, bytes: bytes.subarray(0, at + 1) };
    const start = encoding === 'utf-16le' ? at : at - 1;
    if (lineEndAfter(bytes.subarray(start, start + 2), 0, encoding) === 0 && start % 2 === 0) return { from: 0, bytes: bytes.subarray(0, start + 2) };
  }
  return { from: 0, bytes };
}

/** Goes line by line only where something is found at all. */
function matchIn(bytes: Buffer, pattern: Pattern, encoding: TextEncoding, back: boolean): { at: number; to: number } | null {
  if (!pattern.find(decode(bytes, encoding).text)) return null;
  const unit = unitOf(encoding);
  let last: { at: number; to: number } | null = null;
  for (let at = 0; at < bytes.length; ) {
    const end = lineEndAfter(bytes, at, encoding);
    const stop = end < 0 ? bytes.length : end;
    const line = decode(bytes.subarray(at, Math.min(stop, at + pattern.block)), encoding).text;
    const found = pattern.find(line);
    if (found) {
      const place = { at: at + bytesOf(line.slice(0, found.from), encoding), to: at + bytesOf(line.slice(0, found.to), encoding) };
      if (!back) return place;
      last = place;
    }
    at = end < 0 ? bytes.length : end + unit;
  }
  return last;
}

function bytesOf(text: string, encoding: TextEncoding): number {
  const bytes = encode(text, encoding, false);
  return isUnwritable(bytes) ? text.length : bytes.length;
}
