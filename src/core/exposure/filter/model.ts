import type { AddressValue, Ranges } from '../../../lib/address-ranges.ts';
import type { Holder } from '../../../platform/exposure.ts';

/** The first packet of a connection that somebody else opens, on its way through the machine's rules. */
export interface Packet {
  family: 4 | 6;
  protocol: 'tcp' | 'udp' | 'sctp';
  /** Where it goes by now, and where it was sent to before anybody translated it. */
  port: number;
  asked: number;
  to: readonly AddressValue[];
  askedTo: readonly AddressValue[];
  /** Interface that it comes in by, and the one that it leaves by where it is sent on. */
  iface: string;
  out: string | null;
  /** Somebody translated where it goes. */
  translated: boolean;
  /** It goes to the machine itself; else it is sent on. */
  local: boolean;
  /** Who listens, where rules may be about a program. */
  holder?: Holder | null;
}

/**
 * Why nobody can say here whether a rule matches. `limit`: it depends on how many came before; `sport`: on a port that the
 * sender chooses; both let through whoever tries. Of the others, nobody knows.
 */
export type Why = 'limit' | 'sport' | 'mark' | 'set' | 'address' | 'text' | 'queue' | 'steps';
export const SOFT: ReadonlySet<Why> = new Set(['limit', 'sport']);

/** What matches: these senders, null: all; and why that is not sure. */
export interface Fit {
  from: Ranges | null;
  why: Why | null;
}

/** null: it does not match. */
export type Test = (packet: Packet) => Fit | null;

export type Action =
  | { do: 'accept' | 'drop' | 'return' | 'none' | 'queue' }
  | { do: 'jump' | 'goto'; chain: string }
  /** null: as it was. `local`: the machine itself, whatever address. */
  | { do: 'translate'; to: string | 'local' | null; port: number | null };

export interface Rule {
  /** As the tool writes it. */
  text: string;
  tests: readonly Test[];
  /** What follows: one action, or of a verdict map one for each of its keys. */
  branches: readonly { test: Test | null; action: Action }[];
  /** How many rules that differ in the sender alone are this one. */
  count: number;
}

export interface Chain {
  name: string;
  /** "filter", "inet firewalld". */
  table: string;
  rules: readonly Rule[];
  /** Those of its table, by name. */
  beside: ReadonlyMap<string, Chain>;
}

export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward';

/** A chain that the kernel asks by itself. */
export interface BaseChain {
  chain: Chain;
  hook: Hook;
  type: 'filter' | 'nat';
  priority: number;
  policy: 'accept' | 'drop';
  family: 4 | 6 | null;
  /** Interfaces, of an ingress chain. */
  devices: readonly string[] | null;
}

/** What some rule of the machine does that others ask for. */
export interface Facts {
  marks: boolean;
  untracked: boolean;
}

export interface Ruleset {
  bases: readonly BaseChain[];
  /** Its rules may be about a program: who listens matters. */
  byProgram?: boolean;
}

export const ALL: Fit = { from: null, why: null };
export const unsure = (why: Why): Fit => ({ from: null, why });
/** One that is understood, or not, whatever the packet. */
export const when = (fits: boolean): Fit | null => (fits ? ALL : null);

/** A rule, and what is the same in all those that only differ in the sender. */
export interface RuleDraft extends Omit<Rule, 'count'> {
  alike: string | null;
  from: { family: 4 | 6; ranges: Ranges } | null;
}
