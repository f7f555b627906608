import type { Child } from 'hono/jsx';

interface MeterProps {
  /** Read out before the value. */
  label: string;
  value: number;
  max?: number;
  /** From here on it is worth a look, from there on it is bad (share of max). */
  low?: number;
  high?: number;
  id?: string;
}

/** How full: bamboo, orange from `low`, red from `high`. The number stands beside it, always. */
export function Meter({ label, value, max = 100, low = 0.75, high = 0.9, id }: MeterProps) {
  const shown = Math.min(Math.max(value, 0), max);
  return (
    <meter
      id={id}
      min={0}
      max={max}
      low={max * low}
      high={max * high}
      optimum={0}
      value={shown}
      aria-label={label}
    ></meter>
  );
}

/** In table cells: a short bar and the number. */
export function Micro({ children, ...meter }: MeterProps & { children: Child }) {
  return (
    <div class="micro">
      <span>{children}</span>
      <Meter {...meter} />
    </div>
  );
}

interface GaugeProps extends MeterProps {
  title: Child;
  /** At the end of the first line: `62.4 / 100 GB`. */
  figure: Child;
  note?: Child;
}

/** One of a stack: name and amount, the bar, a note. */
export function Gauge({ title, figure, note, ...meter }: GaugeProps) {
  return (
    <div class="gauge">
      <p class="row small">
        <b class="grow clip">{title}</b>
        <span class="nowrap">{figure}</span>
      </p>
      <Meter {...meter} />
      {note ? <small>{note}</small> : null}
    </div>
  );
}
