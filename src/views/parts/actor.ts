import type { Messages } from '../../i18n/en.ts';

/** Who did it: a user by name; the three that are none by what they are. */
export function actorText(t: Messages, actor: string): string {
  const { system, cli, anonymous } = t.audit;
  return ({ system, cli, anonymous } as Record<string, string>)[actor] ?? actor;
}
