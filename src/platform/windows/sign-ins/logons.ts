import type { NamedEvent } from './events.ts';

/** What one event of a sign-in says. */
export interface Logon {
  /** By whom it is told: the log Security, or Remote Desktop itself. */
  by: 'security' | 'rdp';
  address: string;
  good: boolean;
}

/** Over the network, which is what Network Level Authentication and file sharing are; unlocked again; by Remote Desktop (event 4624, "Logon Type"). */
const TYPES: ReadonlySet<string> = new Set(['3', '7', '10']);

/**
 * Whoever is refused so knew the password (ntstatus.h): it has expired or must be changed, the account has, at this hour or from
 * this machine it may not, or not in this way; clocks differ; nobody could be asked.
 */
const NO_GUESS: ReadonlySet<string> = new Set(['0xc0000071', '0xc0000224', '0xc0000193', '0xc000006f', '0xc0000070', '0xc000015b', '0xc0000413', '0xc0000133', '0xc000005e', '0xc00000dc']);

/** Anybody is these: ANONYMOUS LOGON, and the account for guests. A session of theirs is no sign-in that speaks for an address. */
const isNobody = (sid: string) => sid === 'S-1-5-7' || sid === 'S-1-0-0' || /^S-1-5-21-.*-501$/.test(sid);

const addressOf = (text: string) => (text === '' || text === '-' || /^127\.|^::1$|^::ffff:127\./i.test(text) ? null : text);

/**
 * Events 4624 and 4625 of Security, by the names of their values, and 140 of RdpCoreTS, which tells the address where the password
 * was wrong. 4625 with NLA has "-" for an address on Windows Server 2012. null: it is about something else.
 */
export function logonOf({ event, fields }: NamedEvent): Logon | null {
  const value = (name: string) => fields.find((field) => field.name === name)?.value ?? '';
  if (event === 140) {
    const address = addressOf(value('IPString'));
    return address === null ? null : { by: 'rdp', address, good: false };
  }
  const address = addressOf(value('IpAddress'));
  if (address === null || !TYPES.has(value('LogonType'))) return null;
  if (event === 4624) return isNobody(value('TargetUserSid')) ? null : { by: 'security', address, good: true };
  if (event !== 4625 || [value('Status'), value('SubStatus')].some((code) => NO_GUESS.has(code.toLowerCase()))) return null;
  return { by: 'security', address, good: false };
}

/** Both tell of the same guess within seconds. */
const TOGETHER_MS = 30_000;
/** Addresses of which it is remembered who told more. */
const REMEMBERED = 10_000;

/** One failure for each guess, whoever tells of it: Security, Remote Desktop, or both of them. */
export function createLogonCounter() {
  /** How many more Security told of than Remote Desktop. */
  const ahead = new Map<string, { more: number; at: number }>();
  return ({ by, address, good }: Logon, at: number): boolean => {
    if (good) return true;
    const known = ahead.get(address);
    const more = known && at - known.at <= TOGETHER_MS ? known.more : 0;
    const step = by === 'security' ? 1 : -1;
    ahead.delete(address);
    ahead.set(address, { more: more + step, at });
    if (ahead.size > REMEMBERED) ahead.delete(ahead.keys().next().value!);
    return more * step >= 0;
  };
}
