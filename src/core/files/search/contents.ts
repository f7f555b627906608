import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { bomOf, decode } from '../text/encodings.ts';
import type { Pattern } from './pattern.ts';

/** A file that is read at once; a larger one comes in pieces of this. */
const WHOLE = 8 << 20;
/** Of one file; the rest of a larger one is not searched, and the answer says so. */
export const FILE_MOST = 256 << 20;
/** Bytes in which a NUL says that it is no text: as git and grep look. */
const HEAD = 8192;
/** Letters of a line that are shown, with the match in them. */
const SHOWN = 240;

/** A line that matches. Lines count from 1, columns from 0 in UTF-16 units. */
export interface LineHit {
  line: number;
  column: number;
  /** Byte where the line begins. */
  at: number;
  /** The line, or what is around the match in a long one; the match is text.slice(from, to). */
  text: string;
  from: number;
  to: number;
}

/** Tells the lines that match; `more` says whether to go on. */
export interface Taker {
  hit(hit: LineHit): void;
  /** May it go on? Asked between hits and between pieces. */
  more(): boolean;
}

/** What `lstat` said is a file, and whatever stands there now is never waited for. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** @returns bytes that were searched, and whether that was all of it. @throws errno of node */
export async function searchFile(at: string | Buffer, size: number, pattern: Pattern, taker: Taker): Promise<{ bytes: number; whole: boolean }> {
  if (size <= WHOLE) {
    const bytes = await readFile(at, { flag: FLAGS });
    await searchBytes(bytes, pattern, taker, { line: 1, at: 0 });
    return { bytes: bytes.length, whole: true };
  }
  const handle = await open(at, FLAGS);
  try {
    let place = { line: 1, at: 0 };
    const buffer = Buffer.allocUnsafe(WHOLE);
    while (place.at < FILE_MOST && taker.more()) {
      const { bytesRead } = await handle.read(buffer, 0, WHOLE, place.at);
      const bytes = buffer.subarray(0, bytesRead);
      // Up to its last line end; a line of 8 MiB is cut, and so is the end of the file.
      const cut = bytesRead < WHOLE ? bytesRead : (bytes.lastIndexOf(10) + 1 || bytesRead);
      const next = await searchBytes(bytes.subarray(0, cut), pattern, taker, place);
      if (!next || bytesRead < WHOLE) return { bytes: place.at + bytesRead, whole: true };
      place = next;
    }
    return { bytes: place.at, whole: place.at >= size };
  } finally {
    await handle.close();
  }
}

interface Place {
  line: number;
  at: number;
}

/** @returns where it ended; null when these are no text */
async function searchBytes(bytes: Buffer, pattern: Pattern, taker: Taker, place: Place): Promise<Place | null> {
  const marked = place.at === 0 ? bomOf(bytes) : null;
  const wide = marked?.startsWith('utf-16') ?? false;
  const end = () => ({ line: place.line + lineEnds(bytes, 0, bytes.length), at: place.at + bytes.length });
  // What every match has in it is not there: most files end here, and cost no more than their reading.
  if (!wide && !pattern.may(bytes)) return end();
  if (!wide && place.at === 0 && bytes.subarray(0, HEAD).includes(0)) return null;
  if (wide) await searchText(decode(bytes, marked!).text, pattern, taker);
  else if (pattern.bytes) plain(bytes, pattern.bytes, taker, place);
  else await blocks(bytes, pattern, taker, place);
  return end();
}

function plain(bytes: Buffer, wanted: Buffer, taker: Taker, place: Place) {
  let { line } = place;
  let counted = 0;
  for (let found = bytes.indexOf(wanted); found >= 0 && taker.more(); ) {
    const start = bytes.lastIndexOf(10, found) + 1;
    const stop = bytes.indexOf(10, found);
    const end = stop < 0 ? bytes.length : stop;
    line += lineEnds(bytes, counted, start);
    counted = start;
    // Around the match only: the line may be the whole file.
    const first = found - start > SHOWN * 4 ? found - SHOWN : start;
    const before = bytes.toString('utf8', first, found);
    const text = before + bytes.toString('utf8', found, Math.min(end, found + wanted.length + SHOWN * 4));
    taker.hit(shown({ line, at: place.at + start, text, from: before.length, to: before.length + wanted.toString().length, skipped: first - start }));
    found = stop < 0 ? -1 : bytes.indexOf(wanted, end);
  }
}

/** Some kilobytes of whole lines at a time: an expression costs more than a look, and others want their turn. */
async function blocks(bytes: Buffer, pattern: Pattern, taker: Taker, place: Place) {
  let { line } = place;
  for (let at = 0; at < bytes.length && taker.more(); ) {
    const last = bytes.lastIndexOf(10, Math.min(bytes.length, at + pattern.block) - 1);
    const next = last >= at ? last + 1 : bytes.indexOf(10, at) + 1 || bytes.length;
    // A line that is longer than a block is looked at as far as that.
    const part = bytes.subarray(at, Math.min(next, at + pattern.block));
    if (pattern.may(part)) searchBlock(part.toString('utf8'), part, pattern, taker, { line, at: place.at + at });
    line += lineEnds(bytes, at, next);
    at = next;
    await turn();
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function searchBlock(text: string, bytes: Buffer | null, pattern: Pattern, taker: Taker, place: Place) {
  let { line } = place;
  let counted = 0;
  let byte = 0;
  for (let found = pattern.find(text); found && taker.more(); ) {
    const start = text.lastIndexOf('\n', found.from - 1) + 1;
    const stop = text.indexOf('\n', found.from);
    const end = stop < 0 ? text.length : stop;
    for (let at = text.indexOf('\n', counted); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) {
      line += 1;
      // Broken bytes become longer when they are decoded: line ends are counted in both instead.
      if (bytes) byte = bytes.indexOf(10, byte) + 1;
    }
    counted = start;
    taker.hit(shown({ line, at: place.at + byte, text: text.slice(start, end), from: found.from - start, to: found.to - start, skipped: 0 }));
    found = stop < 0 ? null : pattern.find(text, end + 1);
  }
}

/** UTF-16 by its mark, in blocks as well. The place of a line counts in bytes of that. */
async function searchText(text: string, pattern: Pattern, taker: Taker) {
  let line = 1;
  const most = Math.min(pattern.block, WIDE_BLOCK);
  for (let at = 0; at < text.length && taker.more(); ) {
    const last = text.lastIndexOf('\n', Math.min(text.length, at + most) - 1);
    const next = last >= at ? last + 1 : text.indexOf('\n', at) + 1 || text.length;
    const part = text.slice(at, Math.min(next, at + most));
    const [first, start] = [line, at];
    searchBlock(part, null, pattern, { more: taker.more, hit: (hit) => taker.hit({ ...hit, at: 2 + (start + lineAt(part, hit.line - first + 1)) * 2 }) }, { line, at: 0 });
    for (let end = text.indexOf('\n', at); end >= 0 && end < next; end = text.indexOf('\n', end + 1)) line += 1;
    at = next;
    await turn();
  }
}

/** Letters of UTF-16 at a time, also of an exact text. */
const WIDE_BLOCK = 1 << 20;

function lineAt(text: string, line: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) at = text.indexOf('\n', at) + 1;
  return at;
}

interface Found {
  line: number;
  at: number;
  text: string;
  from: number;
  to: number;
  /** Bytes of the line before `text`. */
  skipped: number;
}

/** A long line is shown around its match. */
function shown({ line, at, text, from, to, skipped }: Found): LineHit {
  const first = from > SHOWN / 2 ? from - SHOWN / 4 : 0;
  const last = Math.min(text.length, first + SHOWN, Math.max(to, first) + SHOWN);
  const cut = text.slice(first, last).replace(/[\r\n]+$/, '').toWellFormed();
  return { line, column: skipped + from, at, text: cut, from: from - first, to: Math.min(to - first, cut.length) };
}

function lineEnds(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10, from); at >= 0 && at < to; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
