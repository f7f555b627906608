import { parseNetwork } from '../../../lib/network.ts';
import type { FirewallRule, PortRange, RuleSpec } from '../../firewall.ts';
import { ruleId } from '../../linux/firewall/plan.ts';

/** A rule as the registry has it ([MS-GPFAS] 2.2.2.19): a value, of which the name is the rule's own name. */
export interface StoredRule {
  name: string;
  /** `v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=443|App=C:\srv\web.exe|Name=Web|Desc=|EmbedCtxt=Shop|` */
  text: string;
  /** `policy`: of a domain's or this machine's Group Policy, which alone changes it. */
  store: 'local' | 'policy';
}

/** Group of the rules that the panel makes. */
export const GROUP = 'Mantou';

const PROTOCOLS: Record<string, RuleSpec['protocol']> = { 6: 'tcp', 17: 'udp' };

/** Say how it is called, or what does not narrow it. */
const PLAIN = new Set(['Name', 'Desc', 'EmbedCtxt', 'Edge', 'Defer', 'Platform', 'Platform2', 'Action', 'Active', 'Dir', 'Profile', 'Protocol', 'App', 'Svc']);
const PORTS = /^[LR]Port(2_10)?$/;
const ADDRESSES = /^[LR]A[46]2?$/;
/** Of an app of the Store: it is about nobody but that app. */
const PACKAGES = new Set(['AppPkgId', 'PFN']);

export type Fields = ReadonlyMap<string, readonly string[]>;

/** null: no rule that anybody understands. */
export function fieldsOf(text: string): Fields | null {
  const [version = '', ...parts] = text.split('|');
  if (!/^v\d+\.\d+$/.test(version)) return null;
  const fields = new Map<string, string[]>();
  for (const part of parts) {
    const at = part.indexOf('=');
    if (at <= 0) continue;
    const key = part.slice(0, at);
    fields.set(key, [...(fields.get(key) ?? []), part.slice(at + 1)]);
  }
  return fields;
}

const first = (fields: Fields, key: string) => fields.get(key)?.[0] ?? null;
const all = (fields: Fields, ...keys: string[]) => keys.flatMap((key) => fields.get(key) ?? []);

/** null: one of them is a word ("RPC", "IPHTTPSIn"). */
function portsOf(texts: readonly string[]): PortRange[] | null {
  const ranges: PortRange[] = [];
  for (const text of texts.flatMap((one) => one.split(','))) {
    const found = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
    if (!found) return null;
    ranges.push({ from: Number(found[1]), to: Number(found[2] ?? found[1]) });
  }
  return ranges.sort((a, b) => a.from - b.from || a.to - b.to);
}

/** "10.0.0.0/255.0.0.0" → "10.0.0.0/8"; undefined: several, a range, or a word ("LocalSubnet"). */
function addressOf(texts: readonly string[]): string | null | undefined {
  if (texts.length === 0) return null;
  if (texts.length > 1) return undefined;
  const [address = '', mask] = texts[0]!.split('/');
  const bits = mask?.includes('.') ? parseNetwork(mask)?.first.toString(2) : null;
  if (bits !== null && (bits === undefined || !/^(1*0*)$/.test(bits.padStart(32, '0')))) return undefined;
  const [from, to, ...more] = address.split('-');
  if (more.length || (to !== undefined && (to !== from || mask !== undefined))) return undefined;
  const length = bits === null ? mask : String(bits.padStart(32, '0').replaceAll('0', '').length);
  return parseNetwork(length === undefined ? from! : `${from}/${length}`)?.text;
}

/** What a rule without a note of its own is called. */
export const plainName = ({ action, direction, protocol, ports, source, destination }: RuleSpec) =>
  [GROUP, action, direction, protocol, ports.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(','), source, destination].filter(Boolean).join(' ');

function specOf(fields: Fields, comment: string): RuleSpec | null {
  const action = { Allow: 'allow', Block: 'deny' } as const;
  const made = action[first(fields, 'Action') as keyof typeof action];
  const number = first(fields, 'Protocol');
  const protocol = number === null ? 'any' : PROTOCOLS[number];
  if (!made || !protocol || [...fields.keys()].some((key) => !PLAIN.has(key) && !PORTS.test(key) && !ADDRESSES.test(key))) return null;
  const direction = first(fields, 'Dir') === 'Out' ? 'out' : 'in';
  const [local, remote] = [portsOf(all(fields, 'LPort', 'LPort2_10')), portsOf(all(fields, 'RPort', 'RPort2_10'))];
  const [here, there] = [addressOf(all(fields, 'LA4', 'LA6', 'LA42', 'LA62')), addressOf(all(fields, 'RA4', 'RA6', 'RA42', 'RA62'))];
  if (!local || !remote || here === undefined || there === undefined || (direction === 'in' ? remote : local).length) return null;
  const [source, destination] = direction === 'in' ? [there, here] : [here, there];
  const address = source ?? destination;
  if (source && destination && source.includes(':') !== destination.includes(':')) return null;
  // A service says its program as well; one without is about all that it is called.
  if (fields.has('Svc') && !fields.has('App')) return null;
  const spec: RuleSpec = {
    action: made, direction, protocol, ports: direction === 'in' ? local : remote, service: null, source, destination, interface: null, zone: null,
    family: address === null ? 'both' : address.includes(':') ? 'v6' : 'v4', comment, program: first(fields, 'App'), profile: profilesOf(fields).join(', ') || null,
    enabled: first(fields, 'Active') === 'TRUE',
  };
  return comment === plainName(spec) ? { ...spec, comment: '' } : spec;
}

const PROFILES = ['Domain', 'Private', 'Public'];

/** None: all of them. */
function profilesOf(fields: Fields): string[] {
  const some = PROFILES.filter((name) => fields.get('Profile')?.includes(name));
  return some.length === PROFILES.length ? [] : some;
}

/** Is it about something else than TCP that comes in, or switched off, or for another kind of network than those that there are? */
function standsAside(fields: Fields, current: readonly string[]): boolean {
  const protocol = first(fields, 'Protocol');
  const profiles = profilesOf(fields);
  return first(fields, 'Dir') === 'Out' || first(fields, 'Active') !== 'TRUE' || (protocol !== null && protocol !== '6') || [...fields.keys()].some((key) => PACKAGES.has(key))
    // Ports that Windows gives to RPC and its tunnels, by a word: nobody else listens there.
    || portsOf(all(fields, 'LPort', 'LPort2_10')) === null || (profiles.length > 0 && current.length > 0 && !profiles.some((name) => current.includes(name)));
}

/**
 * @param called what its name means in the language of the system
 * @param current kinds of the networks that the machine is in: "Public"
 */
export function ruleOf({ name, text, store }: StoredRule, called: (name: string) => string, current: readonly string[] = []): FirewallRule {
  const fields = fieldsOf(text) ?? new Map();
  const title = called(first(fields, 'Name') ?? name);
  const spec = specOf(fields, title);
  const more = [...(store === 'policy' ? ['GroupPolicy'] : []), ...(first(fields, 'Active') === 'FALSE' ? ['Active=FALSE'] : []), ...['Profile', 'App', 'Svc'].flatMap((key) => all(fields, key).map((value) => `${key}=${value}`))];
  const said = text.split('|').slice(1).filter((part) => part && !/^(Name|Desc|EmbedCtxt)=/.test(part)).join(' ');
  return {
    id: ruleId('netsecurity', `${store}|${name}|${text}`), text: `${title}: ${said || text}`, spec, extra: more.join(', ') || null, comment: spec?.comment ?? title, forwarded: false,
    aside: standsAside(fields, current),
  };
}
