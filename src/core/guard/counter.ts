import { networkOf, parseAddress, rangeText, type AddressRange } from '../../lib/address-range.ts';

export interface Seen {
  at: number;
  text: string;
}

export interface Offender {
  /** What is counted, and banned, together. */
  range: AddressRange;
  address: string;
  /** The one that was last seen of them. */
  single: AddressRange;
  seen: Seen[];
}

/** Addresses that are remembered: of more than these, those that were quiet for longest are forgotten. */
const REMEMBERED = 20_000;
/** Lines that are kept of each, to tell why. */
const LINES = 20;
/** One customer has these many bits of IPv6, and chooses the rest freely (RFC 6177). */
const PREFIX6 = 64;

/** What an address counts as; null: it is none. A zone is left out: who is told apart by it is a neighbour, and never banned. */
export function offenderOf(text: string): Omit<Offender, 'seen'> | null {
  const found = parseAddress(text.replace(/%.*$/, ''));
  if (!found) return null;
  const range = networkOf(found, found.family === 4 ? 32 : PREFIX6)!;
  return { range, address: rangeText(range), single: { family: found.family, first: found.value, last: found.value } };
}

export interface Counter {
  /** One more failure. @returns the offender, when it is the last that is let pass; the count then begins anew */
  add(text: string, seen: Seen, limits: { failures: number; ms: number }): Offender | null;
  /** Somebody signed in well from there. */
  forget(text: string): void;
  readonly size: number;
}

/** Failures of each address within a window that slides. */
export function createCounter(): Counter {
  const failures = new Map<string, number[]>();
  const lines = new Map<string, Seen[]>();
  const drop = (address: string) => {
    failures.delete(address);
    lines.delete(address);
  };
  return {
    add(text, seen, { failures: most, ms }) {
      const who = offenderOf(text);
      if (!who) return null;
      // What a clock that was set makes of it: from then on only what came after counts.
      const times = (failures.get(who.address) ?? []).filter((at) => at > seen.at - ms && at <= seen.at);
      times.push(seen.at);
      const said = [...(lines.get(who.address) ?? []).filter(({ at }) => at > seen.at - ms && at <= seen.at), seen].slice(-LINES);
      drop(who.address);
      if (times.length >= most) return { ...who, seen: said };
      // At the end again: a Map keeps the order, and the first is the quietest.
      failures.set(who.address, times);
      lines.set(who.address, said);
      if (failures.size > REMEMBERED) drop(failures.keys().next().value!);
      return null;
    },
    forget(text) {
      const who = offenderOf(text);
      if (who) drop(who.address);
    },
    get size() {
      return failures.size;
    },
  };
}

/** How long the ban lasts that follows on so many: each one longer, the last one again and again. */
export const banMs = (steps: readonly number[], before: number) => steps[Math.min(before, steps.length - 1)]! * 60_000;
