import type { ServiceLine } from '../../platform/services.ts';
import type { Ui } from '../ui.ts';

const LEVELS = ['error', 'error', 'error', 'error', 'warn', 'info', 'info', 'debug'];

/** What a service said, oldest first. */
export function ServiceLines({ ui, label, lines }: { ui: Ui; label: string; lines: readonly ServiceLine[] }) {
  return (
    <ol class="log service-log" tabindex={0} aria-label={label}>
      {lines.map(({ at, priority, from, text }) => (
        <li data-level={LEVELS[priority] ?? 'info'}>
          <time datetime={new Date(at).toISOString()} title={ui.fmt.dateTime(at)}>{new Date(at).toISOString().slice(11, 19)}</time>
          <b>{from}</b>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}
