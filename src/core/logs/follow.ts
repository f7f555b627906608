import { AppError } from '../../lib/errors.ts';
import { createPortions } from '../../lib/portions.ts';
import type { LogEntry, LogFilter } from '../../platform/logs.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { followFile } from './files/follow.ts';
import { hubOf, openHub, type LogListener } from './hub.ts';
import { needJournal } from './logs.ts';
import { filterOf, isFile, type LogQuery } from './query.ts';
import { createSieve } from './sieve.ts';

/** Entries between a page and what follows it: more than come while it is on its way. */
const CATCH_UP = 2000;
const PATIENCE_MS = 5000;

export interface LogFollower {
  /** `left`: how many came before these that are left out, as there were too many. */
  entries(entries: LogEntry[], left: number): void;
  /** Has it taken what it was told before? Until then nothing is kept for it but the newest. */
  ready(): boolean;
  /** The place is taken: whatever is written from now on is told. */
  begun?(): void;
  /** Nothing comes any more; `error` says why, null: the log has ended. */
  end(error: unknown): void;
}

/**
 * Tells what is written after an entry (null: from now on), until the returned function is called. What comes too fast is left
 * out, the newest stay. @throws AppError denied, invalid
 */
export function followLogs(app: App, actor: Actor, query: LogQuery, after: string | null, follower: LogFollower): () => void {
  need(actor, 'logs.read');
  const filter = filterOf(query);
  const over = new AbortController();
  const portions = createPortions<LogEntry>(({ message }) => message.length, { lines: (entries, left) => follower.entries(entries, left), ready: () => follower.ready() });
  const sieve = createSieve(app, filter.match, portions, over.signal);
  const listener: LogListener = {
    entries: (entries) => sieve.take(entries.map((entry) => ({ entry, text: entry.message }))),
    async end(error) {
      await sieve.settled();
      if (over.signal.aborted) return;
      portions.flush();
      follower.end(error);
    },
  };
  const begin = isFile(query.source)
    ? followFile(app, actor, query.source, filter, after, { lines: sieve.take, end: listener.end }, over.signal)
    : attach(app, filter, after, listener, portions.missed, over.signal);
  void begin.then(() => follower.begun?.(), (error: unknown) => listener.end(error));
  return () => {
    over.abort();
    portions.stop();
  };
}

/**
 * Joins who follows the same, or begins to. In between nothing is lost and nothing told twice: what came since the page is read
 * while what comes is held back.
 */
async function attach(app: App, filter: LogFilter, after: string | null, listener: LogListener, missed: (n: number) => void, signal: AbortSignal): Promise<void> {
  await needJournal(app);
  // From now on: what is written while it begins is told as well.
  let from = after ?? (await app.host.logs.page({}, { from: null, to: 'older', limit: 1, patience: PATIENCE_MS, signal })).entries[0]?.cursor ?? null;
  if (!hubOf(app, filter)) {
    const { entries, last, more } = await since(app, filter, from, signal);
    from = last;
    if (more) missed(CATCH_UP);
    listener.entries(more ? [] : entries);
  }
  if (signal.aborted) return;
  const hub = hubOf(app, filter) ?? openHub(app, filter, from);
  let held: LogEntry[] | null = [];
  const joined = hub.join({
    end: (error) => listener.end(error),
    entries(entries) {
      if (!held) return listener.entries(entries);
      held.push(...entries);
      if (held.length > 2 * CATCH_UP) missed(held.splice(0, held.length - CATCH_UP).length);
    },
  });
  signal.addEventListener('abort', joined.leave, { once: true });
  const at = joined.kept.findIndex(({ cursor }) => cursor === from);
  if (at >= 0 || joined.kept.length === 0) {
    listener.entries(joined.kept.slice(at + 1));
    listener.entries(held);
  } else {
    const { entries, more } = await since(app, filter, from, signal);
    const told = new Set(entries.map(({ cursor }) => cursor));
    if (more) missed(CATCH_UP);
    listener.entries(more ? joined.kept : entries);
    listener.entries(held.filter(({ cursor }) => !told.has(cursor)));
  }
  held = null;
}

/** What was written after an entry. Too much of it is not told: then it goes on from the newest. */
async function since(app: App, filter: LogFilter, from: string | null, signal: AbortSignal): Promise<{ entries: LogEntry[]; last: string | null; more: boolean }> {
  if (from === null) return { entries: [], last: null, more: false };
  const asked = { ...filter, match: undefined, since: undefined, until: undefined };
  const { entries, more } = await app.host.logs.page(asked, { from, to: 'newer', limit: CATCH_UP, patience: PATIENCE_MS, signal });
  if (!more) return { entries, last: entries.at(-1)?.cursor ?? from, more };
  const newest = await app.host.logs.page(asked, { from: null, to: 'older', limit: 1, patience: PATIENCE_MS, signal });
  return { entries: [], last: newest.entries[0]?.cursor ?? from, more };
}

/**
 * Who reads an API has a queue: it is told the next when it has taken the last. Nothing is answered before the place is taken, so that
 * whoever has an answer is told all that is written from then on.
 */
export async function followedLogs(app: App, actor: Actor, query: LogQuery, after: string | null, signal: AbortSignal): Promise<AsyncIterable<readonly (LogEntry | { left: number })[]>> {
  const begun = Promise.withResolvers<void>();
  let queue: (LogEntry | { left: number })[] = [];
  let ended: { error: unknown } | null = null as { error: unknown } | null;
  let wake = () => {};
  const stop = followLogs(app, actor, query, after, {
    begun: begun.resolve,
    ready: () => queue.length === 0,
    entries(entries, left) {
      queue.push(...(left ? [{ left }] : []), ...entries);
      wake();
    },
    end(error) {
      ended = { error };
      begun.resolve();
      wake();
    },
  });
  // Also where nobody reads what comes of it.
  signal.addEventListener('abort', () => (stop(), begun.resolve(), wake()), { once: true });
  async function* portions() {
    try {
      while (!signal.aborted) {
        if (queue.length) {
          const portion = queue;
          queue = [];
          yield portion;
        } else if (ended) {
          const { error } = ended;
          if (error && !(error instanceof AppError)) app.log.warn('log not followed', { source: query.source, error: error as Error });
          return;
        } else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      stop();
    }
  }
  await begun.promise;
  return portions();
}
