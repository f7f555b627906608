import { z } from 'zod';
import { parseNetwork } from '../../../lib/network.ts';
import type { PortRange, RuleSpec } from '../../firewall.ts';
import { portText } from './plan.ts';

/** Comment of the rules that every firewall needs; they are not shown as rules. */
export const BASE = 'mantou:base';

/** New connections that `limit` lets in, of all senders together. */
export const LIMIT = 'ct state new limit rate 12/minute burst 6 packets';

const quoted = (text: string) => `"${text}"`;

/** `tcp dport 80`, `tcp dport { 80, 443, 1000-2000 }`, `meta l4proto { tcp, udp } th dport 53`, `meta l4proto udp` */
function portWords({ protocol, ports }: RuleSpec): string[] {
  if (ports.length === 0) return protocol === 'any' ? [] : [`meta l4proto ${protocol}`];
  const shown = ports.map((one) => portText(one, '-'));
  const set = shown.length === 1 ? shown[0]! : `{ ${shown.join(', ')} }`;
  return protocol === 'any' ? [`meta l4proto { tcp, udp } th dport ${set}`] : [`${protocol} dport ${set}`];
}

/** A line of a chain, as `nft list table` would print it. */
export function nftLine(spec: RuleSpec): string {
  const side = (address: string | null, field: string) => (address ? [`${address.includes(':') ? 'ip6' : 'ip'} ${field} ${address}`] : []);
  const family = spec.family === 'both' || spec.source || spec.destination ? [] : [`meta nfproto ${spec.family === 'v4' ? 'ipv4' : 'ipv6'}`];
  const on = spec.interface ? [`${spec.direction === 'in' ? 'iifname' : 'oifname'} ${quoted(spec.interface)}`] : [];
  const verdict = { allow: 'accept', deny: 'drop', reject: 'reject', limit: `${LIMIT} accept` }[spec.action];
  return [...on, ...family, ...side(spec.source, 'saddr'), ...side(spec.destination, 'daddr'), ...portWords(spec), verdict, ...(spec.comment ? ['comment', quoted(spec.comment)] : [])].join(' ');
}

const Expr = z.record(z.string(), z.unknown());
/** What `nft -j list table` has of a rule (libnftables-json(5)). */
export const NftRule = z.object({
  chain: z.string(), handle: z.number(), comment: z.string().optional(),
  expr: z.array(Expr).default([]),
});
export type NftRule = z.output<typeof NftRule>;

const Match = z.object({ op: z.string(), left: z.record(z.string(), z.unknown()), right: z.unknown() });
const Prefix = z.object({ prefix: z.object({ addr: z.string(), len: z.number() }) });
const Range = z.object({ range: z.tuple([z.number(), z.number()]) });

const addressOf = (right: unknown) => {
  const prefix = Prefix.safeParse(right);
  const text = prefix.success ? `${prefix.data.prefix.addr}/${prefix.data.prefix.len}` : typeof right === 'string' ? right : '';
  return parseNetwork(text)?.text ?? null;
};

function portsOf(right: unknown): PortRange[] | null {
  const all = typeof right === 'object' && right !== null && 'set' in right && Array.isArray(right.set) ? right.set : [right];
  const ports = all.map((one: unknown) => {
    if (typeof one === 'number') return { from: one, to: one };
    const range = Range.safeParse(one);
    return range.success ? { from: range.data.range[0], to: range.data.range[1] } : null;
  });
  return ports.every((one) => one !== null) ? ports : null;
}

/** What the rule says in our words, or null where it says more. */
export function nftSpec(rule: NftRule, chains: { input: string; output: string }): RuleSpec | null {
  const direction = rule.chain === chains.input ? 'in' : rule.chain === chains.output ? 'out' : null;
  if (!direction) return null;
  const spec: RuleSpec = {
    action: 'allow', direction, protocol: 'any', ports: [], service: null, source: null, destination: null, interface: null, zone: null,
    family: 'both', comment: rule.comment ?? '', program: null, profile: null, enabled: true,
  };
  let verdict: RuleSpec['action'] | null = null;
  let [limited, isNew] = [false, false];
  for (const expr of rule.expr) {
    const [kind = '', value] = Object.entries(expr)[0] ?? [];
    if (kind === 'counter') continue;
    if (kind === 'accept' || kind === 'drop' || kind === 'reject') verdict = kind === 'accept' ? 'allow' : kind === 'drop' ? 'deny' : 'reject';
    else if (kind === 'limit') limited = isLimit(value);
    else if (kind === 'match') {
      const match = Match.safeParse(value);
      if (!match.success || !takeMatch(spec, match.data)) return null;
      isNew ||= 'ct' in match.data.left;
    } else return null;
    if (kind === 'limit' && !limited) return null;
  }
  if (!verdict || limited !== isNew || (limited && verdict !== 'allow')) return null;
  return { ...spec, action: limited ? 'limit' : verdict };
}

const isLimit = (value: unknown) => z.object({ rate: z.literal(12), per: z.literal('minute'), inv: z.literal(false).optional() }).safeParse(value).success;

/** Puts one match into the spec; false: it has no words for it. */
function takeMatch(spec: RuleSpec, { op, left, right }: z.output<typeof Match>): boolean {
  if (op !== '==' && op !== 'in') return false;
  const [kind = '', of] = Object.entries(left)[0] ?? [];
  const field = z.object({ protocol: z.string().optional(), field: z.string().optional(), key: z.string().optional() }).safeParse(of).data ?? {};
  if (kind === 'payload' && field.field === 'dport') {
    const ports = portsOf(right);
    if (!ports || !['tcp', 'udp', 'th'].includes(field.protocol ?? '')) return false;
    if (field.protocol !== 'th') spec.protocol = field.protocol as RuleSpec['protocol'];
    spec.ports = ports;
    return true;
  }
  if (kind === 'payload' && (field.field === 'saddr' || field.field === 'daddr')) {
    const address = addressOf(right);
    if (!address) return false;
    spec[field.field === 'saddr' ? 'source' : 'destination'] = address;
    spec.family = field.protocol === 'ip6' ? 'v6' : 'v4';
    return true;
  }
  if (kind === 'meta' && field.key === 'l4proto') {
    if (right === 'tcp' || right === 'udp') spec.protocol = right;
    else if (JSON.stringify(right) !== '{"set":["tcp","udp"]}') return false;
    return true;
  }
  if (kind === 'meta' && field.key === 'nfproto' && (right === 'ipv4' || right === 'ipv6')) {
    spec.family = right === 'ipv4' ? 'v4' : 'v6';
    return true;
  }
  if (kind === 'meta' && (field.key === 'iifname' || field.key === 'oifname') && typeof right === 'string' && (field.key === 'iifname') === (spec.direction === 'in')) {
    spec.interface = right;
    return true;
  }
  return kind === 'ct' && field.key === 'state' && (right === 'new' || JSON.stringify(right) === '["new"]');
}
