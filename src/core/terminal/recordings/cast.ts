import { open, type FileHandle } from 'node:fs/promises';

/** Read at once: what is parsed between two turns of the event loop. */
const PIECE = 128 * 1024;
/** No line of ours is longer: a piece of output in JSON. Anything longer is passed over. */
const LINE_MOST = 8 << 20;
/** How far before the end the last whole line is looked for. */
const TAIL = 1 << 20;

/** One line of an asciicast: `[12.5, "o", "text"]`, and where in the file it begins. */
export interface CastEvent {
  at: number;
  seconds: number;
  kind: string;
  text: string;
}

export interface CastPiece {
  events: CastEvent[];
  /** Byte from which the next piece goes on. */
  next: number;
}

/**
 * Reads the events of an asciicast v2 from a byte at which a line begins. Each piece is a turn of the event loop, so that
 * a long recording keeps nobody waiting. A line that is cut off (a full disk, a writer that was killed) is left out.
 */
export async function* readCast(path: string, from = 0): AsyncGenerator<CastPiece> {
  const file = await open(path, 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    /** Where `rest` begins. */
    let at = from;
    for (;;) {
      const piece = await readAt(file, at + rest.length);
      if (piece.length === 0) return;
      const bytes = rest.length ? Buffer.concat([rest, piece]) : piece;
      const end = bytes.lastIndexOf(0x0a) + 1;
      const events = end > 0 ? eventsOf(bytes.subarray(0, end), at) : [];
      at += end;
      rest = bytes.subarray(end);
      if (rest.length > LINE_MOST) {
        at = await afterLine(file, at + rest.length);
        rest = Buffer.alloc(0);
      }
      yield { events, next: at };
    }
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(PIECE);
  const { bytesRead } = await file.read(bytes, 0, PIECE, position);
  return bytes.subarray(0, bytesRead);
}

async function afterLine(file: FileHandle, from: number): Promise<number> {
  for (let at = from; ; ) {
    const piece = await readAt(file, at);
    const end = piece.indexOf(0x0a);
    if (end >= 0) return at + end + 1;
    at += piece.length;
    if (piece.length === 0) return at;
  }
}

function eventsOf(bytes: Buffer, at: number): CastEvent[] {
  const events: CastEvent[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from);
    const event = bytes[from] === 0x5b ? eventOf(bytes.toString('utf8', from, end), at + from) : null;
    if (event) events.push(event);
    from = end + 1;
  }
  return events;
}

function eventOf(line: string, at: number): CastEvent | null {
  try {
    const [seconds, kind, text] = JSON.parse(line) as unknown[];
    return typeof seconds === 'number' && typeof kind === 'string' && typeof text === 'string' ? { at, seconds, kind, text } : null;
  } catch {
    return null;
  }
}

/** The size that a recording begins with: its first line, `{"version": 2, "width": 80, "height": 24, …}`. */
export async function castHead(path: string): Promise<{ cols: number; rows: number }> {
  const file = await open(path, 'r');
  try {
    const text = (await readAt(file, 0)).toString('utf8');
    const { width, height } = JSON.parse(text.slice(0, text.indexOf('\n'))) as { width?: unknown; height?: unknown };
    return { cols: bounded(width, 80, 1000), rows: bounded(height, 24, 500) };
  } catch {
    return { cols: 80, rows: 24 };
  } finally {
    await file.close();
  }
}

/** `132x43` of an event of size. */
export function castSize(text: string): { cols: number; rows: number } | null {
  const found = /^(\d{1,4})x(\d{1,4})$/.exec(text);
  return found && { cols: bounded(Number(found[1]), 80, 1000), rows: bounded(Number(found[2]), 24, 500) };
}

const bounded = (value: unknown, otherwise: number, most: number) => (typeof value === 'number' && value >= 1 ? Math.min(most, Math.floor(value)) : otherwise);

/** How many bytes a recording has and how long it is, told from its last whole line. null: there is no file. */
export async function castEnd(path: string): Promise<{ bytes: number; lengthMs: number } | null> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return null;
  try {
    const { size: bytes } = await file.stat();
    const tail = Buffer.allocUnsafe(Math.min(bytes, TAIL));
    await file.read(tail, 0, tail.length, bytes - tail.length);
    const last = eventsOf(tail.subarray(tail.indexOf(0x0a) + 1, tail.lastIndexOf(0x0a) + 1), 0).at(-1);
    return { bytes, lengthMs: Math.round((last?.seconds ?? 0) * 1000) };
  } finally {
    await file.close();
  }
}
