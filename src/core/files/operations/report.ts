import type { Clock } from '../../../lib/clock.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import type { Counts } from './run.ts';
import type { Amount } from './scan.ts';

/** A file without bytes takes time too: it counts like so many. */
const ENTRY_BYTES = 4096;
const LINE_MS = 5000;

/** Progress by bytes done of all, and a line in the log now and then. */
export function reporter(clock: Clock, task: Pick<TaskContext, 'log' | 'progress'>, total: Amount) {
  const all = total.bytes + total.entries * ENTRY_BYTES;
  let next = clock.monotonic() + LINE_MS;
  let bytes = 0;
  const line = (counts: Counts) => {
    const left = [counts.skipped && `${counts.skipped} skipped`, counts.failed && `${counts.failed} failed`].filter(Boolean).join(', ');
    return `${counts.entries} of ${total.entries} entries, ${bytes} of ${total.bytes} bytes${left && `, ${left}`}`;
  };
  return {
    advance(more: number, counts: Counts) {
      bytes += more;
      // Sources grow while they are copied: never past the end before the end.
      if (all > 0) task.progress(Math.min(0.99, (bytes + counts.entries * ENTRY_BYTES) / all));
      if (clock.monotonic() < next) return;
      next = clock.monotonic() + LINE_MS;
      task.log(line(counts));
    },
    end: (counts: Counts) => task.log(line(counts)),
  };
}
