import type { App } from '../core/app.ts';
import type { ServiceRow } from '../platform/services.ts';
import { frame, type Stream } from './sse.ts';

/** How often a look is taken while somebody sees the list; a machine that is slow to answer is asked less often. */
const EVERY_MS = 2000;
const SHARE = 1 / 20;
const SELDOM_MS = 20_000;
/** Memory that moves less than this is not told. */
const MOVES = 64 << 10;

/** Everyone who sees services. */
export interface ServicesFeed {
  join(stream: Stream): void;
}

/** What makes a list look different, but for its memory. */
const looks = (rows: readonly ServiceRow[]) => new Map(rows.map((row) => [row.name, `${row.state} ${row.word} ${row.startWord} ${row.pid} ${row.since}`]));

/** One look for all pages: which services are others than before, and what they use. */
export function createServicesFeed(app: App): ServicesFeed {
  const streams = new Set<Stream>();
  let before: Map<string, string> | null = null;
  let memory = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let failing = false;

  const tell = (event: string, payload: object) => {
    const bytes = frame(event, JSON.stringify(payload));
    for (const stream of streams) stream.sendFrame(bytes);
  };

  async function look() {
    const rows = await app.host.services.list();
    const now = looks(rows);
    if (before) {
      const old = before;
      const names = [...new Set([...now.keys(), ...old.keys()])].filter((name) => now.get(name) !== old.get(name));
      if (names.length) tell('changed', { names: names.slice(0, 500) });
    }
    before = now;
    const used = rows.filter((row) => row.memory !== null && Math.abs(row.memory - (memory.get(row.name) ?? 0)) >= MOVES).map((row) => [row.name, row.memory!] as const);
    for (const [name, bytes] of used) memory.set(name, bytes);
    if (used.length) tell('used', { used });
  }

  async function round() {
    clearTimeout(timer);
    timer = undefined;
    if (streams.size === 0) {
      before = null;
      memory = new Map();
      return;
    }
    if (looking) return;
    looking = true;
    const began = performance.now();
    try {
      await look();
      failing = false;
    } catch (error) {
      if (!failing) app.log.warn('services could not be read', { error: error as Error });
      failing = true;
    } finally {
      looking = false;
    }
    timer = setTimeout(() => void round(), Math.min(SELDOM_MS, Math.max(EVERY_MS, (performance.now() - began) / SHARE)));
  }

  app.bus.on('services.changed', () => void (streams.size && round()));
  return {
    join(stream) {
      streams.add(stream);
      stream.onEnd(() => streams.delete(stream));
      if (memory.size) stream.send('used', JSON.stringify({ used: [...memory] }));
      if (!timer && !looking) void round();
    },
  };
}
