import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Icon, type IconName } from './icon.tsx';

export interface TrayItem {
  href: string;
  title: Child;
  icon: IconName;
  state: 'running' | 'paused' | 'failed' | 'done';
  note: Child;
  /** 0…1; null runs without a known end. */
  progress?: number | null;
  /** A button: cancel, dismiss. */
  end?: Child;
}

interface TrayProps {
  ui: Ui;
  title: Child;
  items: readonly TrayItem[];
}

/**
 * Running work in the corner. GET /tasks/tray answers with it (or with nothing when nothing is left);
 * while something runs it asks again by itself. tray.js remembers whether it is folded.
 */
export function Tray({ ui, title, items }: TrayProps) {
  if (items.length === 0) return null;
  const running = items.filter((item) => item.state === 'running');
  const known = running.filter((item) => typeof item.progress === 'number');
  const total =
    known.length === running.length && known.length
      ? known.reduce((sum, item) => sum + item.progress!, 0) / known.length
      : undefined;
  const again = running.length
    ? { 'hx-get': '/tasks/tray', 'hx-trigger': 'every 2s', 'hx-target': '#tray', 'hx-swap': 'innerMorph' }
    : {};
  return (
    <details class="tray" id="tray-open" open {...again}>
      <summary>
        <span class="grow clip">{title}</span>
        <Icon ui={ui} name="chevron-down" class="tray-fold" />
        {running.length ? <progress max={1} value={total} aria-label={ui.t.shell.nav.tasks}></progress> : null}
      </summary>
      <ul>
        {items.map((item) => (
          <li data-state={item.state}>
            <Icon ui={ui} name={item.state === 'done' ? 'check' : item.state === 'failed' ? 'alert' : item.icon} />
            <a class="clip" href={item.href}>
              {item.title}
            </a>
            {item.state === 'running' || item.state === 'paused' ? (
              <progress
                max={1}
                value={item.progress ?? undefined}
                aria-label={typeof item.title === 'string' ? item.title : undefined}
              ></progress>
            ) : null}
            <small>{item.note}</small>
            {item.end ? <div class="acts">{item.end}</div> : null}
          </li>
        ))}
      </ul>
    </details>
  );
}
