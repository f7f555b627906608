import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Icon, type IconName } from './icon.tsx';

export type State = 'ok' | 'busy' | 'warn' | 'fail' | 'off';
export type Tone = 'ok' | 'warn' | 'danger' | 'accent';

/** A dot beside a word: colour never says it alone. */
export function Dot({ state, children }: { state: State; children?: Child }) {
  const dot = <span class="dot" data-state={state}></span>;
  return children ? (
    <span class="dotted">
      {dot}
      {children}
    </span>
  ) : (
    dot
  );
}

const TONE_ICONS: Record<Exclude<Tone, 'accent'>, IconName> = { ok: 'check', warn: 'warning', danger: 'x' };

/** A short word on a wash; the tones that mean something carry an icon too. */
export function Tag({ ui, tone, icon, children }: { ui: Ui; tone?: Tone; icon?: IconName; children?: Child }) {
  const name = icon ?? (tone && tone !== 'accent' ? TONE_ICONS[tone] : undefined);
  return (
    <span class="tag" data-tone={tone}>
      {name ? <Icon ui={ui} name={name} /> : null}
      {children}
    </span>
  );
}
