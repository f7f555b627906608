import type { Ui } from '../ui.ts';

/** When: relative under a day, else the date; the whole of it on hover. time.js keeps it true while the page is open. */
export function Time({ ui, at }: { ui: Ui; at: number }) {
  return (
    <time datetime={new Date(at).toISOString()} title={ui.fmt.full(at)} data-relative>
      {ui.fmt.relative(at, ui.now)}
    </time>
  );
}

/** A point in time as such: `Nov 22, 2026, 21:24`. */
export function DateTime({ ui, at }: { ui: Ui; at: number }) {
  return (
    <time datetime={new Date(at).toISOString()} title={ui.fmt.full(at)}>
      {ui.fmt.dateTime(at)}
    </time>
  );
}
