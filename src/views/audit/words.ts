import type { Messages } from '../../i18n/en.ts';
import type { State } from '../parts/mark.tsx';

/** "Cancel a task"; an action of another version is shown as it is kept. */
export const actionText = (t: Messages, action: string) => (t.audit.actions as Record<string, string>)[action] ?? action;

export const groupText = (t: Messages, group: string) => t.audit.groups[group] ?? group;

/** A user by name; the three that are none by what they are. */
export function actorText(t: Messages, actor: string): string {
  const { system, cli, anonymous } = t.audit;
  return ({ system, cli, anonymous } as Record<string, string>)[actor] ?? actor;
}

export const RESULT_DOTS: Record<'ok' | 'refused' | 'failed', State> = { ok: 'ok', refused: 'warn', failed: 'fail' };
