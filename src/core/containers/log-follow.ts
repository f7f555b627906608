import { createPortions } from '../../lib/portions.ts';
import type { Actor, App } from '../app.ts';
import { hubOf } from './log-hub.ts';
import type { LogLine } from './log-lines.ts';
import { lineFilter, openLog, type LogQuery } from './logs.ts';

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
  let behind = () => false;

  const portions = createPortions<LogLine>(({ text }) => text.length, {
    ready: () => follower.ready(),
    lines(lines, left) {
      // Said once: what came before the first of them.
      const least = left > 0 && behind();
      if (least) behind = () => false;
      follower.lines(lines, left, least);
    },
  });

  const take = (lines: readonly LogLine[]) => portions.take(lines.filter(wanted));

  const end = (error: unknown) => {
    if (over.signal.aborted) return;
    portions.flush();
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
        if (!query.q && query.stdout && query.stderr) portions.missed(joined.skipped);
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
    portions.stop();
  };
}
