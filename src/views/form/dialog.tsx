import { Icon, type IconName } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';

/**
 * Attributes of a link to a form: with JavaScript it opens in the dialog of the page (public/js/asked.js), where what was
 * asked for last is shown.
 */
export const asks = (href: string) => ({ href, 'hx-get': href, 'hx-target': '#form-dialog', 'hx-swap': 'innerHTML', 'hx-select': '#dialog-form', 'hx-sync': '#form-dialog:replace' });

/** Where those forms open. */
export function FormDialog({ wide }: { wide?: boolean }) {
  return <dialog class={wide ? 'dialog wide' : 'dialog'} id="form-dialog" hx-sync="this:replace" aria-labelledby="dialog-form-h"></dialog>;
}

interface AskIconProps {
  ui: Ui;
  href: string;
  icon: IconName;
  /** With the name of what it is about. */
  label: string;
  /** When somebody points at it; the label when left out. */
  title?: string;
}

/** A sign in a row that asks in that dialog. */
export function AskIcon({ ui, href, icon, label, title = label }: AskIconProps) {
  return (
    <a class="btn ghost only sm" {...asks(href)} aria-label={label} title={title}>
      <Icon ui={ui} name={icon} />
    </a>
  );
}
