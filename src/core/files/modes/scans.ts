import { AppError } from '../../../lib/errors.ts';
import { ownId } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { countChanges, emptyCount, type Count } from './count.ts';
import type { Plan } from './plan.ts';
import type { Selection } from './protect.ts';

/** What the page is drawn from again while it waits. */
export interface Drawn {
  selection: Selection;
  fields: Record<string, string>;
  commands: string[];
}

interface Scan {
  userId: string;
  drawn: Drawn;
  count: Count;
  abort: AbortController;
  done: Promise<unknown>;
  error: unknown;
  lookedAt: number;
}

/** Nobody looks any more: the page is closed. */
const IDLE_MS = 15_000;

/** Counts that run while a page shows how far they are; one per person. */
export interface Scans {
  /** Starts one and waits up to `ms` for its end. @throws AppError */
  start(actor: Actor, plan: Plan, drawn: Drawn, ms: number): Promise<{ id: string; count: Count }>;
  /** @throws AppError not_found for one of somebody else, or that is over and forgotten */
  look(actor: Actor, id: string, ms: number): Promise<{ count: Count; drawn: Drawn }>;
}

export function createScans(app: App): Scans {
  const scans = new Map<string, Scan>();
  const end = (id: string) => {
    scans.get(id)?.abort.abort(new DOMException('nobody looks', 'AbortError'));
    scans.delete(id);
  };
  const sweep = () => {
    for (const [id, scan] of scans) if (Date.now() - scan.lookedAt > IDLE_MS) end(id);
  };
  const wait = async (scan: Scan, ms: number) => {
    await Promise.race([scan.done, Bun.sleep(ms)]);
    scan.lookedAt = Date.now();
    if (scan.error) throw scan.error;
    return scan.count;
  };
  return {
    async start(actor, plan, drawn, ms) {
      const userId = ownId(actor);
      sweep();
      for (const [id, scan] of scans) if (scan.userId === userId) end(id);
      const id = app.random.id();
      const abort = new AbortController();
      const count = emptyCount();
      const scan: Scan = { userId, drawn, count, abort, error: null, lookedAt: Date.now(), done: Promise.resolve() };
      scan.done = countChanges(app, actor, drawn.selection, plan, count, abort.signal).catch((error: unknown) => {
        if (!abort.signal.aborted) scan.error = error;
      });
      scans.set(id, scan);
      // A page that is closed asks no more: the count ends by itself.
      const watch = setInterval(() => {
        sweep();
        if (!scans.has(id) || scan.count.state !== 'counting') clearInterval(watch);
      }, 5000);
      watch.unref();
      return { id, count: await wait(scan, ms) };
    },
    async look(actor, id, ms) {
      const scan = scans.get(id);
      if (!scan || scan.userId !== ownId(actor)) throw new AppError('not_found', (t) => t.modes.errors.scanGone);
      return { count: await wait(scan, ms), drawn: scan.drawn };
    },
  };
}
