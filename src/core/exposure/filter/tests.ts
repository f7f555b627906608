import { EVERYWHERE, holds, intersect, subtract, type Ranges } from '../../../lib/address-ranges.ts';
import { ALL, unsure, when, type Facts, type Packet, type Test, type Why } from './model.ts';

/** What both languages of rules ask of a packet. */

/** From these senders. */
export const fromTest = ({ family, ranges }: { family: 4 | 6; ranges: Ranges }, not: boolean): Test => {
  const wanted = { from: not ? subtract(EVERYWHERE[family], ranges) : ranges, why: null };
  return (packet) => (packet.family === family ? wanted : when(not));
};

/** To these addresses: a socket for all addresses has several, and rules may tell them apart. */
export const toTest = ({ family, ranges }: { family: 4 | 6; ranges: Ranges }, not: boolean, which: 'to' | 'askedTo' = 'to'): Test => (packet) => {
  if (packet.family !== family) return when(not);
  const inside = packet[which].filter((value) => holds(ranges, value)).length;
  if (packet[which].length === 0) return unsure('address');
  if (inside > 0 && inside < packet[which].length) return unsure('address');
  return when((inside > 0) !== not);
};

/** Of a new connection; where some rule keeps connections untracked, nobody knows. */
export const stateTest = (states: readonly string[], not: boolean, facts: Facts): Test => {
  const words = states.map((state) => state.toLowerCase());
  const fits = when(words.includes('new') !== not);
  return () => (facts.untracked && (words.includes('new') || words.includes('untracked')) ? unsure('text') : fits);
};

/** `dnat`, `snat`, `assured` … */
export const statusTest = (words: readonly string[], not: boolean): Test => ({ translated }) => when(words.some((word) => translated && word.toLowerCase() === 'dnat') !== not);

/** 0 unless somebody marks packets. */
export const markTest = (value: number, not: boolean, facts: Facts): Test => () => (facts.marks ? unsure('mark') : when((value === 0) !== not));

/** What stands for the rest of a name: "eth+" of iptables, "eth*" of nft. Each is a letter like others to the other one. */
type Wild = '+' | '*';
const nameFits = (pattern: string, name: string, wild: Wild) => (pattern.endsWith(wild) ? name.startsWith(pattern.slice(0, -1)) : pattern === name);

/** Where nobody knows what the interfaces are called, it is not the loopback. */
export const ANY_IFACE = '?';
export const ifaceTest = (wild: Wild) => (patterns: readonly string[], not: boolean): Test => ({ iface }) => {
  if (iface === ANY_IFACE && patterns.some((pattern) => pattern !== 'lo')) return unsure('address');
  return when(patterns.some((pattern) => nameFits(pattern, iface, wild)) !== not);
};

/** Where it leaves; only of what is sent on, and only if that is known. */
export const outTest = (wild: Wild) => (patterns: readonly string[], not: boolean): Test => ({ out }) => (out === null ? unsure('address') : when(patterns.some((pattern) => nameFits(pattern, out, wild)) !== not));

export const always: Test = () => ALL;
export const never: Test = () => null;
export const doubtful = (why: Why): Test => {
  const fit = unsure(why);
  return () => fit;
};

export const protocolTest = (names: readonly string[], not: boolean): Test => {
  const wanted = names.map(protocolName);
  return ({ protocol }) => when((wanted.includes('all') || wanted.includes(protocol)) !== not);
};

/** /etc/protocols: tools write numbers where they know no name. */
function protocolName(name: string): string {
  if (name === '6') return 'tcp';
  if (name === '17') return 'udp';
  if (name === '132') return 'sctp';
  return name === '0' ? 'all' : name.toLowerCase();
}

export type PortSpan = readonly [number, number];
export const portTest = (spans: readonly PortSpan[], not: boolean, of: (packet: Packet) => number): Test => (packet) => when(spans.some(([from, to]) => of(packet) >= from && of(packet) <= to) !== not);

export const bothFrom = (a: Ranges | null, b: Ranges | null): Ranges | null => (a && b ? intersect(a, b) : (a ?? b));
