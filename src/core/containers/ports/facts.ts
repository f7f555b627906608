import type { PacketFilter } from '../../../platform/packet-filter.ts';
import { judge, parseRules, type Packet, type Tables, type Verdict } from './rules.ts';

/** A port of a container where the machine listens for it. */
export interface Binding {
  address: string;
  host: number;
  container: number;
  protocol: string;
}

/** Why nobody can tell here. */
export type Unknown = 'root' | 'remote' | 'desktop' | 'tools' | 'nftables';

export interface PortFact extends Binding {
  /** From where it can be reached as far as the address says: a single one of the machine is one of its networks. */
  reach: 'everywhere' | 'address' | 'machine';
  /**
   * Who decides about what comes from outside: 'docker' forwards it past the machine's firewall; 'input': that firewall is
   * asked; 'nobody' has to be asked on the machine itself.
   */
  by: 'docker' | 'input' | 'nobody' | 'unknown';
  verdict: Verdict['verdict'] | 'unknown';
  /** The machine's firewall that is on. */
  firewall: 'ufw' | 'firewalld' | 'iptables' | null;
  /** Rules that keep somebody out, as iptables-save writes them, and the chain that the first stands in. */
  rules: string[];
  chain: string | null;
  unknown: Unknown | null;
}

/** Where the engine is, and what its machine filters. */
export type Surroundings = { unknown: Unknown } | { filter: PacketFilter; rootless: boolean };

/** Docker's own chains: what comes so far is let in. */
const DOCKER = new Set(['DOCKER', 'DOCKER-FORWARD']);

const isAny = (address: string) => address === '0.0.0.0' || address === '::' || address === '';

/** From where as far as the address says. */
export const reachOf = (address: string): PortFact['reach'] => (/^127\.|^::1$/.test(address) ? 'machine' : isAny(address) ? 'everywhere' : 'address');

/** @param ips addresses of the container, where its networks tell them */
export function portFacts(bindings: readonly Binding[], around: Surroundings, ips: readonly string[] = []): PortFact[] {
  const tables = 'unknown' in around ? null : tablesOf(around.filter);
  return bindings.map((binding) => {
    const { address } = binding;
    const base = { ...binding, reach: reachOf(address), firewall: null, rules: [], chain: null, unknown: null };
    if (base.reach === 'machine') return { ...base, by: 'nobody', verdict: 'closed' };
    if ('unknown' in around) return { ...base, by: 'unknown', verdict: 'unknown', unknown: around.unknown };
    return { ...base, ...judged(binding, around, tables![address.includes(':') ? 6 : 4], ips) };
  });
}

const parsed = (text: string | null) => (text === null ? null : parseRules(text));
const read = new WeakMap<PacketFilter, { 4: Tables | null; 6: Tables | null }>();

/** A list asks for each of its rows. */
function tablesOf(filter: PacketFilter) {
  const known = read.get(filter) ?? { 4: parsed(filter.rules4), 6: parsed(filter.rules6) };
  read.set(filter, known);
  return known;
}

function judged(binding: Binding, { filter, rootless }: Exclude<Surroundings, { unknown: Unknown }>, tables: Tables | null, ips: readonly string[]): Pick<PortFact, 'by' | 'verdict' | 'firewall' | 'rules' | 'chain' | 'unknown'> {
  const { address, host, container, protocol } = binding;
  const firewall = filter.ufw ? 'ufw' : filter.firewalld ? 'firewalld' : null;
  // Engines since 29 may write rules of their own for nftables, which iptables-save does not show.
  if (/^table ip6? docker-bridges$/m.test(filter.tables ?? '')) return { by: 'docker', verdict: 'unknown', firewall, rules: [], chain: null, unknown: 'nftables' };
  if (!tables) return { by: 'unknown', verdict: 'unknown', firewall, rules: [], chain: null, unknown: 'tools' };
  const chains = tables.get('filter') ?? new Map();
  if (!rootless && isTranslated(tables, binding)) {
    const early = earliest(tables, { protocol, port: host, asked: host, to: isAny(address) ? [] : [address] });
    const found = early ?? judge(chains, 'FORWARD', { protocol, port: container, asked: host, to: ips }, DOCKER);
    return { by: 'docker', firewall, unknown: null, ...found };
  }
  const found = judge(chains, 'INPUT', { protocol, port: host, asked: host, to: isAny(address) ? [] : [address] });
  // Rules of firewalld are none of iptables.
  if (firewall === 'firewalld') return { by: 'input', verdict: 'some', firewall, rules: [], chain: null, unknown: null };
  const own = firewall ?? (found.verdict === 'open' ? null : 'iptables');
  return { by: own ? 'input' : 'nobody', firewall: own, unknown: null, ...found };
}

/** Does the kernel send it on to the container? Else a program of Docker listens on the machine. */
function isTranslated(tables: Tables, { address, host, protocol }: Binding): boolean {
  const nat = tables.get('nat');
  const asked = nat?.get('PREROUTING')?.rules.some(({ target }) => target === 'DOCKER');
  return Boolean(asked) && nat!.get('DOCKER')!.rules.some(({ target, words }) => {
    const after = (name: string) => words[words.indexOf(name) + 1];
    if (target !== 'DNAT' || after('--dport') !== String(host) || after('-p') !== protocol) return false;
    return !words.includes('-d') || after('-d')?.split('/')[0] === address;
  });
}

/** What is thrown away before anybody translates it. */
function earliest(tables: Tables, packet: Packet): Verdict | null {
  for (const table of ['raw', 'mangle']) {
    const found = judge(tables.get(table) ?? new Map(), 'PREROUTING', packet);
    if (found.verdict !== 'open') return found;
  }
  return null;
}
