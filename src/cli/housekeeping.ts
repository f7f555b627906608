import type { App } from '../core/app.ts';
import { housekeep } from '../core/maintenance/housekeep.ts';
import { tendTerminals } from '../core/terminal/tend.ts';

const LOOK_MS = 3_600_000;
const EVERY_MS = 24 * LOOK_MS;
/** What the wall clock may be off against the time that has passed: a slow clock being drawn in, not one being set. */
const DRIFT_MS = 60_000;

/**
 * Deletes what is too old, once a day, but only by a clock that can be believed: one that was just set, or that starts
 * wrong and is put right by the network a moment later, must not make everything look old. So the wall clock has to
 * agree for an hour with the time that has passed.
 */
export function keepHouse(app: App, work: (app: App) => unknown = housekeep): () => void {
  let seen = read(app);
  let doneAt = -Infinity;
  const look = () => {
    const now = read(app);
    const steady = Math.abs(now.wall - seen.wall - (now.passed - seen.passed)) < DRIFT_MS;
    seen = now;
    if (!steady) return app.log.warn('the clock was set: nothing is deleted for an hour', { now: new Date(now.wall).toISOString() });
    if (now.passed - doneAt < EVERY_MS) return;
    doneAt = now.passed;
    try {
      work(app);
    } catch (error) {
      app.log.error('housekeeping failed', { error: error as Error });
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}

const TEND_MS = 60_000;

/** Looks after the terminals while the panel runs. How long each has been quiet, a clock tells that nobody sets. */
export function keepTerminals(app: App, work: (app: App) => Promise<void> = tendTerminals): () => void {
  const timer = setInterval(() => void work(app).catch((error: unknown) => app.log.error('terminals not looked after', { error: error as Error })), TEND_MS);
  return () => clearInterval(timer);
}

const read = ({ clock }: App) => ({ wall: clock.now(), passed: clock.monotonic() });
