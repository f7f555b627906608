import { parseNetwork } from '../../../lib/network.ts';
import type { PortRange, RuleAction, RuleSpec } from '../../firewall.ts';
import { portText } from './plan.ts';

/** What `limit` lets in, of all senders together: rich rules know no other way (firewalld.richlanguage(5)). */
const LIMIT = '12/m';
const VERBS: Record<RuleAction, string> = { allow: 'accept', deny: 'drop', reject: 'reject', limit: `accept limit value="${LIMIT}"` };

/** An option without its verb: `port=8080/tcp`, `service=ssh`, `rich-rule=rule family="ipv4" …`. */
export interface FirewalldOption {
  kind: 'port' | 'service' | 'rich-rule' | 'protocol';
  value: string;
}

export const emptySpec = (zone: string, more: Partial<RuleSpec>): RuleSpec => ({
  action: 'allow', direction: 'in', protocol: 'any', ports: [], service: null, source: null, destination: null, interface: null, zone,
  family: 'both', comment: '', program: null, profile: null, enabled: true, ...more,
});

/** The plain way where there is one; else a rich rule, in the order in which firewalld gives it back. */
export function optionOf(spec: RuleSpec): FirewalldOption {
  const [port] = spec.ports;
  const plain = spec.action === 'allow' && !spec.source && !spec.destination && spec.family === 'both';
  if (plain && spec.service) return { kind: 'service', value: spec.service };
  if (plain && port) return { kind: 'port', value: `${portText(port, '-')}/${spec.protocol}` };
  const one = spec.source ?? spec.destination;
  const family = spec.family === 'both' && !one ? '' : ` family="${(one ? one.includes(':') : spec.family === 'v6') ? 'ipv6' : 'ipv4'}"`;
  const side = (name: string, address: string | null) => (address ? ` ${name} address="${address}"` : '');
  const what = spec.service ? ` service name="${spec.service}"` : port ? ` port port="${portText(port, '-')}" protocol="${spec.protocol}"` : spec.protocol === 'any' ? '' : ` protocol value="${spec.protocol}"`;
  return { kind: 'rich-rule', value: `rule${family}${side('source', spec.source)}${side('destination', spec.destination)}${what} ${VERBS[spec.action]}` };
}

/** `8080`, `3000-4000` */
export function portsOf(text: string): PortRange[] {
  const [from, to = from] = text.split('-').map(Number);
  return [{ from: from!, to: to! }];
}

const RICH = /^rule(?: family="(ipv[46])")?(?: source address="([^"]+)")?(?: destination address="([^"]+)")?(?: (?:service name="([^"]+)"|port port="([\d-]+)" protocol="(tcp|udp)"|protocol value="(tcp|udp)"))? (accept limit value="[^"]+"|accept|drop|reject)$/;

/** `rule family="ipv4" source address="203.0.113.0/24" port port="25" protocol="tcp" drop`; null: it says more than our words. */
export function richSpec(text: string, zone: string): RuleSpec | null {
  const found = RICH.exec(text);
  if (!found) return null;
  const [, family, source, destination, service, port, protocol, alone, verb = ''] = found;
  const action = (Object.entries(VERBS).find(([, words]) => words === verb)?.[0] ?? null) as RuleAction | null;
  if (!action) return null;
  const network = (address: string | undefined) => (address === undefined ? null : (parseNetwork(address)?.text ?? address));
  return emptySpec(zone, {
    action, source: network(source), destination: network(destination), service: service ?? null, ports: port ? portsOf(port) : [],
    protocol: (protocol ?? alone ?? 'any') as RuleSpec['protocol'], family: family === undefined ? 'both' : family === 'ipv6' ? 'v6' : 'v4',
  });
}

/** What a zone lets in, as D-Bus or `--list-all` has it. */
export interface ZoneSettings {
  target: string;
  services: string[];
  ports: [port: string, protocol: string][];
  protocols: string[];
  sourcePorts: [port: string, protocol: string][];
  forwards: [port: string, protocol: string, toPort: string, toAddress: string][];
  rich: string[];
}

export function zoneOptions(zone: string, settings: ZoneSettings): (FirewalldOption & { spec: RuleSpec | null })[] {
  const of = (kind: FirewalldOption['kind'], value: string, spec: RuleSpec | null) => ({ kind, value, spec });
  return [
    ...settings.rich.map((text) => of('rich-rule', text, richSpec(text, zone))),
    ...settings.services.map((name) => of('service', name, emptySpec(zone, { service: name }))),
    ...settings.ports.map(([port, protocol]) => of('port', `${port}/${protocol}`, protocol === 'tcp' || protocol === 'udp' ? emptySpec(zone, { ports: portsOf(port), protocol }) : null)),
    ...settings.protocols.map((name) => of('protocol', name, name === 'tcp' || name === 'udp' ? emptySpec(zone, { protocol: name }) : null)),
  ];
}

/**
 * `firewall-offline-cmd --list-all`:
 *
 *     public
 *       target: default
 *       services: dhcpv6-client ssh
 *       ports: 8080/tcp 3000-4000/udp
 *       forward-ports:
 *     	port=80:proto=tcp:toport=8080:toaddr=
 *       rich rules:
 *     	rule family="ipv4" source address="203.0.113.9" drop
 */
export function parseListAll(text: string): ZoneSettings {
  const line = (name: string) => new RegExp(`^  ${name}: ?(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const words = (name: string) => line(name).split(' ').filter(Boolean);
  const below = (name: string) => (new RegExp(`^  ${name}: *\n((?:\t.*\n?)*)`, 'm').exec(text)?.[1] ?? '').split('\n').map((one) => one.trim()).filter(Boolean);
  const pairs = (name: string) => words(name).map((one) => one.split('/') as [string, string]);
  const forwards = below('forward-ports').flatMap((one) => {
    const found = /^port=([^:]*):proto=([^:]*):toport=([^:]*):toaddr=(.*)$/.exec(one);
    return found ? [[found[1]!, found[2]!, found[3]!, found[4]!] as [string, string, string, string]] : [];
  });
  return { target: line('target') || 'default', services: words('services'), ports: pairs('ports'), protocols: words('protocols'), sourcePorts: pairs('source-ports'), forwards, rich: below('rich rules') };
}
