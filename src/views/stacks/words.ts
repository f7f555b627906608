import type { Stack } from '../../core/stacks/stack.ts';
import type { StackAction } from '../../core/stacks/act.ts';
import type { IconName } from '../parts/icon.tsx';
import type { State } from '../parts/mark.tsx';
import type { Ui } from '../ui.ts';

const DOTS: Record<Stack['state'], State> = { running: 'ok', partial: 'warn', stopped: 'off', down: 'off' };

export function dotOf({ state, health }: Stack): State {
  if (health === 'unhealthy') return 'warn';
  return health === 'starting' ? 'busy' : DOTS[state];
}

/** "Healthy" where somebody looks, else that it runs. */
export function stateWord(ui: Ui, { state, health }: Stack): string {
  return state === 'running' && health ? ui.t.containers.health[health] : ui.t.stacks.states[state];
}

/** Where its files are, for people. */
export function placeWord(ui: Ui, { own, folder, gone }: Stack): string {
  const t = ui.t.stacks;
  if (own) return t.own;
  return folder === null ? t.unknownPlace : gone.length ? `${folder} (${t.gone})` : folder;
}

export const STACK_ICONS: Record<StackAction, IconName> = { up: 'upload', start: 'play', stop: 'stop', restart: 'restart', pull: 'download', build: 'bolt', down: 'arrow-down' };

/** What makes sense now. */
export function actionsFor({ state, running }: Stack, withFiles: boolean): StackAction[] {
  const now: StackAction[] = state === 'down' ? [] : running ? ['restart', 'stop'] : ['start'];
  return withFiles ? ['up', ...now, 'pull'] : now;
}
