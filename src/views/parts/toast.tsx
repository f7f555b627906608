import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Icon, type IconName } from './icon.tsx';

export type ToastTone = 'ok' | 'warn' | 'danger';

interface ToastProps {
  ui: Ui;
  tone?: ToastTone;
  title: Child;
  text?: Child;
  /** What it is about: a newer one about the same takes its place. */
  about?: string;
  /** An `Undo`, a `Log`. */
  children?: Child;
}

const ICONS: Record<ToastTone, IconName> = { ok: 'check', warn: 'warning', danger: 'alert' };

/** A word in the corner: 6 s, 20 s with something to press, longer while the pointer or the focus is on it; errors stay until dismissed (toast.js). */
export function Toast({ ui, tone = 'ok', title, text, about, children }: ToastProps) {
  return (
    <div class="toast" data-tone={tone} data-about={about} role={tone === 'danger' ? 'alert' : undefined}>
      <Icon ui={ui} name={ICONS[tone]} />
      <p class="grow">
        {title}
        {text ? <small>{text}</small> : null}
      </p>
      {children}
      <button class="btn ghost only sm" type="button" data-dismiss aria-label={ui.t.parts.dismiss}>
        <Icon ui={ui} name="x" />
      </button>
    </div>
  );
}

/** The same as a fragment beside others: htmx adds it to the corner. */
export function ToastFragment(props: ToastProps) {
  return (
    <div hx-swap-oob="beforeend:#toasts">
      <Toast {...props} />
    </div>
  );
}
