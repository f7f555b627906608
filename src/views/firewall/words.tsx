import { portsText } from '../../core/firewall/rule.ts';
import { parseNetwork, holds, plainAddress } from '../../lib/network.ts';
import { hostPort } from '../../lib/host-port.ts';
import type { ForwardSpec, PublishedRule, RuleAction, RuleSpec } from '../../platform/firewall.ts';
import { Icon } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';

/** "80, 443", "OpenSSH", "all ports" */
export function whatText(ui: Ui, { ports, service }: Pick<RuleSpec, 'ports' | 'service'>): string {
  return service ?? (ports.length ? portsText(ports) : ui.t.firewall.anyPort);
}

/** Nothing where a service has its own, or everything is meant. */
export const protocolText = (ui: Ui, { protocol, service, ports }: Pick<RuleSpec, 'protocol' | 'service' | 'ports'>) => (service || (protocol === 'any' && !ports.length) ? '' : protocol === 'any' ? ui.t.firewall.both : protocol);

/** "80, 443 tcp", for labels and titles. */
export const shortRule = (ui: Ui, spec: Pick<RuleSpec, 'ports' | 'service' | 'protocol' | 'action' | 'source' | 'family'>) =>
  [ui.t.firewall.actions[spec.action], whatText(ui, spec), protocolText(ui, spec), fromText(ui, spec)].filter(Boolean).join(' ');

export function fromText(ui: Ui, { source, family }: Pick<RuleSpec, 'source' | 'family'>): string {
  const t = ui.t.firewall;
  return source ?? (family === 'v4' ? t.anyone4 : family === 'v6' ? t.anyone6 : t.anyone);
}

/** Is the reader's own address in this network? */
export function isYours(source: string | null, address: string): boolean {
  const [network, own] = [source === null ? null : parseNetwork(source), parseNetwork(plainAddress(address))];
  return network !== null && own !== null && holds(network, own);
}

const TONES: Record<RuleAction, 'ok' | 'danger' | 'warn'> = { allow: 'ok', deny: 'danger', reject: 'danger', limit: 'warn' };

export function ActionTag({ ui, action }: { ui: Ui; action: RuleAction }) {
  return (
    <span class="tag" data-tone={TONES[action]}>
      <Icon ui={ui} name={action === 'allow' ? 'check' : action === 'limit' ? 'clock' : 'x'} />
      {ui.t.firewall.actions[action]}
    </span>
  );
}

export const publishedSpec = (rule: PublishedRule): RuleSpec => ({ ...rule, direction: 'in', service: null, destination: null, zone: null, comment: '', program: null, profile: null, enabled: true });

export function forwardWords(ui: Ui, { protocol, port, toAddress, toPort }: ForwardSpec): string {
  return `${port} ${protocol} → ${toAddress === null ? `${ui.t.firewall.forwardHere} ${toPort}` : hostPort({ address: toAddress, port: toPort })}`;
}
