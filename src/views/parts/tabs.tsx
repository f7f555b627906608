import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Icon, type IconName } from './icon.tsx';

export interface Tab {
  href: string;
  label: Child;
  icon?: IconName;
  current?: boolean;
  /** Left out on phones. */
  desktop?: boolean;
  attrs?: Readonly<Record<string, string>>;
}

/** Pages beside each other: links under one head. */
export function Tabs({ ui, label, tabs }: { ui: Ui; label: string; tabs: readonly Tab[] }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a href={tab.href} aria-current={tab.current ? 'page' : undefined} {...tab.attrs}>
          {tab.icon ? <Icon ui={ui} name={tab.icon} /> : null}
          {tab.label}
        </a>
      ))}
    </nav>
  );
}

/** Two to five short choices that change what the page shows: links, so each can be shared. */
export function Seg({ ui, label, tabs, push }: { ui: Ui; label: string; tabs: readonly Tab[]; push?: boolean }) {
  return (
    <nav class={push ? 'seg push' : 'seg'} aria-label={label}>
      {tabs.map((tab) => (
        <a
          href={tab.href}
          class={tab.desktop ? 'desktop' : undefined}
          aria-current={tab.current ? 'true' : undefined}
          {...tab.attrs}
        >
          {tab.icon ? <Icon ui={ui} name={tab.icon} /> : null}
          {tab.label}
        </a>
      ))}
    </nav>
  );
}

/** The same for a form: one of a few, as radio buttons. */
export function SegField({
  name,
  label,
  value,
  choices,
  hideLabel,
}: {
  name: string;
  label: string;
  value?: string;
  choices: readonly { value: string; label: Child }[];
  hideLabel?: boolean;
}) {
  return (
    <fieldset class="field">
      <legend class={hideLabel ? 'vh' : 'label'}>{label}</legend>
      <div class="seg">
        {choices.map((choice) => (
          <label>
            <input type="radio" name={name} value={choice.value} checked={choice.value === value} />
            {choice.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
