import { holds, overlaps, parseNetwork, plainAddress, type Network } from '../../lib/network.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { FirewallAbilities, FirewallChange, FirewallPolicy, FirewallRule, FirewallZone, RuleSpec } from '../../platform/firewall.ts';

/** What of a firewall decides about a packet that comes in. */
export interface Filter {
  active: boolean;
  policies: { in: FirewallPolicy | null };
  rules: readonly Pick<FirewallRule, 'id' | 'spec' | 'forwarded' | 'aside'>[];
  zones: readonly FirewallZone[];
  abilities: Pick<FirewallAbilities, 'ordered'>;
}

export interface Ways {
  /** Of the browser, as the panel sees it; '' for nobody's. */
  clientAddress: string;
  panelPort: number;
  /** Name of the panel's executable, for rules about programs. */
  panelProgram?: string;
  sshPorts: readonly number[];
  rdpPort: number | null;
  /** Of other machines and containers, by which browsers come; they ask the panel on its own port. */
  proxies: readonly Network[];
  doorPort: number;
}

export type Cut = { what: 'panel' | 'ssh' | 'rdp'; port: number };

export interface LockOut {
  /** What the person who asks would lose. */
  cuts: Cut[];
  /** Nobody can tell for sure, or much is changed at once: it reverts by itself unless it is kept. */
  risky: boolean;
}

interface Packet {
  /** null: of anybody. */
  source: Network | null;
  port: number;
  /** Who listens there: "sshd.exe"; not known when left out. */
  program?: string | undefined;
}

type Verdict = 'yes' | 'no' | 'maybe';

/** Names that programs have for their ports, so far as they matter here. */
const SERVICES: Record<string, number> = { ssh: 22, openssh: 22, http: 80, www: 80, 'nginx http': 80, https: 443, 'www secure': 443, 'nginx https': 443, rdp: 3389, 'ms-wbt': 3389 };

/** One program of Windows runs many services. */
const SHARED = 'svchost.exe';

/** Is a rule about this program about who listens there? */
function ofProgram({ program, ports }: RuleSpec, listener: string | undefined): Verdict {
  if (program === null) return 'yes';
  if (!listener) return 'maybe';
  if (program.split(/[\\/]/).at(-1)!.toLowerCase() !== listener.toLowerCase()) return 'no';
  return listener === SHARED && ports.length === 0 ? 'maybe' : 'yes';
}

/** Does this rule match the packet? */
function matches(spec: RuleSpec, { source, port, program }: Packet): Verdict {
  if (spec.direction !== 'in' || !spec.enabled || spec.protocol === 'udp') return 'no';
  let fits: Verdict = 'yes';
  if (spec.service !== null) {
    const known = SERVICES[spec.service.toLowerCase()];
    if (known === undefined) fits = 'maybe';
    else if (known !== port) return 'no';
  }
  if (spec.ports.length && !spec.ports.some(({ from, to }) => from <= port && port <= to)) return 'no';
  if (spec.family !== 'both') {
    if (source && source.family !== spec.family) return 'no';
    if (!source) fits = 'maybe';
  }
  if (spec.source !== null) {
    const network = parseNetwork(spec.source);
    if (!source || !network) fits = 'maybe';
    else if (!overlaps(network, source)) return 'no';
    // It is about some of them.
    else if (!holds(network, source)) fits = 'maybe';
  }
  const whose = ofProgram(spec, program);
  if (whose === 'no') return 'no';
  return spec.interface !== null || spec.destination !== null || whose === 'maybe' || spec.profile !== null ? 'maybe' : fits;
}

/** The zones that the packet may be in: that of its sender, else those of the interfaces. */
function zonesOf({ zones }: Filter, { source }: Packet): readonly FirewallZone[] {
  const named = source ? zones.find((zone) => zone.sources.some((one) => holds(parseNetwork(one) ?? source, source) && parseNetwork(one) !== null)) : undefined;
  if (named) return [named];
  const some = (zone: FirewallZone) => source !== null && zone.sources.some((one) => {
    const network = parseNetwork(one);
    return network !== null && overlaps(network, source);
  });
  const first = zones.slice(0, 1);
  return [...first, ...zones.slice(1).filter((zone) => zone.interfaces.length > 0 || some(zone))];
}

/** Is the packet let in? */
export function letsIn(filter: Filter, packet: Packet): Verdict {
  if (!filter.active) return 'yes';
  if (filter.zones.length === 0) return walk(filter.rules, filter.policies.in, filter.abilities.ordered, packet);
  const verdicts = zonesOf(filter, packet).map((zone) => walk(filter.rules.filter(({ spec }) => !spec || spec.zone === zone.name), zone.policy, filter.abilities.ordered, packet));
  return verdicts.every((one) => one === verdicts[0]) ? verdicts[0]! : 'maybe';
}

function walk(rules: Filter['rules'], policy: FirewallPolicy | null, ordered: boolean, packet: Packet): Verdict {
  const denies = (spec: RuleSpec) => spec.action === 'deny' || spec.action === 'reject';
  const incoming = rules.filter(({ forwarded, aside }) => !forwarded && !aside);
  const inOrder = ordered ? incoming : [...incoming.filter(({ spec }) => spec && denies(spec)), ...incoming.filter(({ spec }) => !spec || !denies(spec))];
  const maybe = { yes: false, no: false };
  for (const { spec } of inOrder) {
    // A rule that nobody understands here may let it in, or keep it out.
    const fits = spec ? matches(spec, packet) : 'maybe';
    if (fits === 'no') continue;
    const verdict = spec && denies(spec) ? 'no' : 'yes';
    // So many of them and no more; what becomes of the rest is up to the provider.
    if (spec?.action === 'limit') maybe.yes = maybe.no = true;
    else if (fits === 'maybe') {
      if (spec) maybe[verdict] = true;
      else maybe.yes = true;
    } else return maybe[verdict === 'yes' ? 'no' : 'yes'] ? 'maybe' : verdict;
  }
  const end = policy === 'allow' || policy === null ? 'yes' : 'no';
  return maybe[end === 'yes' ? 'no' : 'yes'] ? 'maybe' : end;
}

const keepsOut = (spec: RuleSpec) => spec.source !== null && (spec.action === 'deny' || spec.action === 'reject');

/** The firewall as it would be. */
export function after(change: FirewallChange, filter: Filter): Filter {
  const made = (spec: RuleSpec) => ({ id: '', spec, forwarded: false });
  // Providers put those first.
  const add = (rules: Filter['rules'], spec: RuleSpec) => (keepsOut(spec) ? [made(spec), ...rules] : [...rules, made(spec)]);
  const { rules } = filter;
  switch (change.verb) {
    case 'add': return { ...filter, rules: add(rules, change.rule) };
    case 'remove': return { ...filter, rules: rules.filter(({ id }) => id !== change.rule.id) };
    case 'change': return { ...filter, rules: rules.map((rule) => (rule.id === change.rule.id ? made(change.to) : rule)) };
    case 'enable': return { ...filter, active: true, rules: change.allow.reduce(add, rules) };
    case 'disable': return { ...filter, active: false };
    case 'policy': {
      if (change.direction !== 'in') return filter;
      const zone = change.zone ?? filter.zones[0]?.name;
      return { ...filter, policies: { in: change.policy }, zones: filter.zones.map((one) => (one.name === zone ? { ...one, policy: change.policy } : one)) };
    }
    default: return filter;
  }
}

/** Would the change keep out whoever makes it: their browser from the panel, or them from SSH and the remote desktop? */
export function locksOut(change: FirewallChange, filter: Filter, { clientAddress, panelPort, panelProgram, sshPorts, rdpPort, proxies, doorPort }: Ways): LockOut {
  // Behind a proxy somebody else listens.
  const programs = { panel: panelPort === doorPort ? panelProgram : undefined, ssh: 'sshd.exe', rdp: SHARED };
  const next = after(change, filter);
  const client = plainAddress(clientAddress);
  // Over a tunnel, or from the machine itself: this way stays, and where SSH comes from nobody knows.
  const near = client === '' || isLoopback(client);
  const source = near ? null : parseNetwork(client);
  const ways: Cut[] = [...(near ? [] : [{ what: 'panel', port: panelPort } as const]), ...sshPorts.map((port): Cut => ({ what: 'ssh', port })), ...(rdpPort ? [{ what: 'rdp', port: rdpPort } as const] : [])];
  const turns = ways.map((way) => {
    const packet = { source, port: way.port, program: programs[way.what] };
    return { way, was: letsIn(filter, packet), is: letsIn(next, packet) };
  });
  // A way out that is denied takes the answers of what comes in only where connections are not tracked; it is armed all the same.
  const sweeping = change.verb === 'enable' || (change.verb === 'policy' && change.policy !== 'allow') || outgoing(change);
  const shaken = turns.some(({ was, is }) => was === 'yes' && is === 'maybe');
  // Which of the proxies the browser came by nobody knows.
  const closed = proxies.some((source) => {
    const packet = { source, port: doorPort, program: panelProgram };
    return SURE[letsIn(next, packet)] < SURE[letsIn(filter, packet)];
  });
  const forward = (change.verb === 'forward' || change.verb === 'unforward') && change.forward.protocol === 'tcp' ? change.forward : null;
  const led = change.verb === 'forward' ? ways.filter(({ port }) => port === forward?.port) : [];
  // They may have come by this very one.
  const ports = [...ways.map(({ port }) => port), ...(proxies.length ? [doorPort] : [])];
  const moved = forward !== null && ports.some((port) => port === forward.port || (change.verb === 'unforward' && port === forward.toPort));
  return { cuts: [...turns.filter(({ was, is }) => was !== 'no' && is === 'no').map(({ way }) => way), ...led], risky: sweeping || shaken || closed || (moved && led.length === 0) };
}

const SURE: Record<Verdict, number> = { no: 0, maybe: 1, yes: 2 };

/** Denies what goes out, to everybody or to somebody. */
function outgoing(change: FirewallChange): boolean {
  const spec = change.verb === 'add' ? change.rule : change.verb === 'change' ? change.to : null;
  return spec !== null && spec.direction === 'out' && spec.action !== 'allow';
}
