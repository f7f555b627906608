import { closeSync, copyFileSync, fstatSync, ftruncateSync, lstatSync, openSync, readSync, writeSync } from 'node:fs';
import { mixedReader } from '../../../lib/mixed-text.ts';
import type { ServiceLine } from '../../services.ts';

/** One file is kept beside the one that is written. */
const MOST = 8 * 1024 * 1024;
const LINE_MOST = 64 * 1024;
const TAIL = 256 * 1024;

/** `2026-11-29T16:20:00.123Z 6 shop: listening on :3000`: when, how grave (syslog(3)), from whom, what. */
const LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-7]) (.*?): (.*)$/;

export const olderOutput = (path: string) => `${path}.1`;

export interface OutputLog {
  /** Never throws: a full disk must not end the program that speaks. */
  line(priority: number, from: string, text: string): void;
  close(): void;
}

/**
 * Lines of a program with their time, in a file that does not grow without end. What is full is copied over the older one and
 * emptied: files are neither made nor renamed, which the account of the program may not.
 */
export function openOutput(path: string, clock: () => Date = () => new Date(), most = MOST): OutputLog {
  let file: number | null = null;
  let lost = 0;
  const write = (line: string) => {
    file ??= openSync(path, 'a');
    if (fstatSync(file).size > most) {
      copyFileSync(path, olderOutput(path));
      ftruncateSync(file);
    }
    writeSync(file, line);
  };
  const lineOf = (priority: number, from: string, text: string) => `${clock().toISOString()} ${priority} ${from}: ${text.slice(0, LINE_MOST)}\n`;
  return {
    line(priority, from, text) {
      try {
        write((lost ? lineOf(4, 'mantou', `${lost} lines could not be written`) : '') + lineOf(priority, from, text));
        lost = 0;
      } catch {
        lost++;
        if (file !== null) closeQuietly(file);
        file = null;
      }
    },
    close: () => void (file !== null && closeQuietly(file)),
  };
}

function closeQuietly(file: number) {
  try {
    closeSync(file);
  } catch {
    // It is gone already.
  }
}

/**
 * Lines of a stream as they end, whatever its pieces; one without end in parts.
 * @param page what is not UTF-8 is in: the machine's own, "cp936"
 */
export async function eachLine(stream: ReadableStream<Uint8Array>, page: string, onLine: (text: string) => void): Promise<void> {
  const reader = mixedReader(page);
  let rest = '';
  const tell = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) whole(line.replace(/\r$/, ''));
    for (; rest.length >= LINE_MOST; rest = rest.slice(LINE_MOST)) onLine(rest.slice(0, LINE_MOST));
  };
  const whole = (line: string) => {
    for (; line.length > LINE_MOST; line = line.slice(LINE_MOST)) onLine(line.slice(0, LINE_MOST));
    onLine(line);
  };
  for await (const piece of stream) tell(reader.push(piece));
  tell(reader.end());
  if (rest) onLine(rest);
}

/** The last lines, oldest first. What is not a plain file is not read: the folder is the program's. */
export function lastOutput(path: string, lines: number): ServiceLine[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) return [];
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.min(TAIL, found.size));
    const count = readSync(file, bytes, 0, bytes.length, found.size - bytes.length);
    return bytes.subarray(0, count).toString('utf8').split('\n').flatMap((line) => {
      const [, at, priority, from, text] = LINE.exec(line) ?? [];
      return at === undefined ? [] : { at: Date.parse(at), priority: Number(priority), from: from!, text: text! };
    }).slice(-lines);
  } finally {
    closeSync(file);
  }
}
