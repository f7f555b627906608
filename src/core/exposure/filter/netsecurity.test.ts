import { describe, expect, test } from 'bun:test';
import { addressText } from '../../../lib/address.ts';
import { addressValue, holds } from '../../../lib/address-ranges.ts';
import type { Holder, NetSecurityProfile, NetSecurityRules, NetworkInterface } from '../../../platform/exposure.ts';
import { decide, netSecurityRules, PLACES } from '../../../../test/support/random-netsecurity.ts';
import { isFiltered, readNetSecurity } from './netsecurity.ts';
import { SENDERS, verdictOf } from './verdict.ts';
import { allowedAt, walk } from './walk.ts';

/**
 * Rules as the registry of Windows has them. Not captured, there being no Windows at hand: written from the grammar in [MS-GPFAS]
 * 2.2.2.19 and from the rules that Microsoft lists as predefined; names are those of an English and of a Chinese system.
 */
const V = 'v2.31|';
const allow = (more: string, name = 'x') => `${V}Action=Allow|Active=TRUE|Dir=In|${more}|Name=${name}|`;
const block = (more: string) => allow(more).replace('Allow', 'Block');
const SVCHOST = '%SystemRoot%\\system32\\svchost.exe';

const profiles = (more: Partial<Record<NetSecurityProfile['name'], Partial<NetSecurityProfile>>> = {}): NetSecurityProfile[] =>
  (['Domain', 'Private', 'Public'] as const).map((name) => ({ name, enabled: true, shielded: false, inbound: 'block', localRules: true, ...more[name] }));
const card = (name: string, profile: NetSecurityProfile['name'], v4: string, more: Partial<NonNullable<NetworkInterface['network']>> = {}): NetworkInterface => ({
  name, addresses: [{ address: v4, family: 4, prefix: 24 }, { address: '2001:db8:1::10', family: 6, prefix: 64 }], network: { id: `{${name}}`, kind: 'lan', profile, excluded: false, ...more },
});
const CARDS = [card('Ethernet', 'Public', '203.0.113.10'), card('以太网 2', 'Private', '192.168.7.10'), card('Wi-Fi', 'Domain', '10.1.1.10', { kind: 'wireless' })];
const RDP: Holder = { pid: 1180, program: 'C:\\Windows\\System32\\svchost.exe', services: ['TermService'] };
const WEB: Holder = { pid: 44, program: 'C:\\srv\\nginx.exe', services: [] };

interface Asked {
  protocol?: 'tcp' | 'udp';
  port?: number;
  iface?: string;
  family?: 4 | 6;
  holder?: Holder | null;
  profiles?: NetSecurityProfile[];
  store?: 'local' | 'policy';
  cards?: readonly NetworkInterface[] | null;
}

function ask(texts: readonly string[], { protocol = 'tcp', port = 3389, iface = 'Ethernet', family = 4, holder = RDP, profiles: all = profiles(), store = 'local', cards = CARDS }: Asked = {}) {
  const rules: NetSecurityRules = { profiles: all, rules: texts.map((text, i) => ({ title: `r${i}`, text, store })), variables: { systemroot: 'C:\\Windows', programfiles: 'C:\\Program Files' } };
  const address = cards?.find(({ name }) => name === iface)?.addresses.find((one) => one.family === family)?.address;
  const to = address ? [addressValue(address)!.value] : [];
  const reach = walk(readNetSecurity(rules, cards), { family, protocol, port, asked: port, to, askedTo: to, iface, out: null, translated: false, local: true, holder }, SENDERS[family], { isLocal: () => false, outOf: () => null });
  const allowed = allowedAt(reach, (one) => one.local && one.port === port);
  return { ...verdictOf(family, SENDERS[family], reach, allowed), allowed, barred: reach.barred, doubted: reach.doubts.map(({ why }) => why) };
}
const short = (...args: Parameters<typeof ask>) => {
  const { verdict, networks, doubts } = ask(...args);
  return [verdict, ...(verdict === 'unknown' ? new Set(doubts.map(({ why }) => why)) : networks)].join(' ');
};

describe('by hand', () => {
  const OPEN = allow(`Protocol=6|LPort=3389|App=${SVCHOST}|Svc=termservice`, '@FirewallAPI.dll,-28775');
  test.each<[string, readonly string[], Asked, string]>([
    ['no rule', [], {}, 'closed'],
    ['the rule of Remote Desktop', [OPEN], {}, 'open'],
    ['the same by IPv6', [OPEN], { family: 6 }, 'open'],
    ['of another port', [OPEN], { port: 3390 }, 'closed'],
    ['of another protocol', [OPEN], { protocol: 'udp' }, 'closed'],
    ['of another program', [OPEN], { holder: WEB }, 'closed'],
    ['of another service in the same program', [OPEN], { holder: { ...RDP, services: ['Dnscache'] } }, 'closed'],
    ['of a process that nobody may look into', [OPEN], { holder: { ...RDP, program: null } }, 'unknown text'],
    ['of nobody', [OPEN], { holder: null }, 'unknown text'],
    ['any service', [allow(`App=${SVCHOST}|Svc=*`)], {}, 'open'],
    ['any service, of one that is none', [allow('Svc=*')], { holder: WEB }, 'closed'],
    ['a program on any port', [allow('Protocol=6|App=C:\\SRV\\nginx.exe')], { holder: WEB, port: 8443 }, 'open'],
    ['a variable', [allow('App=%programfiles%\\x\\y.exe')], { holder: { pid: 1, program: 'C:\\Program Files\\X\\Y.exe', services: [] } }, 'open'],
    ['the kernel', [allow('Protocol=6|LPort=80|App=System')], { port: 80, holder: { pid: 4, program: 'System', services: [] } }, 'open'],
    ['switched off', [OPEN.replace('Active=TRUE', 'Active=FALSE')], {}, 'closed'],
    ['about what goes out', [OPEN.replace('Dir=In', 'Dir=Out')], {}, 'closed'],
    ['for another kind of network', [allow('Profile=Domain|Profile=Private|Protocol=6|LPort=3389')], {}, 'closed'],
    ['for the kind that it is in', [allow('Profile=Domain|Profile=Private|Protocol=6|LPort=3389')], { iface: '以太网 2' }, 'open'],
    ['a block comes before', [OPEN, block('Protocol=6|LPort=3389')], {}, 'closed'],
    ['a block of some comes before', [OPEN, block('RA4=198.51.100.0-198.51.100.255')], {}, 'open 198.51.100.0/24'],
    ['a block of IPv4 alone', [OPEN, block('RA4=0.0.0.0-255.255.255.255')], { family: 6 }, 'open'],
    ['for some networks', [allow('Protocol=6|LPort2_10=3380-3399|RA4=10.0.0.0/255.0.0.0|RA4=192.0.2.7')], {}, 'some 10.0.0.0/8 192.0.2.7'],
    ['for IPv4 networks, asked by IPv6', [allow('Protocol=6|LPort=3389|RA4=10.0.0.0/8')], { family: 6 }, 'closed'],
    ['for neighbours', [allow('Protocol=6|LPort=3389|RA4=LocalSubnet|RA6=LocalSubnet')], { iface: '以太网 2' }, 'some 192.168.7.0/24'],
    ['for neighbours and more', [allow('RA42=LocalSubnet|RA4=10.0.0.0/8')], { iface: '以太网 2' }, 'some 10.0.0.0/8 192.168.7.0/24'],
    ['for neighbours by IPv6', [allow('RA62=LocalSubnet')], { family: 6 }, 'some 2001:db8:1::/64'],
    ['for whom only Windows knows', [allow('RA4=DefaultGateway')], {}, 'unknown set'],
    ['on one of its addresses', [allow('LA4=203.0.113.10')], {}, 'open'],
    ['on another one', [allow('LA4=192.168.7.10')], {}, 'closed'],
    ['on one interface', [allow('IF={Ethernet}')], {}, 'open'],
    ['on another interface', [allow('IF={Ethernet}')], { iface: 'Wi-Fi' }, 'closed'],
    ['without wires', [allow('IFType=Wireless')], { iface: 'Wi-Fi' }, 'open'],
    ['without wires, by a cable', [allow('IFType=Wireless')], {}, 'closed'],
    ['from a port of the sender', [allow('Protocol=17|RPort=53')], { protocol: 'udp', port: 60000 }, 'open'],
    ['the mapper of RPC', [allow(`Protocol=6|LPort=RPC-EPMap|App=${SVCHOST}|Svc=RpcSs`)], { port: 135, holder: { ...RDP, services: ['RpcEptMapper', 'RpcSs'] } }, 'open'],
    ['ports that RPC gives', [allow('Protocol=6|LPort=RPC')], { port: 49700 }, 'unknown text'],
    ['those are no low ones', [allow('Protocol=6|LPort=RPC')], { port: 445 }, 'closed'],
    ['about ICMP', [allow('Protocol=1|ICMP4=8:*'), allow('Protocol=58|ICMP6=135:*')], {}, 'closed'],
    ['of an app of the Store', [allow('AppPkgId=S-1-15-2-1|LUOwn=S-1-5-21-1')], {}, 'closed'],
    ['who has to prove it', [allow('Protocol=6|LPort=3389|Security=Authenticate')], {}, 'unknown text'],
    ['of users', [allow('RMauth=O:LSD:(A;;CC;;;S-1-5-21-1)')], {}, 'unknown text'],
    ['who proves it passes blocks', [allow('Protocol=6|LPort=3389').replace('Allow', 'ByPass'), block('Protocol=6')], {}, 'unknown text'],
    ['what nobody understands', ['', 'nonsense', `${V}Action=Allow|`, `${V}Action=Permit|Active=TRUE|Dir=In|`], {}, 'closed'],
    ['the profile is off', [block('Protocol=6')], { profiles: profiles({ Public: { enabled: false } }) }, 'open'],
    ['another profile is off', [], { profiles: profiles({ Private: { enabled: false } }) }, 'closed'],
    ['the interface is left alone', [], { cards: [card('Ethernet', 'Public', '203.0.113.10', { excluded: true })] }, 'open'],
    ['nothing comes in, whatever rules say', [OPEN], { profiles: profiles({ Public: { shielded: true } }) }, 'closed'],
    ['the profile lets in', [block('RA4=198.51.100.7')], { profiles: profiles({ Public: { inbound: 'allow' } }) }, 'open 198.51.100.7'],
    ['rules of the machine do not count', [OPEN], { profiles: profiles({ Public: { localRules: false } }) }, 'closed'],
    ['those of Group Policy do', [OPEN], { profiles: profiles({ Public: { localRules: false } }), store: 'policy' }, 'open'],
    ['nobody knows which networks there are', [allow('Profile=Public|Protocol=6|LPort=3389')], { iface: '?', cards: null }, 'unknown address'],
  ])('%s', (_, texts, asked, wanted) => expect(short(texts, asked)).toBe(wanted));

  test('what decides is told with its name, a list of thousands by its beginning', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `RA4=${addressText(4, 0xc6120000n + BigInt(i * 2))}`).join('|');
    const { reasons, networks, more } = ask([OPEN, block(many)]);
    expect(reasons.map(({ verdict, chain, table }) => [verdict, chain, table])).toEqual([['drop', 'Inbound', 'NetSecurity'], ['accept', 'Inbound', 'NetSecurity']]);
    expect(reasons[0]!.text!.length).toBeLessThan(450);
    expect(reasons[1]!.text).toBe(`r0: Action=Allow Protocol=6 LPort=3389 App=${SVCHOST} Svc=termservice`);
    expect([networks.length, more]).toEqual([8, true]);
    expect(ask([]).reasons).toEqual([{ verdict: 'drop', text: 'Public: DefaultInboundAction=Block', count: 1, chain: 'Inbound', table: 'NetSecurity' }]);
  });

  test('is anybody kept out: by the kinds of networks that there are', () => {
    const rules = (all: NetSecurityProfile[]) => ({ profiles: all, rules: [], variables: {} });
    expect(isFiltered(rules(profiles()), CARDS)).toBe(true);
    expect(isFiltered(rules(profiles({ Public: { enabled: false } })), [CARDS[0]!])).toBe(false);
    expect(isFiltered(rules(profiles({ Public: { enabled: false } })), null)).toBe(true);
  });

  test('rules that are not understood never close a port, nor open one', () => {
    for (const key of ['LUAuth', 'RUAuth', 'TTK', 'NNm', 'SecurityRealmId', 'Security2_9', 'Whatever']) {
      expect(short([allow(`Protocol=6|LPort=3389|${key}=x`)])).toBe('unknown text');
      expect(short([allow('Protocol=6|LPort=3389'), block(`Protocol=6|LPort=3389|${key}=x`)])).toBe('unknown text');
    }
  });
});

describe('random rules, and a machine of another kind', () => {
  const SEEDS = 400;
  test(`${SEEDS} sets of rules: each sender is let in or kept out as by asking rule after rule`, () => {
    let asked = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const made = netSecurityRules(seed);
      for (const place of PLACES) {
        const iface = made.cards[place.iface]!;
        const found = ask(made.rules.map(({ text }) => text), { ...place, iface: iface.name, holder: made.holders[place.holder]!, profiles: made.profiles, cards: made.cards });
        expect(found.doubted).toEqual([]);
        for (const sender of made.senders.filter((one) => (one.includes(':') ? 6 : 4) === place.family)) {
          const isIn = holds(found.allowed, addressValue(sender)!.value);
          asked++;
          if (isIn !== decide(made, place, sender)) throw new Error(`seed ${seed}, ${JSON.stringify(place)}, ${sender}: ${isIn ? 'let in' : 'kept out'}\n${made.rules.map(({ text }) => text).join('\n')}\n${JSON.stringify(made.profiles)}`);
        }
      }
    }
    expect(asked).toBeGreaterThan(20_000);
  });
});
