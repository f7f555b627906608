import { systemClock, type Clock } from '../lib/clock.ts';

/** Numbers of the signals that end a process (signal(7)): a shell sees 128 + number. */
const ENDING = { SIGINT: 2, SIGTERM: 15 } as const;
/**
 * One stop may come by two ways: a package manager hands SIGTERM on to all its descendants, and the launcher between
 * hands on its own (`bun --no-orphans run start`). Nobody is impatient sooner than this.
 */
const SAME_STOP_MS = 300;

/**
 * The first Ctrl-C or SIGTERM stops in order, a second one at once.
 * Listened to until the process is gone: the database is in one file only when it is, and a signal that nobody listened
 * to would end it before.
 * `now` is told the exit code of a process that such a signal ended.
 */
export function onSignals(stop: () => void, now: (code: number) => void, { monotonic }: Clock = systemClock): void {
  let asked: number | undefined;
  for (const [signal, number] of Object.entries(ENDING)) {
    process.on(signal as keyof typeof ENDING, () => {
      if (asked === undefined) {
        asked = monotonic();
        return stop();
      }
      if (monotonic() - asked > SAME_STOP_MS) now(128 + number);
    });
  }
}
