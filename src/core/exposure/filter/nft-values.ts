import { rangesOf, union, type Ranges } from '../../../lib/address-ranges.ts';
import { ALL, type Facts, type Packet, type Test } from './model.ts';
import { always, bothFrom, doubtful, fromTest, ifaceTest, markTest, never, outTest, portTest, protocolTest, stateTest, statusTest, toTest, type PortSpan } from './tests.ts';

/** JSON of nft: what is not checked here is not understood, and said so (libnftables-json(5)). */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Named = ReadonlyMap<string, Json[]>;

const isObject = (value: Json | undefined): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);
export const inside = (value: Json | undefined, ...keys: string[]): Json | undefined => keys.reduce<Json | undefined>((now, key) => (isObject(now) ? now[key] : undefined), value);

/** Members of "@name", of an unnamed set, or the one value itself. null: of a set that is not known */
export function elementsOf(right: Json, sets: Named): Json[] | null {
  if (typeof right === 'string' && right.startsWith('@')) return sets.get(right.slice(1)) ?? null;
  const set = inside(right, 'set');
  if (Array.isArray(set)) return set;
  return Array.isArray(right) ? right : [right];
}

/** A member without its time and its counters. */
const bare = (value: Json): Json => inside(value, 'elem', 'val') ?? value;

const text = (value: Json): string | null => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null);

/** "10.0.0.1", { prefix }, { range }. */
function addresses(values: readonly Json[]): { family: 4 | 6; ranges: Ranges } | null {
  const all = values.map(bare).map((value) => {
    const [prefix, range] = [inside(value, 'prefix'), inside(value, 'range')];
    if (Array.isArray(range)) return rangesOf(`${text(range[0]!)}-${text(range[1]!)}`);
    return rangesOf(prefix === undefined ? (text(value) ?? '') : `${text(inside(prefix, 'addr') ?? '')}/${text(inside(prefix, 'len') ?? '')}`);
  });
  const family = all[0]?.family;
  return family && all.every((one) => one?.family === family) ? { family, ranges: union(...all.map((one) => one!.ranges)) } : null;
}

/** 22, { range: [1000, 2000] }, of a service that nft writes by its name "ssh" only where somebody asked for it (-S). */
function spans(values: readonly Json[]): PortSpan[] | null {
  const all = values.map(bare).map((value): PortSpan | null => {
    const range = inside(value, 'range');
    if (Array.isArray(range) && typeof range[0] === 'number' && typeof range[1] === 'number') return [range[0], range[1]];
    return typeof value === 'number' ? [value, value] : null;
  });
  return all.every((one) => one !== null) ? all : null;
}

const words = (values: readonly Json[]): string[] | null => {
  const all = values.map(bare).map(text);
  return all.every((one) => one !== null) ? all : null;
};

/** A key of a match or a map: { payload }, { meta }, { ct }, { fib }, { concat } … */
export interface Key {
  /** @param not `!=` @returns null: these values are not understood */
  test(values: readonly Json[], not: boolean): Test | null;
  /** The sender, who is put apart. */
  sender?: true;
}

const worded = (make: (words: string[], not: boolean) => Test): Key => ({ test: (values, not) => {
  const all = words(values);
  return all && make(all, not);
} });

const PORTS: Key = { test: (values, not) => {
  const all = spans(values);
  return all && portTest(all, not, (packet) => packet.port);
} };

const ofFamily = (test: Test, protocol: string): Test => (packet) => (packet.family === (protocol === 'ip' ? 4 : 6) ? test(packet) : null);
const ofProtocol = (key: Key, protocol: string): Key => (protocol === 'th' ? key : { test: (values, not) => {
  const test = key.test(values, not);
  return test && ((packet: Packet) => (packet.protocol === protocol ? test(packet) : null));
} });
const fixed = (test: Test): Key => ({ test: () => test });

function payloadKey(protocol: string, field: string): Key {
  if (protocol === 'ip' || protocol === 'ip6') {
    const place = (make: typeof fromTest | typeof toTest): Key['test'] => (values, not) => {
      const found = addresses(values);
      return found && ofFamily((make as typeof fromTest)(found, not), protocol);
    };
    if (field === 'saddr') return { sender: true, test: place(fromTest) };
    if (field === 'daddr') return { test: place(toTest) };
    if (field === 'protocol' || field === 'nexthdr') return worded((all, not) => ofFamily(protocolTest(all, not), protocol));
    return fixed(doubtful('text'));
  }
  // Rules about ICMP are none about connections.
  if (['icmp', 'icmpv6', 'igmp', 'arp', 'dccp', 'esp', 'ah'].includes(protocol)) return fixed(never);
  if (!['tcp', 'udp', 'sctp', 'th'].includes(protocol)) return fixed(doubtful('text'));
  if (field === 'dport') return ofProtocol(PORTS, protocol);
  return ofProtocol(fixed(doubtful(field === 'sport' ? 'sport' : 'text')), protocol);
}

function metaKey(key: string, facts: Facts): Key {
  switch (key) {
    case 'l4proto':
      return worded(protocolTest);
    case 'iifname':
    case 'iif':
      return worded(ifaceTest('*'));
    case 'oifname':
    case 'oif':
      return worded(outTest('*'));
    case 'nfproto':
      return worded((all, not) => ({ family }) => (all.includes(family === 4 ? 'ipv4' : 'ipv6') !== not ? ALL : null));
    case 'protocol':
      return worded((all, not) => ({ family }) => (all.includes(family === 4 ? 'ip' : 'ip6') !== not ? ALL : null));
    case 'mark':
      return { test: (values, not) => {
        const value = bare(values[0] ?? null);
        return values.length === 1 && typeof value === 'number' ? markTest(value, not, facts) : doubtful('mark');
      } };
    case 'pkttype':
      return worded((all, not) => ((all.includes('unicast') || all.includes('host')) !== not ? always : never));
    default:
      return fixed(doubtful('text'));
  }
}

const ctKey = (key: string, direction: Json | undefined, facts: Facts): Key => {
  if (key === 'state') return worded((all, not) => stateTest(all, not, facts));
  if (key === 'status') return worded(statusTest);
  if (key === 'direction') return worded((all, not) => (all.includes('original') !== not ? always : never));
  if (key === 'mark') return metaKey('mark', facts);
  if (key === 'proto-dst' && direction === 'original') return { test: (values, not) => {
    const all = spans(values);
    return all && portTest(all, not, (packet) => packet.asked);
  } };
  return fixed(doubtful('text'));
};

/** nft says "missing" as false: there is a way back to whoever is no liar about the sender. */
function fibKey(result: Json | undefined, flags: Json | undefined): Key {
  const about = Array.isArray(flags) ? flags : [flags];
  if (result === 'oif') return { test: (values, not) => ((values[0] === false) === not ? always : never) };
  if (result !== 'type') return fixed(doubtful('text'));
  return worded((all, not) => ({ local }) => (all.includes(about.includes('daddr') && local ? 'local' : 'unicast') !== not ? ALL : null));
}

export function keyOf(left: Json | undefined, facts: Facts): Key {
  const [payload, meta, ct, fib, concat] = ['payload', 'meta', 'ct', 'fib', 'concat'].map((name) => inside(left, name));
  if (payload !== undefined) return payloadKey(String(inside(payload, 'protocol')), String(inside(payload, 'field')));
  if (meta !== undefined) return metaKey(String(inside(meta, 'key')), facts);
  if (ct !== undefined) return ctKey(String(inside(ct, 'key')), inside(ct, 'dir'), facts);
  if (fib !== undefined) return fibKey(inside(fib, 'result'), inside(fib, 'flags'));
  if (Array.isArray(concat)) return concatKey(concat.map((one) => keyOf(one, facts)));
  return fixed(doubtful('text'));
}

/** Tuples: each of its parts must fit; senders of all that do are taken together. */
function concatKey(keys: readonly Key[]): Key {
  return { test: (values, not) => {
    const rows = values.map(bare).map((value) => {
      const parts = inside(value, 'concat');
      return Array.isArray(parts) && parts.length === keys.length ? keys.map((key, i) => key.test(elementsOf(parts[i]!, new Map()) ?? [], false)) : null;
    });
    if (not || rows.some((row) => row === null || row.some((test) => test === null))) return null;
    return (packet) => {
      const fits = rows.flatMap((row) => {
        const all = row!.map((test) => test!(packet));
        if (all.some((fit) => fit === null)) return [];
        return [{ from: all.reduce<Ranges | null>((sum, fit) => bothFrom(sum, fit!.from), null), why: all.find((fit) => fit!.why)?.why ?? null }];
      });
      if (fits.length === 0) return null;
      return { from: fits.some(({ from }) => from === null) ? null : union(...fits.map(({ from }) => from!)), why: fits.find(({ why }) => why)?.why ?? null };
    };
  } };
}
