import type { FirewallRule, PortRange, RuleAction, RuleSpec } from '../../firewall.ts';
import { parseNetwork } from '../../../lib/network.ts';
import { portText, ruleId } from './plan.ts';

/**
 * A rule as ufw keeps it, in /etc/ufw/user.rules and user6.rules (0.36):
 *
 *     ### tuple ### allow tcp 8080 0.0.0.0/0 any 203.0.113.0/24 in comment=e9a692
 *     ### tuple ### allow tcp 80 0.0.0.0/0 any 0.0.0.0/0 Nginx%20HTTP - in
 *     ### tuple ### route:allow_log tcp 80 10.0.0.9 any 0.0.0.0/0 in_eth0!out_eth1
 *
 * It is action, protocol, port and address of the destination, the same of the source, the applications of both where
 * there are any, direction with interfaces, and the comment as hexadecimal digits of UTF-8. `ufw status` lists nothing
 * while it is inactive, numbers change with each rule that goes, and its columns cannot be told apart for sure; this is
 * what it reads itself.
 */
export interface UfwTuple {
  route: boolean;
  action: string;
  log: string;
  protocol: string;
  dport: string;
  dst: string;
  sport: string;
  src: string;
  dapp: string | null;
  sapp: string | null;
  in: string | null;
  out: string | null;
  direction: 'in' | 'out';
  comment: string;
  family: 'v4' | 'v6' | 'both';
}

const ANY = /^(0\.0\.0\.0|::)\/0$/;
const app = (text: string) => (text === '-' ? null : text.replaceAll('%20', ' '));

export function parseTuple(line: string, family: 'v4' | 'v6'): UfwTuple | null {
  const found = /^### tuple ### (.*)$/.exec(line.trimEnd());
  const words = (found?.[1] ?? '').split(' ');
  const comment = words.at(-1)?.startsWith('comment=') ? Buffer.from(words.pop()!.slice(8), 'hex').toString('utf8') : '';
  if (words.length !== 7 && words.length !== 9) return null;
  const [verb = '', protocol = '', dport = '', dst = '', sport = '', src = ''] = words;
  const [dapp, sapp] = words.length === 9 ? [app(words[6]!), app(words[7]!)] : [null, null];
  const route = verb.startsWith('route:');
  const [action = '', ...log] = verb.replace(/^route:/, '').split('_');
  const ways = words.at(-1)!.split('!').map((way) => /^(in|out)(?:_(.+))?$/.exec(way));
  if (!['allow', 'deny', 'reject', 'limit'].includes(action) || ways.some((way) => !way)) return null;
  const on = (name: string) => ways.find((way) => way![1] === name)?.[2] ?? null;
  return { route, action, log: log.join('-'), protocol, dport, dst, sport, src, dapp, sapp, in: on('in'), out: on('out'), direction: ways[0]![1] as 'in' | 'out', comment, family };
}

/** Rules in their order: one of each family that say the same are one. Those of IPv6 alone come last, as `ufw status` has them. */
export function parseUfwRules(v4: string, v6: string): UfwTuple[] {
  const of = (text: string, family: 'v4' | 'v6') => text.split('\n').flatMap((line) => parseTuple(line, family) ?? []);
  const key = (tuple: UfwTuple) => JSON.stringify({ ...tuple, family: '', src: tuple.src.replace(ANY, '*'), dst: tuple.dst.replace(ANY, '*') });
  const six = of(v6, 'v6');
  const rest = new Map<string, UfwTuple[]>();
  for (const tuple of six) rest.set(key(tuple), [...(rest.get(key(tuple)) ?? []), tuple]);
  const four = of(v4, 'v4').map((tuple): UfwTuple => (rest.get(key(tuple))?.shift() ? { ...tuple, family: 'both' } : tuple));
  const left = new Set([...rest.values()].flat());
  return [...four, ...six.filter((tuple) => left.has(tuple))];
}

/**
 * In ufw's long syntax, which says everything: `allow in on eth0 proto tcp from 10.0.0.0/8 to any port 80`.
 * One that is about IPv4 alone names 0.0.0.0/0.
 */
export function tupleWords(tuple: UfwTuple): string[] {
  const some = [tuple.src, tuple.dst].some((one) => one !== 'any' && !ANY.test(one));
  const every = some ? 'any' : tuple.family === 'v4' ? '0.0.0.0/0' : tuple.family === 'v6' ? '::/0' : 'any';
  const side = (address: string, port: string, name: string | null) => [ANY.test(address) || address === 'any' ? every : address, ...(name !== null ? ['app', name] : port !== 'any' ? ['port', port] : [])];
  const on = tuple.route
    ? [...(tuple.in ? ['in', 'on', tuple.in] : []), ...(tuple.out ? ['out', 'on', tuple.out] : [])]
    : [tuple.direction, ...(tuple[tuple.direction] ? ['on', tuple[tuple.direction]!] : [])];
  // With an application the protocol is its own.
  const proto = tuple.protocol === 'any' || tuple.dapp !== null || tuple.sapp !== null ? [] : ['proto', tuple.protocol];
  return [tuple.action, ...on, ...(tuple.log ? [tuple.log] : []), ...proto, 'from', ...side(tuple.src, tuple.sport, tuple.sapp), 'to', ...side(tuple.dst, tuple.dport, tuple.dapp)];
}

/** `80`, `1000:2000`, `80,443,6000:6010` */
export function parsePorts(text: string, between: ':' | '-' = ':'): PortRange[] {
  return text.split(',').map((one) => {
    const [from, to = from] = one.split(between).map(Number);
    return { from: from!, to: to! };
  });
}

const address = (text: string) => (ANY.test(text) ? null : (parseNetwork(text)?.text ?? text));

export function ruleOfTuple(tuple: UfwTuple, nth = 0): FirewallRule {
  const words = tupleWords(tuple);
  const text = `ufw ${tuple.route ? 'route ' : ''}${words.map((word) => (word.includes(' ') ? `'${word}'` : word)).join(' ')}`;
  const known = !tuple.route && ['tcp', 'udp', 'any'].includes(tuple.protocol);
  const extra = [tuple.log, tuple.sport !== 'any' ? `from port ${tuple.sport}` : '', tuple.sapp !== null ? `from app ${tuple.sapp}` : ''].filter(Boolean).join(', ');
  const spec: RuleSpec | null = known
    ? {
        action: tuple.action as RuleAction, direction: tuple.direction, protocol: tuple.dapp === null ? (tuple.protocol as RuleSpec['protocol']) : 'any',
        ports: tuple.dapp !== null || tuple.dport === 'any' ? [] : parsePorts(tuple.dport), service: tuple.dapp,
        source: address(tuple.src), destination: address(tuple.dst), interface: tuple[tuple.direction], zone: null, family: tuple.family, comment: tuple.comment, program: null, profile: null, enabled: true,
      }
    : null;
  return { id: ruleId('ufw', `${text}\0${tuple.family}`, nth), text, spec, extra: extra || null, comment: tuple.comment, forwarded: tuple.route };
}

export function tupleOfSpec(spec: RuleSpec): UfwTuple {
  const { direction } = spec;
  return {
    route: false, action: spec.action, log: '', protocol: spec.protocol, dport: spec.ports.length ? spec.ports.map((one) => portText(one, ':')).join(',') : 'any',
    dst: spec.destination ?? 'any', sport: 'any', src: spec.source ?? 'any', dapp: spec.service, sapp: null,
    in: direction === 'in' ? spec.interface : null, out: direction === 'out' ? spec.interface : null, direction, comment: spec.comment, family: spec.family,
  };
}
