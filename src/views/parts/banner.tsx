import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Icon, type IconName } from './icon.tsx';

interface BannerProps {
  ui: Ui;
  tone?: 'ok' | 'warn' | 'danger';
  icon?: IconName;
  title?: Child;
  text?: Child;
  /** Read out at once: only for what has just gone wrong. */
  alert?: boolean;
  id?: string;
  /** Buttons, then a progress if there is one. */
  children?: Child;
}

const ICONS: Record<string, IconName> = { ok: 'check', warn: 'warning', danger: 'alert' };

/** A line across the page, above what it is about. */
export function Banner({ ui, tone, icon, title, text, alert, id, children }: BannerProps) {
  return (
    <div class="banner" id={id} data-tone={tone} role={alert ? 'alert' : undefined}>
      <Icon ui={ui} name={icon ?? ICONS[tone ?? ''] ?? 'info'} />
      <p>
        {title ? <b>{title} </b> : null}
        {text}
      </p>
      {children}
    </div>
  );
}
