import { decode, type TextEncoding } from '../text/encodings.ts';
import { characterEnd, characterStart, lineEndAfter, lineStartBefore, unitOf } from './bounds.ts';
import type { Source } from './source.ts';

/** Bytes of one window: some hundred lines of a log, and little to wait for on a phone. */
export const WINDOW = 64 << 10;
/** A longer line comes in parts: one line may be 100 MB. */
export const PART = 16 << 10;
/** How far back the beginning of a line is looked for. */
const BACK = 64 << 10;

export interface Line {
  /** Byte where it begins. */
  at: number;
  text: string;
  /** It goes on with the line before it, which was too long for one. */
  part: boolean;
}

/** Whole lines that lie side by side: where one window ends, the next begins. */
export interface Window {
  from: number;
  to: number;
  /** Of the file, now. */
  size: number;
  lines: Line[];
}

export type Toward = 'forward' | 'back' | 'near';

/**
 * Lines from byte `at` on (forward), those that end there (back), or those around it, wherever it lies (near).
 * For forward and back, `at` is the `to` or `from` of another window. What is past the end is the end.
 */
export async function readWindow(source: Source, at: number, toward: Toward, encoding: TextEncoding, most = WINDOW): Promise<Window> {
  const size = await source.sizeNow();
  const unit = unitOf(encoding);
  const place = Math.min(Math.max(0, at), size);
  if (toward === 'forward') return lines(source, place, size, encoding, most);
  if (toward === 'near' && place < size) return lines(source, await lineStart(source, place - (place % unit), encoding), size, encoding, most);
  const from = await startOfWindow(source, place, encoding, most);
  return lines(source, from, place, encoding, most, size);
}

/** The beginning of the line at `at`, when it is near; else `at`, or the next character. */
async function lineStart(source: Source, at: number, encoding: TextEncoding): Promise<number> {
  const from = Math.max(0, at - BACK);
  const bytes = await source.read(from, at - from + 4);
  const start = lineStartBefore(bytes, at - from, encoding);
  if (start >= 0) return from + start;
  return from === 0 ? 0 : from + characterStart(bytes, at - from, encoding);
}

/** Where a window that ends at `to` begins: at a line, unless there is none. */
async function startOfWindow(source: Source, to: number, encoding: TextEncoding, most: number): Promise<number> {
  const unit = unitOf(encoding);
  const first = Math.max(0, to - most);
  const from = first - (first % unit);
  if (from === 0) return 0;
  const bytes = await source.read(from - unit, to - from + unit);
  const end = lineEndAfter(bytes, 0, encoding);
  const start = end + unit;
  return end >= 0 && start < bytes.length ? from - unit + start : from + characterStart(bytes.subarray(unit), 0, encoding);
}

/** Cuts what lies between two places into lines; it may stop before `end`, having read `most` bytes and the rest of a line. */
async function lines(source: Source, from: number, end: number, encoding: TextEncoding, most: number, size = end): Promise<Window> {
  const unit = unitOf(encoding);
  const before = Math.min(from, unit);
  const wanted = Math.min(end - from, most + PART + 4);
  const read = await source.read(from - before, before + wanted);
  const bytes = read.subarray(before);
  // The file may have become shorter since it was asked.
  const atEnd = bytes.length < wanted || from + wanted >= end;
  const found: Line[] = [];
  let part = before > 0 && lineEndAfter(read.subarray(0, before), 0, encoding) !== 0;
  let at = 0;
  while (at < bytes.length && at < most) {
    const next = lineEndAfter(bytes, at, encoding);
    const rest = next < 0 ? bytes.length : next;
    const cut = rest - at > PART || (next < 0 && !atEnd);
    const stop = cut ? characterEnd(bytes, at, at + PART, encoding) : rest;
    found.push({ at: from + at, text: textOf(bytes.subarray(at, stop), encoding), part });
    part = cut;
    at = cut || next < 0 ? stop : next + unit;
  }
  return { from, to: from + at, size: Math.max(size, from + at), lines: found };
}

const textOf = (bytes: Buffer, encoding: TextEncoding) => decode(bytes, encoding).text.replace(/\r$/, '');
