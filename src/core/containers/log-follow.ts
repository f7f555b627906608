import type { Actor, App } from '../app.ts';
import type { LogLine } from './log-lines.ts';
import { lineFilter, openLog, type LogQuery } from './logs.ts';

/** Between two portions: ten a second are as live as anyone can read. */
const PAUSE_MS = 100;
/** Lines and letters of one portion: a page cannot draw more, and nobody reads them. */
const LINES_MOST = 200;
const LETTERS_MOST = 200_000;

export interface LogFollower {
  /** `left`: how many came before these that are left out, as there were too many. */
  lines(lines: LogLine[], left: number): void;
  /** The container does not run any longer, or is gone; `error` when the engine said so. */
  end(error: unknown): void;
}

/** Tells what a container writes, until it ends or the returned function is called. What comes too fast is left out, the newest stay. */
export function followLog(app: App, actor: Actor, id: string, query: LogQuery, follower: LogFollower): () => void {
  const over = new AbortController();
  const matches = lineFilter(query.q);
  let waiting: LogLine[] = [];
  let letters = 0;
  let left = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    if (over.signal.aborted || waiting.length === 0) return;
    thin();
    const [lines, n] = [waiting, left];
    waiting = [];
    letters = left = 0;
    follower.lines(lines, n);
  };

  /** The last line stays, however long it is. */
  const thin = () => {
    let from = 0;
    while (waiting.length - from > LINES_MOST || (letters > LETTERS_MOST && waiting.length - from > 1)) letters -= waiting[from++]!.text.length;
    left += from;
    waiting = waiting.slice(from);
  };

  const follow = async () => {
    let failed: unknown = null;
    try {
      for await (const lines of await openLog(app, actor, id, query, { follow: true, signal: over.signal })) {
        for (const line of lines) {
          if (!matches(line)) continue;
          waiting.push(line);
          letters += line.text.length;
        }
        if (waiting.length > 4 * LINES_MOST || letters > 4 * LETTERS_MOST) thin();
        if (waiting.length) timer ??= setTimeout(tell, PAUSE_MS);
      }
    } catch (error) {
      failed = error;
    }
    if (over.signal.aborted) return;
    tell();
    follower.end(failed);
  };
  void follow();

  return () => {
    over.abort();
    clearTimeout(timer);
  };
}
