import { appendFileSync, statSync } from 'node:fs';
import { firstCharacter, wholeCharacters } from '../../lib/utf8.ts';

/** A task's log may not grow past this: a child that writes without end must not fill the disk. */
export const LOG_CAP = 16 << 20;
/** Bytes that one reading answers at most. */
export const LOG_PIECE = 256 << 10;

export interface TaskLog {
  /** Returns the size in bytes afterwards. */
  append(text: string): number;
}

/** The log of one run, written by it alone. A disk that is full costs the log, not the run: `failed` is told once. */
export function openTaskLog(path: string, failed: (error: Error) => void, cap = LOG_CAP): TaskLog {
  const end = `[log ends here: ${cap} bytes]\n`;
  let size = 0;
  let open = true;
  return {
    append(text) {
      if (!open) return size;
      let bytes: Buffer = Buffer.from(text);
      if (size + bytes.length > cap) {
        open = false;
        bytes = Buffer.concat([wholeCharacters(bytes.subarray(0, cap - size)), Buffer.from(`\n${end}`)]);
      }
      try {
        appendFileSync(path, bytes, { mode: 0o600 });
        size += bytes.length;
      } catch (error) {
        open = false;
        failed(error as Error);
      }
      return size;
    },
  };
}

export interface LogPiece {
  text: string;
  /** Byte from which to go on. */
  next: number;
  /** Bytes that there are now. */
  size: number;
}

/**
 * A piece of a log from byte `offset`, at most `LOG_PIECE` long. It never begins or ends inside a UTF-8 character:
 * a reader that sends back `next` gets every character once, whole.
 */
export async function readTaskLog(path: string, offset: number, piece = LOG_PIECE): Promise<LogPiece> {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (offset >= size) return { text: '', next: size, size };
  const bytes = Buffer.from(await Bun.file(path).slice(offset, Math.min(size, offset + piece)).arrayBuffer());
  const from = offset === 0 ? 0 : firstCharacter(bytes);
  const whole = wholeCharacters(bytes);
  // Caught in the middle of a write: the rest of the character is on its way.
  if (whole.length <= from && bytes.length < 4) return { text: '', next: offset, size };
  const used = whole.length > from ? whole : bytes;
  return { text: used.subarray(from).toString('utf8'), next: offset + used.length, size };
}
