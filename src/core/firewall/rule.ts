import { z } from 'zod';
import { say } from '../../lib/issue.ts';
import { parseNetwork } from '../../lib/network.ts';
import { RULE_ACTIONS, type FirewallAbilities, type FirewallState, type PortRange, type RuleSpec } from '../../platform/firewall.ts';

export { FIREWALL_PROVIDERS, RULE_ACTIONS } from '../../platform/firewall.ts';

/** What a rule is about: this machine, or the published ports of its containers. */
export const RULE_SCOPES = ['host', 'containers'] as const;
export type RuleScope = (typeof RULE_SCOPES)[number];

const LISTED_MOST = 15;
const badPorts = say('firewall.ports', (t) => t.firewall.badPorts);
const backwards = say('firewall.backwards', (t) => t.firewall.backwards);

/** `80`, `80, 443`, `1000-2000` or `1000:2000`; empty: all. null: it is none of that. */
export function parsePorts(text: string): PortRange[] | 'bad' | 'backwards' {
  const parts = text.split(/[,\s，、]+/, 50).filter(Boolean);
  const ranges: PortRange[] = [];
  for (const part of parts) {
    const found = /^(\d{1,5})(?:[-:–](\d{1,5}))?$/.exec(part);
    const [from, to] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? found?.[1] ?? 0)];
    if (from < 1 || from > 65_535 || to < 1 || to > 65_535) return 'bad';
    if (to < from) return 'backwards';
    ranges.push({ from, to });
  }
  // A range takes the place of two (iptables, multiport).
  if (ranges.reduce((sum, { from, to }) => sum + (from === to ? 1 : 2), 0) > LISTED_MOST) return 'bad';
  return ranges.sort((a, b) => a.from - b.from || a.to - b.to);
}

export const portsText = (ports: readonly PortRange[]) => ports.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ');

const Ports = z.string().max(200, badPorts).transform((text, ctx): PortRange[] => {
  const ports = parsePorts(text);
  if (typeof ports !== 'string') return ports;
  ctx.addIssue({ code: 'custom', message: ports === 'bad' ? badPorts : backwards });
  return z.NEVER;
});

const badAddress = say('firewall.address', (t) => t.firewall.badAddress);
const Address = z.string().trim().max(60, badAddress).transform((text, ctx) => {
  if (text === '') return null;
  const network = parseNetwork(text);
  if (network) return network;
  ctx.addIssue({ code: 'custom', message: badAddress });
  return z.NEVER;
});

const badName = say('firewall.name', (t) => t.firewall.badName);
/** Of interfaces (15 characters on Linux), zones and services: words that begin with a letter or digit, never an option. */
const Name = z.string().trim().regex(/^([A-Za-z0-9][\w.@+ -]{0,62})?$/, badName).transform((text) => text || null);

const badComment = say('firewall.comment', (t) => t.firewall.badComment);
/** What all of them keep: nft takes 128 bytes, ufw no quotes. */
const Comment = z.string().trim().regex(/^[^\x00-\x1f\x7f'"\\\u2028\u2029]*$/, badComment).refine((text) => Buffer.byteLength(text) <= 120 && !text.startsWith('mantou:') && !text.startsWith('-'), badComment);

export const RuleInput = z
  .strictObject({
    scope: z.enum(RULE_SCOPES).default('host'),
    action: z.enum(RULE_ACTIONS),
    direction: z.enum(['in', 'out']).default('in'),
    protocol: z.enum(['tcp', 'udp', 'any']).default('tcp'),
    ports: Ports.default([]),
    service: Name.default(null),
    source: Address.default(null),
    destination: Address.default(null),
    interface: Name.default(null),
    zone: Name.default(null),
    family: z.enum(['both', 'v4', 'v6']).default('both'),
    comment: Comment.default(''),
  })
  .superRefine(({ source, destination, family, service, ports }, ctx) => {
    const issue = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message });
    if (source && destination && source.family !== destination.family) issue('destination', say('firewall.families', (t) => t.firewall.families));
    const one = source ?? destination;
    if (one && family !== 'both' && one.family !== family) issue('family', say('firewall.otherFamily', (t) => t.firewall.otherFamily));
    if (service && ports.length) issue('service', say('firewall.serviceAndPorts', (t) => t.firewall.serviceAndPorts));
  });
export type RuleInput = z.output<typeof RuleInput>;

/** "Everybody" as a network says only which version of IP it is about. */
const everybody = (network: RuleInput['source']) => network?.length === 0;

export function specOf(input: RuleInput): RuleSpec {
  const { source, destination, service } = input;
  const family = source?.family ?? destination?.family ?? input.family;
  const text = (network: RuleInput['source']) => (network && !everybody(network) ? network.text : null);
  return {
    action: input.action, direction: input.direction, protocol: service ? 'any' : input.protocol, ports: service ? [] : input.ports, service,
    source: text(source), destination: text(destination), interface: input.interface, zone: input.zone, family, comment: input.comment, program: null, profile: null, enabled: true,
  };
}

/** What makes it that rule, whoever keeps it: two rules with one key do the same. */
export function ruleKey(spec: RuleSpec): string {
  const ports = portsText(spec.ports.toSorted((a, b) => a.from - b.from || a.to - b.to));
  return [spec.action, spec.direction, spec.protocol, ports, spec.service, spec.source, spec.destination, spec.interface, spec.zone, spec.family, spec.program, spec.profile].map((part) => part ?? '-').join('|');
}

/** The same without what it does: where such a one is there already, it decides. */
export const matchKey = (spec: RuleSpec) => ruleKey({ ...spec, action: 'allow' });

/** One rule for each that the provider can write: where it takes no lists, one for each port; TCP and UDP apart where it must. */
export function expand(spec: RuleSpec, abilities: FirewallAbilities): RuleSpec[] {
  const single = spec.ports.length === 1 && spec.ports[0]!.from === spec.ports[0]!.to;
  const apart = spec.protocol === 'any' && spec.ports.length > 0 && (abilities.anyPorts === 'none' || (abilities.anyPorts === 'single' && !single));
  const protocols = apart ? (['tcp', 'udp'] as const) : [spec.protocol];
  const ports = abilities.lists || spec.ports.length < 2 ? [spec.ports] : spec.ports.map((one) => [one]);
  return protocols.flatMap((protocol) => ports.map((some) => ({ ...spec, protocol, ports: some })));
}

/** On, but not for every kind of network. */
export const partlyOff = ({ profiles }: Pick<FirewallState, 'profiles'>) => profiles.some(({ enabled }) => enabled) && profiles.some(({ enabled }) => !enabled);

/** It knows no policy that answers. */
export const dropsOnly = ({ provider }: Pick<FirewallState, 'provider'>) => provider === 'nftables' || provider === 'netsecurity';
