import type { Actor, App } from '../app.ts';
import { hubOf } from './log-hub.ts';
import type { LogLine } from './log-lines.ts';
import { lineFilter, openLog, type LogQuery } from './logs.ts';

/** Between two portions: ten a second are as live as anyone can read. */
const PAUSE_MS = 100;
/** A page that does not take what it was sent is asked again so soon. */
const SLOW_MS = 250;
/** Lines and letters of one portion: a page cannot draw more, and nobody reads them. */
const LINES_MOST = 200;
const LETTERS_MOST = 200_000;

export interface LogFollower {
  /** `left`: how many came before these that are left out, as there were too many; `least`: there may have been more. */
  lines(lines: LogLine[], left: number, least: boolean): void;
  /** Has it taken what it was told before? Until then nothing is kept for it but the newest lines. */
  ready(): boolean;
  /** The container does not run any longer, or is gone; `error` when the engine said so. */
  end(error: unknown): void;
}

/**
 * Tells what a container writes, until it ends or the returned function is called. What comes too fast is left out, the newest stay;
 * so is what a page that is slow, or stopped, does not take.
 */
export function followLog(app: App, actor: Actor, id: string, query: LogQuery, follower: LogFollower): () => void {
  const over = new AbortController();
  const matches = lineFilter(query.q);
  const wanted = (line: LogLine) => query[line.stream] && matches(line);
  let waiting: LogLine[] = [];
  let letters = 0;
  let left = 0;
  let behind = () => false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (last = false) => {
    clearTimeout(timer);
    timer = undefined;
    if (over.signal.aborted || waiting.length === 0) return;
    thin();
    if (!last && !follower.ready()) return void (timer = setTimeout(tell, SLOW_MS));
    const [lines, n] = [waiting, left];
    waiting = [];
    letters = left = 0;
    // Said once: what came before the first of them.
    const least = n > 0 && behind();
    if (least) behind = () => false;
    follower.lines(lines, n, least);
  };

  /** The last line stays, however long it is. */
  const thin = () => {
    let from = 0;
    while (waiting.length - from > LINES_MOST || (letters > LETTERS_MOST && waiting.length - from > 1)) letters -= waiting[from++]!.text.length;
    left += from;
    waiting = waiting.slice(from);
  };

  const take = (lines: readonly LogLine[]) => {
    if (over.signal.aborted) return;
    for (const line of lines) {
      if (!wanted(line)) continue;
      waiting.push(line);
      letters += line.text.length;
    }
    if (waiting.length > 4 * LINES_MOST || letters > 4 * LETTERS_MOST) thin();
    if (waiting.length) timer ??= setTimeout(tell, PAUSE_MS);
  };

  const end = (error: unknown) => {
    if (over.signal.aborted) return;
    tell(true);
    follower.end(error);
  };

  const follow = async () => {
    try {
      const hub = query.after ? await hubOf(app, actor, id, query.after) : null;
      if (over.signal.aborted) return;
      const joined = hub?.join(query.after!, { lines: take, end });
      if (hub && joined) {
        behind = hub.behind;
        over.signal.addEventListener('abort', joined.leave, { once: true });
        // What was left out before anybody looked at it may have been none of what is wanted.
        if (!query.q && query.stdout && query.stderr) left += joined.skipped;
        return take(joined.lines);
      }
      for await (const lines of await openLog(app, actor, id, query, { follow: true, signal: over.signal })) take(lines);
      end(null);
    } catch (error) {
      end(error);
    }
  };
  void follow();

  return () => {
    over.abort();
    clearTimeout(timer);
  };
}
