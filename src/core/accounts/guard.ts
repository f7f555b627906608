import type { Say } from '../../lib/errors.ts';
import { Mutex } from '../../lib/mutex.ts';
import type { AccountSystem, HostAccount } from '../../platform/accounts.ts';
import { wordsOf } from './words.ts';

/** One change at a time: two that each leave the other as the last way in would leave none. */
const changing = new Mutex();
export const oneAtATime = <T>(work: () => Promise<T>) => changing.run('accounts', work);

/** An account with whether SSH keys let somebody into it. */
export interface Door extends HostAccount {
  hasKeys: boolean;
}

/** Its own group first. */
export const groupsOf = ({ group, groups }: HostAccount) => (group === null ? groups : [group, ...groups]);

/** Nobody comes in by it until it is unlocked. */
export const isLocked = ({ disabled, expiresAt }: Pick<HostAccount, 'disabled' | 'expiresAt'>, now: number) => disabled || (expiresAt !== null && expiresAt <= now);

const isOpen = (door: Door, now: number) => door.admin !== null && door.shellWorks && !isLocked(door, now);

/** Through it somebody comes in and becomes root. */
export const isWayIn = (door: Door, now: number) => isOpen(door, now) && (door.password === 'set' || door.password === 'empty' || door.hasKeys);

/** Also where nobody can say whether it has a password. */
const mayBeWayIn = (door: Door, now: number) => isOpen(door, now) && (door.password !== 'locked' || door.hasKeys);

/**
 * Why a change is refused: it would shut the last way to become root. `after` is the account as it would be; null: gone.
 * Where it was none before, nothing is lost; what is left must be one for sure.
 */
export function shutsOut(doors: readonly Door[], name: string, after: Door | null, now: number, system: AccountSystem = 'unix'): Say | null {
  const before = doors.find((door) => door.name === name);
  if (!before || !mayBeWayIn(before, now) || (after && mayBeWayIn(after, now))) return null;
  return doors.some((door) => door.name !== name && isWayIn(door, now)) ? null : (t) => wordsOf(t, system).lastWayIn({ name });
}
