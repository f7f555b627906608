import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Icon, type IconName } from './icon.tsx';

export interface Step {
  state?: 'done' | 'now' | 'fail';
  label: Child;
  note?: Child;
  /** At the end: how long it took. */
  time?: Child;
}

const ICONS: Record<NonNullable<Step['state']>, IconName> = { done: 'check', now: 'refresh', fail: 'x' };

/** What a run does, one after the other; what has not begun is quiet. */
export function Steps({ ui, steps }: { ui: Ui; steps: readonly Step[] }) {
  return (
    <ol class="steps">
      {steps.map((step) => (
        <li data-state={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
          {step.state ? <Icon ui={ui} name={ICONS[step.state]} /> : <span class="dot" data-state="off"></span>}
          <span>{step.label}</span>
          {step.time ? <span class="when">{step.time}</span> : null}
          {step.note ? <small>{step.note}</small> : null}
        </li>
      ))}
    </ol>
  );
}
