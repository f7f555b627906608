import type { Say } from '../../lib/errors.ts';
import type { HostAccount } from '../../platform/accounts.ts';

/** An account with whether SSH keys let somebody into it. */
export interface Door extends HostAccount {
  hasKeys: boolean;
}

/** Through it somebody comes in and becomes root. */
export const isWayIn = ({ admin, shellWorks, password, expiresAt, hasKeys }: Door, now: number) =>
  admin !== null && shellWorks && (expiresAt === null || expiresAt > now) && (password === 'set' || password === 'empty' || hasKeys);

/**
 * Why a change is refused: it would shut the last way to become root. `after` is the account as it would be; null: gone.
 * Where there is none before, nothing is lost.
 */
export function shutsOut(doors: readonly Door[], name: string, after: Door | null, now: number): Say | null {
  if (!doors.some((door) => isWayIn(door, now))) return null;
  const left = doors.flatMap((door) => (door.name === name ? (after ? [after] : []) : [door]));
  return left.some((door) => isWayIn(door, now)) ? null : (t) => t.accounts.lastWayIn({ name });
}
