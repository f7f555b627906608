import { z } from 'zod';
import type { DockerStream } from '../../platform/docker.ts';
import { withoutEscapes } from '../../lib/escape-sequences.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { streamDocker } from '../docker/ask.ts';
import { hasTerminal } from './detail.ts';
import { createFrameReader } from './log-frames.ts';
import { createLineReader, type LogLine } from './log-lines.ts';

/** The last lines that are read; `all` is bounded too where lines are kept: by LOG_ALL. */
export const LOG_TAILS = ['100', '1000', '10000', 'all'] as const;
export const LOG_ALL = 200_000;
/** Lines that a page shows. */
export const LOG_SHOWN = 5000;
/** Reading for a page ends after this long: the page says so. */
const READ_MS = 8000;
/** And it shows no more than so many letters. */
const LETTERS_MOST = 2_000_000;

export interface LogQuery {
  /** Lines from the end; 'all' is everything there is. */
  tail: number | 'all';
  /** ms since 1970. */
  since?: number | undefined;
  until?: number | undefined;
  /** After this line: its time, as the engine wrote it. */
  after?: string | undefined;
  stdout: boolean;
  stderr: boolean;
  /** Only lines that contain it, in any case. */
  q: string;
}

/** A time as the engine writes it, of a line. */
export const LineTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/);

/**
 * Lines as they come, in portions, until the log ends, or with `follow` the container does; whoever stops reading stops the
 * engine. What is filtered out is in no portion, which may be empty then.
 * @throws AppError denied, not_found, unavailable (also for a log that the engine does not keep)
 */
export async function openLog(app: App, actor: Actor, id: string, query: LogQuery, options: { follow: boolean; signal?: AbortSignal; lineMost?: number }): Promise<AsyncGenerator<LogLine[]>> {
  need(actor, 'containers.inspect');
  const tty = await hasTerminal(app, id);
  const stream = await streamDocker(app, {
    path: `/containers/${id}/logs`,
    query: {
      follow: options.follow, stdout: query.stdout, stderr: query.stderr, timestamps: true, tail: query.tail,
      since: query.after ? momentAfter(query.after) : query.since === undefined ? undefined : seconds(query.since),
      until: query.until === undefined ? undefined : seconds(query.until),
    },
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return linesOf(stream, tty, options.lineMost);
}

async function* linesOf(stream: DockerStream, tty: boolean, lineMost?: number): AsyncGenerator<LogLine[]> {
  const frames = createFrameReader(tty);
  const lines = createLineReader(tty, lineMost);
  for await (const bytes of stream) yield frames(bytes).flatMap((frame) => lines.push(frame));
  yield lines.end();
}

/** One line of a file holds this much at most. */
const FILE_LINE_MOST = 16 << 20;

/** A log as text, whole, as fast as somebody takes it. @throws AppError as openLog */
export async function logText(app: App, actor: Actor, id: string, query: LogQuery, options: { times: boolean; signal: AbortSignal }): Promise<AsyncGenerator<Uint8Array>> {
  const matches = lineFilter(query.q);
  const portions = await openLog(app, actor, id, query, { follow: false, signal: options.signal, lineMost: FILE_LINE_MOST });
  const encoder = new TextEncoder();
  return (async function* () {
    for await (const lines of portions) {
      const text = lines.filter(matches).map(({ time, text }) => `${options.times && time ? `${time} ` : ''}${text}\n`).join('');
      if (text) yield encoder.encode(text);
    }
  })();
}

/** Does a line contain the text? Colours in the middle of a word do not hide it. */
export function lineFilter(q: string): (line: LogLine) => boolean {
  const words = q.toLowerCase();
  return words ? ({ text }) => withoutEscapes(text).toLowerCase().includes(words) : () => true;
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);

/** The next nanosecond, as the engine takes it: `1790626500.123456790`. */
function momentAfter(time: string): string {
  const whole = Math.floor(Date.parse(time.replace(/\.\d+/, '')) / 1000);
  const nanoseconds = Number((/\.(\d+)/.exec(time)?.[1] ?? '').padEnd(9, '0')) + 1;
  return nanoseconds === 1e9 ? `${whole + 1}.000000000` : `${whole}.${String(nanoseconds).padStart(9, '0')}`;
}

export interface LogPart {
  lines: LogLine[];
  /** Lines before, that match and are not shown. */
  left: number;
  /** Time of the last line that was read, shown or not: what follows goes on from there. */
  last: string | null;
  /** It took too long: later lines are missing. */
  late: boolean;
}

/** With what a page adds to each. */
const lettersOf = ({ text }: LogLine) => text.length + 40;

/** The newest of these, so many that a page can show them. */
export function newestOf<L extends LogLine>(lines: readonly L[], most: number): L[] {
  let from = lines.length;
  for (let size = 0; from > 0 && lines.length - from < most && size <= LETTERS_MOST; from--) size += lettersOf(lines[from - 1]!);
  return lines.slice(from);
}

/** The end of a log, for a page: bounded in lines, letters and time. @throws AppError as openLog */
export async function readLog(app: App, actor: Actor, id: string, query: LogQuery): Promise<LogPart> {
  const signal = AbortSignal.timeout(READ_MS);
  const matches = lineFilter(query.q);
  let kept: LogLine[] = [];
  let left = 0;
  let last: string | null = null;
  /** Of what is kept: lines may be long, and a page is not the place for all of them. */
  let size = 0;
  const bound = () => {
    const newest = newestOf(kept, LOG_SHOWN);
    left += kept.length - newest.length;
    size = newest.reduce((sum, line) => sum + lettersOf(line), 0);
    kept = newest;
  };
  for await (const lines of await openLog(app, actor, id, { ...query, tail: query.tail === 'all' ? LOG_ALL : query.tail }, { follow: false, signal })) {
    last = lines.findLast(({ time }) => time !== null)?.time ?? last;
    for (const line of lines) {
      if (!matches(line)) continue;
      kept.push(line);
      size += lettersOf(line);
    }
    if (kept.length > 2 * LOG_SHOWN || size > 2 * LETTERS_MOST) bound();
  }
  bound();
  return { lines: kept, left, last, late: signal.aborted };
}
