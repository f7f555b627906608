import type { Container, ContainerState, Port } from '../../core/containers/container.ts';
import type { ContainerAction } from '../../core/containers/containers.ts';
import type { IconName } from '../parts/icon.tsx';
import type { State } from '../parts/mark.tsx';
import type { Ui } from '../ui.ts';

/** A short run that ended well has finished: nothing is wrong with it. */
const hasFinished = ({ state, exitCode }: Container) => state === 'exited' && exitCode === 0;

const DOTS: Record<ContainerState, State> = { running: 'ok', paused: 'busy', restarting: 'warn', created: 'off', exited: 'off', removing: 'busy', dead: 'fail' };

export function dotOf(one: Container): State {
  if (one.health === 'unhealthy') return 'warn';
  if (one.health === 'starting') return 'busy';
  return one.state === 'exited' && !hasFinished(one) ? 'fail' : DOTS[one.state];
}

/** "Healthy", "Stopped": its health says more than that it runs. */
export function stateWord(ui: Ui, one: Container): string {
  const t = ui.t.containers;
  if (one.state === 'running' && one.health) return t.health[one.health];
  return hasFinished(one) ? t.finished : t.states[one.state];
}

/** "for 12 days", "exit 137, 2 weeks ago". */
export function stateNote(ui: Ui, { state, sinceMs, exitCode }: Container): string {
  const t = ui.t.containers;
  if (sinceMs === null) return '';
  // Of an engine whose clock is ahead, too.
  const justNow = sinceMs < 1000;
  const duration = ui.fmt.duration(sinceMs);
  if (exitCode !== null) return justNow ? t.exitCodeNow({ code: exitCode, now: ui.t.parts.time.now }) : t.exitCode({ code: exitCode, duration });
  if (state !== 'running' && state !== 'paused') return '';
  return justNow ? ui.t.parts.time.now : t.upFor({ duration });
}

/** `3000→80`, `53→53/udp`; the address only where it is one of several. */
export const portText = ({ host, container, protocol }: Port) => `${host === null ? '' : `${host}→`}${container}${protocol === 'tcp' ? '' : `/${protocol}`}`;

export const ACTION_ICONS: Record<ContainerAction, IconName> = { start: 'play', stop: 'stop', restart: 'restart', pause: 'pause', unpause: 'play', kill: 'bolt', remove: 'trash' };

/** What makes sense now, the likeliest first. */
export function actionsFor({ state }: Container): ContainerAction[] {
  if (state === 'running') return ['restart', 'stop', 'pause', 'kill', 'remove'];
  if (state === 'paused') return ['unpause', 'stop', 'kill', 'remove'];
  if (state === 'restarting') return ['stop', 'kill', 'remove'];
  return state === 'removing' ? [] : ['start', 'remove'];
}
