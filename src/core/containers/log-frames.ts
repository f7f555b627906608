export type LogStream = 'stdout' | 'stderr';

export interface LogFrame {
  stream: LogStream;
  bytes: Buffer;
}

/** An engine sends 16 KiB at most in one; what says that it is longer than this is no log. */
const FRAME_MOST = 16 << 20;
const HEADER = 8;

/**
 * Takes apart what GET /containers/{id}/logs answers. Without a terminal each write of the program comes with a header
 * (docs.docker.com/reference/api/engine, "Stream format"): one byte for the stream, three of nothing, four for the length,
 * big-endian. With a terminal there is no header, and only one stream.
 * @returns what takes the next bytes, cut anywhere, and gives the frames that are whole by then
 * @throws Error for bytes that are no such header
 */
export function createFrameReader(tty: boolean): (bytes: Buffer) => LogFrame[] {
  if (tty) return (bytes) => (bytes.length ? [{ stream: 'stdout', bytes }] : []);
  let waiting: Buffer[] = [];
  let size = 0;
  let wanted = HEADER;
  return (bytes) => {
    waiting.push(bytes);
    size += bytes.length;
    // Pieces of a long frame are put together once, when all of it is there.
    if (size < wanted) return [];
    const all = waiting.length === 1 ? bytes : Buffer.concat(waiting);
    const frames: LogFrame[] = [];
    let at = 0;
    wanted = HEADER;
    while (all.length - at >= HEADER) {
      const length = lengthAt(all, at);
      wanted = HEADER + length;
      if (all.length - at < wanted) break;
      frames.push({ stream: all[at] === 2 ? 'stderr' : 'stdout', bytes: all.subarray(at + HEADER, at + wanted) });
      at += wanted;
      wanted = HEADER;
    }
    // A copy: the rest of a large piece must not hold all of it.
    waiting = at < all.length ? [Buffer.from(all.subarray(at))] : [];
    size = all.length - at;
    return frames;
  };
}

function lengthAt(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at + 4);
  if (bytes[at]! > 2 || bytes[at + 1] || bytes[at + 2] || bytes[at + 3] || length > FRAME_MOST) throw new Error('no frame of a log');
  return length;
}
