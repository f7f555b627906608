import type { Container } from '../../core/containers/container.ts';
import { portFacts, reachOf, type PortFact, type Surroundings } from '../../core/containers/ports/facts.ts';
import type { Ui } from '../ui.ts';

/** From where a port is reached, as its address and the rules say. */
export function reachWord(ui: Ui, { reach, address, verdict }: Pick<PortFact, 'reach' | 'address'> & { verdict?: PortFact['verdict'] }): string {
  const t = ui.t.containerPorts;
  if (reach !== 'machine' && verdict === 'closed') return t.nobody;
  if (reach === 'everywhere' && verdict === 'some') return t.somebody;
  return reach === 'address' ? t.address({ address }) : t[reach];
}

/** Who decides about what comes from outside, and why; '' where nobody comes. */
export function governWord(ui: Ui, { by, verdict, firewall, chain, unknown }: PortFact): string {
  const t = ui.t.containerPorts;
  if (unknown) return t.unknown[unknown];
  const name = firewall && t.firewalls[firewall];
  if (by === 'docker') return verdict === 'open' ? t.docker.open({ firewall: name }) : verdict === 'unknown' ? '' : t.docker[verdict]({ chain: chain ?? 'FORWARD' });
  if (by === 'input' && name && verdict !== 'unknown') return t.input[verdict]({ firewall: name });
  return by === 'nobody' && verdict === 'open' ? t.noFirewall : '';
}

/** Is it open to the world with nobody who was asked? */
export const isExposed = ({ reach, verdict, by }: PortFact) => reach === 'everywhere' && (verdict === 'open' || (verdict === 'unknown' && by === 'unknown'));

/** The same port of IPv4 and IPv6 is one line where everything else about it is the same. */
export function joined(facts: readonly PortFact[]): { fact: PortFact; addresses: string[] }[] {
  const lines = new Map<string, { fact: PortFact; addresses: string[] }>();
  for (const fact of facts) {
    const { address, ...rest } = fact;
    const key = JSON.stringify(fact.reach === 'address' ? fact : { ...rest, rules: fact.rules, chain: fact.chain });
    const line = lines.get(key);
    if (line) line.addresses.push(address);
    else lines.set(key, { fact, addresses: [address] });
  }
  return [...lines.values()];
}

/** What the list says of each published port when somebody points at it. */
export function listFacts(one: Pick<Container, 'ports'>, around: Surroundings): Map<string, PortFact> {
  const published = one.ports.filter((port): port is typeof port & { host: number; address: string } => port.host !== null && port.address !== null);
  return new Map(portFacts(published, around).map((fact) => [keyOf(fact), fact]));
}

export const keyOf = ({ address, host, container, protocol }: { address: string | null; host: number | null; container: number; protocol: string }) => [address, host, container, protocol].join(' ');

/** The same where only the address is known. */
export function portTitle(ui: Ui, { address, host }: Pick<Container['ports'][number], 'address' | 'host'>): string {
  if (host === null || address === null) return ui.t.containerPorts.inside;
  return reachWord(ui, { reach: reachOf(address), address });
}
