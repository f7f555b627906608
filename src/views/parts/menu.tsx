import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Icon, type IconName } from './icon.tsx';

interface MenuProps {
  ui: Ui;
  id: string;
  /** The button's word, or only its label when there is an icon without a word. */
  label: string;
  icon?: IconName;
  /** Only the icon: `⋯` in table rows. */
  iconOnly?: boolean;
  small?: boolean;
  ghost?: boolean;
  /** Links and buttons; `<hr>` between, `<h3>` above, `.danger` on what destroys. */
  children?: Child;
}

/** A button and its menu: a popover, so it opens and closes without JavaScript; menu.js adds the arrow keys. */
export function Menu({ ui, id, label, icon, iconOnly, small, ghost, children }: MenuProps) {
  const name = ['btn', (ghost || iconOnly) && 'ghost', iconOnly && 'only', small && 'sm'].filter(Boolean).join(' ');
  return (
    <>
      <button
        class={name}
        type="button"
        popovertarget={id}
        aria-label={iconOnly ? label : undefined}
        title={iconOnly ? label : undefined}
      >
        {icon ? <Icon ui={ui} name={icon} /> : null}
        {iconOnly ? null : label}
        {iconOnly ? null : <Icon ui={ui} name="chevron-down" />}
      </button>
      <div class="menu" id={id} popover="auto">
        {children}
      </div>
    </>
  );
}
