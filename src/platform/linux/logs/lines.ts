/** A line that may be too long to be kept: then `tail` has its last bytes, and what lies between is left out. */
export interface CutLine {
  head: Buffer;
  tail: Buffer | null;
}

/** Bytes of the beginning and of the end that are kept of one line. */
const HEAD_MOST = 96 << 10;
const TAIL_MOST = 8 << 10;

const LINE_FEED = 0x0a;

/** Makes lines of pieces that are cut anywhere. However long a line is, no more of it is held than its two ends. */
export function createLineCutter(headMost = HEAD_MOST, tailMost = TAIL_MOST): (bytes: Buffer) => CutLine[] {
  let parts: Buffer[] = [];
  let size = 0;
  let tail: Buffer | null = null;

  function take(bytes: Buffer) {
    const room = headMost - size;
    if (room > 0 && bytes.length) {
      parts.push(bytes.subarray(0, room));
      size += Math.min(room, bytes.length);
    }
    const rest = bytes.subarray(Math.max(0, room));
    if (rest.length === 0) return;
    // A copy: the end of a piece must not hold all of it.
    tail = Buffer.from(rest.length >= tailMost ? rest.subarray(-tailMost) : Buffer.concat([tail ?? Buffer.alloc(0), rest]).subarray(-tailMost));
  }

  return (bytes) => {
    const lines: CutLine[] = [];
    let at = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, at)) {
      take(bytes.subarray(at, end));
      lines.push({ head: parts.length === 1 ? parts[0]! : Buffer.concat(parts), tail });
      parts = [];
      size = 0;
      tail = null;
      at = end + 1;
    }
    if (at < bytes.length) take(at === 0 ? bytes : Buffer.from(bytes.subarray(at)));
    return lines;
  };
}
