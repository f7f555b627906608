import type { Child } from 'hono/jsx';

interface SectionProps {
  /** Also the id of the heading (`<id>-h`) and the anchor of the section. */
  id: string;
  title: Child;
  note?: Child;
  /** At the end of the head: a link, a button. */
  end?: Child;
  /** Holds a table: no padding at the sides. */
  flush?: boolean;
  /** Inside `.panes`: no lines of its own. `wide` spans two. */
  pane?: boolean | 'wide';
  children?: Child;
}

/** A part of a page under its heading, divided from the others by hairlines. */
export function Section({ id, title, note, end, flush, pane, children }: SectionProps) {
  const name = [!pane && 'section', flush && 'flush', pane === 'wide' && 'wide'].filter(Boolean).join(' ');
  return (
    <section class={name || undefined} id={id} aria-labelledby={`${id}-h`}>
      <header class="section-head">
        <h2 id={`${id}-h`}>{title}</h2>
        {note ? <p>{note}</p> : null}
        {end ? <div class="push">{end}</div> : null}
      </header>
      {children}
    </section>
  );
}
