import type { LogEntry, LogFilter } from '../../platform/logs.ts';
import type { App } from '../app.ts';

/** Entries that are kept for who comes later, and their letters. */
const KEPT = 2000;
const KEPT_LETTERS = 1 << 20;

export interface LogListener {
  entries(entries: readonly LogEntry[]): void;
  end(error: unknown): void;
}

export interface LogHub {
  /** What is kept, the newest last; what comes from now on goes to the listener. */
  join(listener: LogListener): { kept: readonly LogEntry[]; leave(): void };
}

const hubs = new WeakMap<App, Map<string, LogHub>>();

/** How many logs are followed: for tests of what is left behind. */
export const followedLogs = (app: App) => hubs.get(app)?.size ?? 0;

const keyOf = ({ unit, identifier, kernel, priority, boot }: LogFilter) => JSON.stringify([unit, identifier, kernel, priority, boot]);

/** The one that follows the same, whatever text its readers look for. */
export const hubOf = (app: App, filter: LogFilter): LogHub | undefined => hubs.get(app)?.get(keyOf(filter));

/** Follows the log after an entry, once for all who ask for the same; it ends with the last of them. */
export function openHub(app: App, filter: LogFilter, after: string | null): LogHub {
  const all = hubs.get(app) ?? new Map<string, LogHub>();
  hubs.set(app, all);
  const key = keyOf(filter);
  const over = new AbortController();
  const listeners = new Set<LogListener>();
  let kept: LogEntry[] = [];
  let letters = 0;

  const close = () => {
    over.abort();
    if (all.get(key) === hub) all.delete(key);
  };

  function keep(entries: readonly LogEntry[]) {
    for (const entry of entries) {
      kept.push(entry);
      letters += entry.message.length;
    }
    if (kept.length <= 2 * KEPT && letters <= 2 * KEPT_LETTERS) return;
    let from = 0;
    while (kept.length - from > KEPT || (letters > KEPT_LETTERS && kept.length - from > 1)) letters -= kept[from++]!.message.length;
    kept = kept.slice(from);
  }

  async function follow() {
    let failed: unknown = null;
    try {
      for await (const entries of app.host.logs.follow({ ...filter, match: undefined, since: undefined, until: undefined }, after, over.signal)) {
        keep(entries);
        for (const listener of listeners) listener.entries(entries);
      }
    } catch (error) {
      failed = error;
    }
    const left = [...listeners];
    close();
    for (const listener of left) listener.end(failed);
  }

  const hub: LogHub = {
    join(listener) {
      listeners.add(listener);
      return {
        kept,
        leave() {
          listeners.delete(listener);
          if (listeners.size === 0) close();
        },
      };
    },
  };
  all.set(key, hub);
  // Whoever asked for it joins first.
  queueMicrotask(() => void follow());
  return hub;
}
