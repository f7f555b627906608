import type { LogFrame, LogStream } from './log-frames.ts';

export interface LogLine {
  /** As the engine wrote it down: `2026-11-28T20:15:00.123456789Z`; null where it did not. */
  time: string | null;
  stream: LogStream;
  /** Without the end of line; what is no UTF-8 is U+FFFD. */
  text: string;
  /** It went on: only its beginning is here. */
  cut: boolean;
}

/** Bytes of one line that are kept, unless a reader asks for more. */
const LINE_MOST = 64 << 10;
/** An engine keeps what is longer in pieces of this many bytes, and writes the time before each. */
const PIECE = 16 << 10;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** `2026-11-28T20:15:00.123456789Z ` (RFC 3339, with nanoseconds), at most. */
const TIME_MOST = 40;
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) /;

interface Pending {
  time: string | null;
  parts: Buffer[];
  size: number;
  cut: boolean;
}

export interface LineReader {
  push(frame: LogFrame): LogLine[];
  /** What had no end of line. */
  end(): LogLine[];
}

/** Makes lines of frames, which were asked for with their times; of each stream by itself, as they come in between each other. */
export function createLineReader(tty: boolean, most = LINE_MOST): LineReader {
  const pending = new Map<LogStream, Pending>();

  function take(stream: LogStream, bytes: Buffer) {
    const known = pending.get(stream);
    const line = known ?? { time: null, parts: [], size: 0, cut: false };
    pending.set(stream, line);
    const room = most + TIME_MOST - line.size;
    const part = bytes.subarray(0, Math.max(0, room));
    if (part.length < bytes.length) line.cut = true;
    if (part.length) line.parts.push(part);
    line.size += part.length;
  }

  function finish(stream: LogStream): LogLine {
    const { time, parts, cut } = pending.get(stream)!;
    pending.delete(stream);
    let bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    let at = time;
    if (tty) ({ time: at, bytes } = withoutTimes(bytes));
    const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    return { time: at, stream, text: bytes.toString('utf8', 0, Math.min(end, most)), cut: cut || end > most };
  }

  return {
    push({ stream, bytes }) {
      const lines: LogLine[] = [];
      let rest = bytes;
      if (!tty) rest = begin(stream, rest, true);
      for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
        take(stream, rest.subarray(0, end));
        lines.push(finish(stream));
        rest = rest.subarray(end + 1);
        if (!tty && rest.length) rest = begin(stream, rest, false);
      }
      // A copy: what waits for its end must not hold the whole piece that it came in.
      if (rest.length) take(stream, Buffer.from(rest));
      return lines;
    },
    end: () => [...pending.keys()].map(finish),
  };

  /** The time at the beginning of a frame is taken off, also where the frame goes on with a line. */
  function begin(stream: LogStream, bytes: Buffer, frame: boolean): Buffer {
    const found = timeAt(bytes, 0);
    const line = pending.get(stream);
    if (!line) pending.set(stream, { time: found, parts: [], size: 0, cut: false });
    return found !== null && (frame || !line) ? bytes.subarray(found.length + 1) : bytes;
  }
}

const timeAt = (bytes: Buffer, at: number): string | null => TIME.exec(bytes.toString('latin1', at, at + TIME_MOST))?.[1] ?? null;

/** With a terminal nothing tells the pieces of a long line from each other but their length. */
function withoutTimes(bytes: Buffer): { time: string | null; bytes: Buffer } {
  const time = timeAt(bytes, 0);
  if (time === null) return { time, bytes };
  const parts: Buffer[] = [];
  let rest = bytes.subarray(time.length + 1);
  for (let next = timeAt(rest, PIECE); next !== null; next = timeAt(rest, PIECE)) {
    parts.push(rest.subarray(0, PIECE));
    rest = rest.subarray(PIECE + next.length + 1);
  }
  return { time, bytes: parts.length ? Buffer.concat([...parts, rest]) : rest };
}
