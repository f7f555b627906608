import type { ServiceRow, ServiceState, ServiceSystem, ServiceVerb } from '../../platform/services.ts';
import type { IconName } from '../parts/icon.tsx';
import { Dot, type State } from '../parts/mark.tsx';
import type { Ui } from '../ui.ts';

const DOTS: Record<ServiceState, State> = { failed: 'fail', starting: 'busy', stopping: 'busy', reloading: 'busy', running: 'ok', exited: 'ok', paused: 'warn', stopped: 'off', unknown: 'off' };

export function ServiceStateWord({ ui, row }: { ui: Ui; row: Pick<ServiceRow, 'state' | 'word' | 'template'> }) {
  const t = ui.t.services;
  return (
    <Dot state={DOTS[row.state]}>
      <span title={row.word || undefined}>{row.template ? t.template : t.states[row.state]}</span>
    </Dot>
  );
}

/** How it starts; the system's own word is in the title. */
export const StartWord = ({ ui, row }: { ui: Ui; row: Pick<ServiceRow, 'start' | 'startWord'> }) => <span title={row.startWord || undefined}>{ui.t.services.starts[row.start]}</span>;

/** What a change is called: on Windows some words mean more. */
export const verbWord = ({ t }: Ui, system: ServiceSystem | null, verb: ServiceVerb): string => (system === 'windows' ? t.services.doesWindows[verb] : undefined) ?? t.services.does[verb];

export const VERB_ICONS: Record<ServiceVerb, IconName> = { start: 'play', stop: 'stop', restart: 'restart', reload: 'refresh', enable: 'power', disable: 'minus', mask: 'lock', unmask: 'key', reset: 'check', manual: 'user' };
