import type { ExposureLook, RulesUnknown } from '../../../platform/exposure.ts';
import type { Packet } from '../../exposure/filter/model.ts';
import { entriesFor, linesOf, scopeOf, worst, type Asked } from '../../exposure/judge.ts';
import type { ExposedPort, ReachLine } from '../../exposure/port.ts';
import { firewallOf, rulesOf } from '../../exposure/rules.ts';
import { Ways } from '../../exposure/ways.ts';

/** A port of a container where the machine listens for it. */
export interface Binding {
  address: string;
  host: number;
  container: number;
  protocol: string;
}

/** Why nobody can tell here: the rules cannot be read, they are not those that decide, or there are too many ports. */
export type Unknown = Exclude<RulesUnknown, 'system'> | 'remote' | 'desktop' | 'many';

export interface PortFact extends Binding, Pick<ExposedPort, 'scope' | 'verdict' | 'reach'> {
  /**
   * Who decides about what comes from outside: 'docker' forwards it past the machine's firewall; 'input': that firewall is
   * asked; 'nobody' has to be asked on the machine itself.
   */
  by: 'docker' | 'input' | 'nobody' | 'unknown';
  /** The machine's firewall that is on; else by whose rules somebody is kept out. */
  firewall: 'ufw' | 'firewalld' | 'iptables' | 'nftables' | null;
  /** That of the first rule that keeps somebody out. */
  chain: string | null;
  unknown: Unknown | null;
}

/** Where the engine is, and the rules of its machine. */
export type Surroundings = { unknown: Unknown } | {
  ways: Ways;
  /** By translations alone: where it would come to if no rule kept it out. */
  translated: Ways;
  firewall: ReturnType<typeof firewallOf>;
  rootless: boolean;
  /** What was found for each binding: rules do not change within one look. */
  known: Map<string, Judged>;
};

type Judged = Pick<PortFact, 'by' | 'verdict' | 'reach' | 'firewall' | 'chain'>;

/** One container may publish a range of thousands, each with rules of its own that all others pass. */
export const BINDINGS_MOST = 2000;

export function surroundingsOf(found: Pick<ExposureLook, 'rules' | 'interfaces'>, rootless: boolean): Surroundings {
  const rules = rulesOf(found);
  // An engine behind a socket of a system that is not understood here runs in a virtual machine.
  if ('unknown' in rules) return { unknown: rules.unknown === 'system' ? 'desktop' : rules.unknown };
  const { set } = rules;
  const translations = { bases: set.bases.filter(({ type }) => type === 'nat') };
  return { ways: new Ways(set, found.interfaces), translated: new Ways(translations, found.interfaces), firewall: firewallOf(set), rootless, known: new Map() };
}

/** @param inside addresses of the container, where its networks tell them */
export function portFact(binding: Binding, around: Surroundings, inside: readonly string[] = []): PortFact {
  const { address, host, protocol } = binding;
  const base = { ...binding, scope: scopeOf([address], null, 'unknown' in around ? null : around.ways), reach: [], firewall: null, chain: null, unknown: null };
  const nobodyKnows = (unknown: Unknown): PortFact => ({ ...base, by: 'unknown', verdict: 'unknown', unknown });
  if (base.scope === 'machine' || base.scope === 'inside') return { ...base, by: 'nobody', verdict: 'closed' };
  if ('unknown' in around) return nobodyKnows(around.unknown);
  const key = `${address} ${host} ${protocol} ${inside.join()}`;
  let found = around.known.get(key);
  if (!found) {
    if (around.known.size >= BINDINGS_MOST) return nobodyKnows('many');
    found = judged(binding, around, inside);
    around.known.set(key, found);
  }
  return { ...base, ...found };
}

function judged({ address, host, protocol }: Binding, { ways, translated, firewall, rootless }: Exclude<Surroundings, { unknown: Unknown }>, inside: readonly string[]): Judged {
  const asked: Asked = {
    protocol: protocol as Packet['protocol'], port: host, addresses: [address], families: [address.includes(':') ? 6 : 4], device: null, holder: null,
    // One without root writes no rules: a program of it listens.
    published: rootless ? null : { inside },
  };
  const reach = linesOf(asked, { ways, listeners: [{ ...asked, address }], doors: [] });
  const verdict = worst(reach, 'closed');
  const kept = keepingOut(reach);
  const sentOn = !rootless && entriesFor(asked, translated).some((entry) => translated.reach(entry, asked.protocol, host).arrivals.some(({ local, to }) => !local && (inside.length === 0 || inside.includes(to ?? ''))));
  if (sentOn) return { by: 'docker', verdict, reach, firewall, chain: kept?.chain ?? null };
  const own = firewall ?? (kept ? (kept.table.includes(' ') ? 'nftables' : 'iptables') : null);
  return { by: own ? 'input' : 'nobody', verdict, reach, firewall: own, chain: kept?.chain ?? null };
}

/** The first rule by which somebody stays out, or of which nobody knows; null: everybody comes in. */
const keepingOut = (reach: readonly ReachLine[]) => reach.flatMap(({ verdict, networks, reasons, doubts }) => (verdict === 'open' && networks.length === 0 ? [] : [...reasons.filter((one) => one.verdict === 'drop'), ...doubts]))[0];
