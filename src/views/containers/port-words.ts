import type { Container } from '../../core/containers/container.ts';
import type { PortFact } from '../../core/containers/ports/facts.ts';
import { scopeOf } from '../../core/exposure/judge.ts';
import { whoLines } from '../exposure/words.ts';
import type { Ui } from '../ui.ts';

/** From where, as far as the address says. */
function addressWord(ui: Ui, { scope, address }: Pick<PortFact, 'scope' | 'address'>): string {
  const t = ui.t.containerPorts;
  if (scope === 'machine' || scope === 'inside') return ui.t.exposure.whos[scope];
  return scope === 'address' ? t.address({ address }) : t.everywhere;
}

/** From where a port is reached, as its address and the rules say. */
export function reachWord(ui: Ui, fact: PortFact): string {
  const { scope, verdict, reach, unknown } = fact;
  const asked = scope === 'everywhere' || scope === 'address';
  if (!asked || unknown) return addressWord(ui, fact);
  const who = ui.fmt.list(whoLines(ui, fact, false).map(({ text }) => text));
  if (scope === 'everywhere' || verdict === 'closed') return who;
  return verdict === 'open' && reach.every(({ networks, limited }) => networks.length === 0 && !limited) ? addressWord(ui, fact) : [addressWord(ui, fact), who].join(ui.t.parts.list.clause);
}

/** Who decides about what comes from outside, and why; '' where nobody comes. */
export function governWord(ui: Ui, { by, verdict, firewall, chain, unknown }: PortFact): string {
  const t = ui.t.containerPorts;
  if (unknown) return t.unknown[unknown];
  if (verdict === 'unknown') return '';
  const name = firewall && t.firewalls[firewall];
  if (by === 'docker' && chain !== null) return t.docker[verdict === 'closed' ? 'closed' : 'some']({ chain });
  if (by === 'docker') return verdict === 'open' ? t.docker.open({ firewall: name }) : '';
  if (by === 'input' && name) return t.input[verdict]({ firewall: name });
  return by === 'nobody' && verdict === 'open' ? t.noFirewall : '';
}

/** Is it open to the world, or nobody knows? */
export const isExposed = ({ scope, verdict, reach }: PortFact) => scope === 'everywhere' && (verdict === 'unknown' || reach.some((line) => line.verdict === 'open' && !line.neighbours));

/** The rules that keep somebody out, or of which nobody knows whether they do, as they are written. */
export const rulesOf = ({ reach, chain }: PortFact): string[] => (chain === null ? [] : [...new Set(reach.flatMap(({ reasons, doubts }) => [...reasons.filter(({ verdict }) => verdict === 'drop'), ...doubts].flatMap(({ text }) => text ?? [])))]);

/** The same port of IPv4 and IPv6 is one line where everything that is said of it is the same. */
export function joined(ui: Ui, facts: readonly PortFact[]): { fact: PortFact; addresses: string[] }[] {
  const lines = new Map<string, { fact: PortFact; addresses: string[] }>();
  for (const fact of facts) {
    const { address, host, container, protocol, scope } = fact;
    const key = JSON.stringify([host, container, protocol, scope === 'address' ? address : scope, reachWord(ui, fact), governWord(ui, fact), rulesOf(fact)]);
    const line = lines.get(key);
    if (line) line.addresses.push(address);
    else lines.set(key, { fact, addresses: [address] });
  }
  return [...lines.values()];
}

export const keyOf = ({ address, host, container, protocol }: { address: string | null; host: number | null; container: number; protocol: string }) => [address, host, container, protocol].join(' ');

/** The same where only the address is known. */
export function portTitle(ui: Ui, { address, host }: Pick<Container['ports'][number], 'address' | 'host'>): string {
  if (host === null || address === null) return ui.t.containerPorts.inside;
  return addressWord(ui, { scope: scopeOf([address], null, null), address });
}
