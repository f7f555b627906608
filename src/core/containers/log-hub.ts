import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import type { LogLine } from './log-lines.ts';
import { openLog } from './logs.ts';

/** Lines since the one that the first page has: more than come while a page is on its way. */
const CATCH_UP = 20_000;
/** Lines that are kept for who comes later, and their letters. */
const KEPT_LINES = 2000;
const KEPT_LETTERS = 1 << 20;
/** The first lines come within this time. */
const BEGIN_MS = 1000;
/** How many lines had come by when is written down so often, and kept so long: that much a page may be behind. */
const MARK_MS = 100;
/** Who asked for it joins at once, or has left while the engine thought about it. */
const JOIN_MS = 1000;
const MARKS = 600;

export interface LogListener {
  lines(lines: readonly LogLine[]): void;
  end(error: unknown): void;
}

export interface LogHub {
  /**
   * Goes on after a line, by its time. What is kept no longer is only counted.
   * @returns null where it is longer ago than anything here tells
   */
  join(after: string, listener: LogListener): { lines: readonly LogLine[]; skipped: number; leave(): void } | null;
  /** So many came at once in the beginning that there may have been more before them. */
  behind(): boolean;
}

const hubs = new WeakMap<App, Map<string, Promise<LogHub>>>();

/**
 * A container's log as it comes, read once from the engine for all who follow it: five pages cost the engine no more than one.
 * The first who comes says where it begins.
 * @throws AppError denied, not_found, unavailable
 */
export function hubOf(app: App, actor: Actor, id: string, after: string): Promise<LogHub> {
  need(actor, 'containers.inspect');
  const all = hubs.get(app) ?? new Map<string, Promise<LogHub>>();
  hubs.set(app, all);
  const known = all.get(id);
  if (known) return known;
  const over = new AbortController();
  const forget = () => {
    over.abort();
    if (all.get(id) === hub) all.delete(id);
  };
  // An engine that is asked for all since a moment reads the log from its first line, which takes it seconds.
  const query = { after, tail: CATCH_UP, q: '', stdout: true, stderr: true };
  const hub = openLog(app, actor, id, query, { follow: true, signal: over.signal }).then((portions) => createHub(portions, after, forget));
  all.set(id, hub);
  hub.catch(forget);
  return hub;
}

function createHub(portions: AsyncIterable<LogLine[]>, begin: string, close: () => void): LogHub {
  const listeners = new Set<LogListener>();
  let kept: LogLine[] = [];
  let letters = 0;
  /** Lines that have come in all, and how many had when the line of that time was the last. */
  let count = 0;
  const began = performance.now();
  let behind = false;
  let marks: { time: string; count: number }[] = [{ time: begin, count: 0 }];
  let marked = 0;

  function keep(lines: readonly LogLine[]) {
    count += lines.length;
    behind ||= count >= CATCH_UP && performance.now() - began < BEGIN_MS;
    for (const line of lines) {
      kept.push(line);
      letters += line.text.length;
    }
    if (kept.length > 2 * KEPT_LINES || letters > 2 * KEPT_LETTERS) {
      let from = 0;
      while (kept.length - from > KEPT_LINES || (letters > KEPT_LETTERS && kept.length - from > 1)) letters -= kept[from++]!.text.length;
      kept = kept.slice(from);
    }
    const time = lines.at(-1)?.time;
    if (time && performance.now() - marked > MARK_MS) {
      marked = performance.now();
      marks.push({ time, count });
      if (marks.length > 2 * MARKS) marks = marks.slice(-MARKS);
    }
  }

  async function follow() {
    let failed: unknown = null;
    try {
      for await (const lines of portions) {
        if (lines.length === 0) continue;
        keep(lines);
        for (const listener of listeners) listener.lines(lines);
      }
    } catch (error) {
      failed = error;
    }
    close();
    for (const listener of listeners) listener.end(failed);
  }
  // Whoever asked for it joins first.
  queueMicrotask(() => void follow());
  setTimeout(() => {
    if (listeners.size === 0) close();
  }, JOIN_MS);

  return {
    behind: () => behind,
    join(after, listener) {
      if (after < marks[0]!.time) return null;
      const at = kept.findIndex(({ time }) => time !== null && time > after);
      // All that is kept is newer: so many came between.
      const lost = at === 0 ? Math.max(0, count - kept.length - (marks.findLast(({ time }) => time <= after)?.count ?? 0)) : 0;
      listeners.add(listener);
      return {
        lines: at < 0 ? [] : kept.slice(at), skipped: lost,
        leave() {
          listeners.delete(listener);
          if (listeners.size === 0) close();
        },
      };
    },
  };
}
