import type { Source } from '../../files/windows/source.ts';

/** A line and where it stands: bytes of the file, the end with its line feed. */
export interface FileLine {
  from: number;
  to: number;
  bytes: Buffer;
  /** It is longer than what is kept of it. */
  cut: boolean;
}

const BLOCK = 256 << 10;
/** Bytes of one line that are kept, however long it is. */
export const LINE_MOST = 64 << 10;
const LINE_FEED = 0x0a;

/** Bytes from a file, in order. */
export type Pieces = AsyncIterable<Buffer>;

export async function* piecesOf(source: Source, from: number, to: number): AsyncGenerator<Buffer> {
  for (let at = from; at < to; at += BLOCK) {
    const bytes = await source.read(at, Math.min(BLOCK, to - at));
    if (bytes.length === 0) return;
    yield bytes;
  }
}

/** The lines of pieces, in portions. @param at where the first piece stands */
export async function* linesOf(pieces: Pieces, at = 0): AsyncGenerator<FileLine[]> {
  let parts: Buffer[] = [];
  let kept = 0;
  let from = at;
  let place = at;
  const take = (bytes: Buffer) => {
    const part = bytes.subarray(0, Math.max(0, LINE_MOST - kept));
    if (part.length) parts.push(part);
    kept += part.length;
  };
  const finish = (to: number, end: number): FileLine => {
    const line = { from, to, bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts), cut: end - from > LINE_MOST };
    parts = [];
    kept = 0;
    from = to;
    return line;
  };
  for await (const bytes of pieces) {
    const lines: FileLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      take(bytes.subarray(start, end));
      lines.push(finish(place + end + 1, place + end));
      start = end + 1;
    }
    // A copy: the beginning of a line must not hold the whole piece that it came in.
    if (start < bytes.length) take(Buffer.from(bytes.subarray(start)));
    place += bytes.length;
    yield lines;
  }
  if (place > from) yield [finish(place, place)];
}

/**
 * The lines before a place, the last first, in portions: the file is read from there backwards, and no more of it is held than a
 * block and a line. @param may can there be anything wanted in these bytes? Where not, only the first line of a block is told, so
 * that its time is known, and the one that goes over its end.
 */
export async function* linesBefore(source: Source, to: number, may: (bytes: Buffer) => boolean | Promise<boolean>): AsyncGenerator<FileLine[]> {
  /** The beginning of what stands before `end`, as far as it is known, without its line feed. */
  let rest: Buffer = Buffer.alloc(0);
  let end = to;
  let cut = false;
  for (let at = to; at > 0; ) {
    const from = Math.max(0, at - BLOCK);
    const bytes = await source.read(from, at - from);
    // It was emptied meanwhile.
    if (bytes.length < at - from) return;
    const lines: FileLine[] = [];
    const wanted = await may(bytes);
    let stop = bytes.length;
    for (let feed = bytes.lastIndexOf(LINE_FEED, stop - 1); feed >= 0; feed = feed === 0 ? -1 : bytes.lastIndexOf(LINE_FEED, feed - 1)) {
      const first = from + feed + 1;
      // The line feed at the very end belongs to the last line, and begins none.
      if (first < to) {
        const part = bytes.subarray(feed + 1, stop);
        const joins = rest.length > 0 || cut;
        if (wanted || joins || bytes.lastIndexOf(LINE_FEED, feed - 1) < 0 || feed === 0) lines.push(whole(first, end, part, rest, cut));
        rest = Buffer.alloc(0);
        cut = false;
        end = first;
      }
      stop = feed;
    }
    const joined = Buffer.concat([bytes.subarray(0, stop), rest]);
    cut ||= joined.length > LINE_MOST;
    rest = Buffer.from(joined.subarray(0, LINE_MOST));
    at = from;
    if (from === 0 && (end > 0)) lines.push({ from: 0, to: end, bytes: rest, cut });
    yield lines;
  }
}

function whole(from: number, to: number, part: Buffer, rest: Buffer, cut: boolean): FileLine {
  const bytes = rest.length ? Buffer.concat([part, rest]) : part;
  return { from, to, bytes: bytes.subarray(0, LINE_MOST), cut: cut || bytes.length > LINE_MOST };
}
