import type { Child } from 'hono/jsx';

interface ProgressProps {
  label: string;
  /** Missing: it runs, and nobody knows how long. */
  value?: number | null;
  max?: number;
  state?: 'paused' | 'failed' | 'done';
  /** Words above the bar. */
  title?: Child;
  figure?: Child;
}

/** How far something has come. */
export function Progress({ label, value, max = 1, state, title, figure }: ProgressProps) {
  const bar = <progress max={max} value={value ?? undefined} aria-label={label}></progress>;
  if (!title) return bar;
  return (
    <div class="gauge small" data-state={state}>
      <span class="row">
        <span class="grow">{title}</span>
        {figure ? <span class="muted">{figure}</span> : null}
      </span>
      {bar}
    </div>
  );
}
