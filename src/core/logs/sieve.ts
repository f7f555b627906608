import { Mutex } from '../../lib/mutex.ts';
import type { LogEntry, LogMatch } from '../../platform/logs.ts';
import type { App } from '../app.ts';
import type { ReadLine } from './files/read.ts';

/** ms that lines are looked at before everybody else has their turn; one line takes 30 at worst. */
const SLICE_MS = 10;
/** Lines and letters that wait for their turn; the oldest of more are left out. */
const LINES_MOST = 20_000;
const LETTERS_MOST = 4 << 20;

export interface Sieve {
  take(lines: readonly ReadLine[]): void;
  /** Resolves when all that was taken has been looked at. */
  settled(): Promise<void>;
}

interface Told {
  take(entries: LogEntry[]): void;
  missed(n: number): void;
}

const slices = new WeakMap<App, Mutex>();

/**
 * Looks for a text in lines that come live. An expression on half a megabyte, which is what comes at once, takes up to half a
 * second: so it is done in slices, of one reader at a time, and what all else of the panel waits does not grow with the readers.
 */
export function createSieve(app: App, match: LogMatch | undefined, told: Told, signal: AbortSignal): Sieve {
  if (!match) return { take: (lines) => told.take(lines.map(({ entry }) => entry)), settled: async () => {} };
  const turns = slices.get(app) ?? new Mutex();
  slices.set(app, turns);
  let waiting: ReadLine[] = [];
  let letters = 0;
  let working: Promise<void> | null = null;

  async function slice() {
    const end = performance.now() + SLICE_MS;
    const found: LogEntry[] = [];
    let at = 0;
    while (at < waiting.length && performance.now() < end) {
      const { text, entry } = waiting[at++]!;
      letters -= text.length;
      if (match!.test(text)) found.push(entry);
    }
    waiting = waiting.slice(at);
    if (found.length && !signal.aborted) told.take(found);
    // A timer and no microtask: requests come in between.
    await Bun.sleep(0);
  }

  async function work() {
    while (waiting.length && !signal.aborted) await turns.run('slice', slice);
    working = null;
  }

  function thin() {
    let from = 0;
    while (waiting.length - from > LINES_MOST || (letters > LETTERS_MOST && waiting.length - from > 1)) letters -= waiting[from++]!.text.length;
    if (from === 0) return;
    waiting = waiting.slice(from);
    told.missed(from);
  }

  return {
    take(lines) {
      for (const line of lines) {
        waiting.push(line);
        letters += line.text.length;
      }
      thin();
      if (waiting.length) working ??= work();
    },
    settled: async () => void (await working),
  };
}
