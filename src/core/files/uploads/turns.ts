import { stopped } from './refusal.ts';

/** Whoever waits for an upload waits this long for the request that has it. */
const WAIT_MS = 20_000;

interface Holder {
  /** Asks it to end. */
  ask(): unknown;
  ended: PromiseWithResolvers<void>;
}

/**
 * One request at a time for each upload; the next one asks the one before it to end. After a line broke the sender is
 * back long before the panel notices that the old request is dead. (The library's own MemoryLocker asks again in every
 * turn of the event loop while it waits.)
 */
function createTurns() {
  const holders = new Map<string, Holder>();
  async function lock(id: string, signal: AbortSignal, ask: () => unknown) {
    const until = Date.now() + WAIT_MS;
    for (let holder = holders.get(id); holder; holder = holders.get(id)) {
      holder.ask();
      const left = until - Date.now();
      if (left <= 0 || signal.aborted) throw stopped();
      await within(holder.ended.promise, left);
    }
    holders.set(id, { ask, ended: Promise.withResolvers() });
  }
  function unlock(id: string) {
    const holder = holders.get(id);
    holders.delete(id);
    holder?.ended.resolve();
  }
  return {
    /** As @tus/server asks for one (`locker`). */
    newLock: (id: string) => ({ lock: (signal: AbortSignal, ask: () => unknown) => lock(id, signal, ask), unlock: async () => unlock(id) }),
    held: (id: string) => holders.has(id),
  };
}

type Turns = ReturnType<typeof createTurns>;

const kept = new WeakMap<object, Turns>();

/** Those of this panel. */
export function turnsOf(app: object): Turns {
  const found = kept.get(app) ?? createTurns();
  kept.set(app, found);
  return found;
}

async function within(work: Promise<void>, ms: number) {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([work, late.promise]);
  clearTimeout(timer);
}
