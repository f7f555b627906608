import type { Holder, NetSecurityProfile, NetworkInterface } from '../../src/platform/exposure.ts';

/**
 * Rules of Windows that nobody would write, and a small machine that asks them one after the other for one sender, as Microsoft describes
 * it: written apart from what the panel does with sets of senders, and knowing nothing of texts.
 */
interface RandomRule {
  text: string;
  block: boolean;
  on: boolean;
  inbound: boolean;
  protocol: 'tcp' | 'udp' | null;
  ports: [number, number][];
  profiles: string[];
  program: string | null;
  service: string | null;
  /** Networks of the sender, as address and length; 'near': those of the interface. none: all. */
  from: (readonly [string, number] | 'near')[];
  card: string | null;
}

export interface RandomSet {
  rules: RandomRule[];
  profiles: NetSecurityProfile[];
  cards: NetworkInterface[];
  holders: Holder[];
  senders: string[];
}

export interface Place {
  protocol: 'tcp' | 'udp';
  port: number;
  family: 4 | 6;
  /** Which of the cards and of the holders. */
  iface: number;
  holder: number;
}

export const PLACES: readonly Place[] = ([['tcp', 22], ['tcp', 3389], ['udp', 3389], ['tcp', 8080]] as const).flatMap(([protocol, port], i) =>
  [0, 1, 2].flatMap((iface) => ([4, 6] as const).map((family): Place => ({ protocol, port, family, iface, holder: (i + iface) % 3 }))));

const NETWORKS: readonly (readonly [string, number])[] = [['10.0.0.0', 8], ['192.168.0.0', 16], ['198.51.100.64', 26], ['203.0.113.9', 32], ['0.0.0.0', 1], ['2001:db8:7::', 48], ['fd00::', 8], ['2001:db8::9', 128]];
const SENDERS = ['10.9.9.9', '192.168.7.5', '192.168.8.5', '198.51.100.70', '198.51.100.7', '203.0.113.9', '203.0.113.77', '8.8.8.8', '200.1.1.1', '2001:db8:7::5', '2001:db8:aa::5', '2001:db8::9', 'fd00::5', '2a00::1'];

const mask = (length: number) => [0, 1, 2, 3].map((byte) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - byte * 8)))).join('.');

export function netSecurityRules(seed: number): RandomSet {
  let state = (seed * 2654435761) % 2147483647 || 1;
  const below = (n: number) => (state = (state * 48271) % 2147483647) % n;
  const one = <T>(...all: readonly T[]): T => all[below(all.length)]!;
  const some = <T>(all: readonly T[], in_: number): T[] => all.filter(() => below(in_) === 0);
  const cards: NetworkInterface[] = (['Domain', 'Private', 'Public'] as const).map((profile, i) => ({
    name: `card${i}`, network: { id: `{C${i}}`, kind: 'lan', profile: one(profile, 'Public'), excluded: below(12) === 0 },
    addresses: [{ address: `192.168.${7 + i}.10`, family: 4, prefix: 24 }, { address: `2001:db8:${i ? 'bb' : 'aa'}::10`, family: 6, prefix: 64 }],
  }));
  const profiles = (['Domain', 'Private', 'Public'] as const).map((name): NetSecurityProfile => ({ name, enabled: below(8) > 0, shielded: below(10) === 0, inbound: one('block', 'block', 'block', 'allow'), localRules: below(10) > 0 }));
  const holders: Holder[] = [
    { pid: 10, program: 'C:\\Windows\\System32\\svchost.exe', services: ['TermService'] }, { pid: 11, program: 'C:\\srv\\web.exe', services: [] }, { pid: 12, program: 'C:\\Windows\\System32\\svchost.exe', services: ['W3SVC', 'WAS'] },
  ];
  const rule = (): RandomRule => {
    const made: Omit<RandomRule, 'text'> = {
      block: below(3) === 0, on: below(8) > 0, inbound: below(8) > 0, protocol: one(null, 'tcp', 'tcp', 'udp'), ports: [], profiles: below(3) ? [] : some(['Domain', 'Private', 'Public'], 2),
      program: one(null, null, '%systemroot%\\System32\\SVCHOST.exe', 'C:\\srv\\web.exe'), service: one(null, null, null, 'termservice', '*'),
      from: below(2) ? [] : [...some(NETWORKS, 4), ...(below(5) ? [] : ['near' as const])], card: below(6) ? null : `{c${below(3)}}`,
    };
    if (made.protocol) made.ports = one<[number, number][]>([], [[3389, 3389]], [[22, 22], [8080, 8080]], [[1000, 1000 + below(9000)]]);
    const texts = made.from.map((from) => {
      if (from === 'near') return 'RA42=LocalSubnet|RA62=LocalSubnet';
      const [address, length] = from;
      return address.includes(':') ? `RA6=${address}/${length}` : `RA4=${one(`${address}/${length}`, `${address}/${mask(length)}`)}`;
    });
    const text = [
      'v2.31', `Action=${made.block ? 'Block' : 'Allow'}`, `Active=${made.on ? 'TRUE' : 'FALSE'}`, `Dir=${made.inbound ? 'In' : 'Out'}`, ...(made.protocol ? [`Protocol=${made.protocol === 'tcp' ? 6 : 17}`] : []),
      ...made.profiles.map((name) => `Profile=${name}`), ...made.ports.map(([from, to]) => (from === to ? `LPort=${from}` : `LPort2_10=${from}-${to}`)), ...texts,
      ...(made.program ? [`App=${made.program}`] : []), ...(made.service ? [`Svc=${made.service}`] : []), ...(made.card ? [`IF=${made.card}`] : []), 'Name=r', '',
    ].join('|');
    return { ...made, text };
  };
  return { rules: Array.from({ length: 1 + below(12) }, rule), profiles, cards, holders, senders: SENDERS };
}

/** 32 or 128 bits as letters, to compare beginnings. */
function bits(address: string): string {
  if (!address.includes(':')) return address.split('.').map((byte) => Number(byte).toString(2).padStart(8, '0')).join('');
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => (text ? text.split(':') : []);
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0');
  return [...groups(head), ...(address.includes('::') ? zeros : []), ...groups(tail)].map((group) => parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}
const isWithin = (sender: string, [address, length]: readonly [string, number]) => sender.includes(':') === address.includes(':') && bits(sender).startsWith(bits(address).slice(0, length));

/** Is this one sender let in? */
export function decide({ rules, profiles, cards, holders }: RandomSet, { protocol, port, iface, holder }: Place, sender: string): boolean {
  const card = cards[iface]!;
  const profile = profiles.find(({ name }) => name === card.network!.profile)!;
  const who = holders[holder]!;
  if (card.network!.excluded || !profile.enabled) return true;
  if (profile.shielded) return false;
  const fits = (rule: RandomRule) => {
    if (!rule.on || !rule.inbound || !profile.localRules) return false;
    if (rule.protocol && (rule.protocol !== protocol || (rule.ports.length && !rule.ports.some(([from, to]) => port >= from && port <= to)))) return false;
    if (rule.profiles.length && !rule.profiles.includes(profile.name)) return false;
    if (rule.program && !who.program!.toLowerCase().endsWith(rule.program.toLowerCase().split('\\').at(-1)!)) return false;
    if (rule.service && (rule.service === '*' ? who.services.length === 0 : !who.services.includes('TermService'))) return false;
    if (rule.card && rule.card.toUpperCase() !== card.network!.id) return false;
    if (rule.from.length === 0) return true;
    return rule.from.some((from) => (from === 'near' ? card.addresses.some(({ address, prefix }) => isWithin(sender, [address, prefix])) : isWithin(sender, from)));
  };
  const matching = rules.filter(fits);
  if (matching.some(({ block }) => block)) return false;
  return matching.length > 0 || profile.inbound === 'allow';
}
