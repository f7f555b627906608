import { describe, expect, test } from 'bun:test';
import { cpuMs } from '../../../../test/support/cpu.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressValue } from '../../../lib/address-ranges.ts';
import type { RuleTexts } from '../../../platform/exposure.ts';
import { Ways } from '../ways.ts';
import { doorsOf } from './doors.ts';
import type { Packet } from './model.ts';
import { readRuleset } from './ruleset.ts';
import { SENDERS, verdictOf } from './verdict.ts';
import { allowedAt, walk } from './walk.ts';

const captured = (name: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures/exposure', name), 'utf8');
const nft = (name: string) => ({ json: captured(`${name}-nft.json`), listing: captured(`${name}-nft.txt`) });

/** ufw 0.36, firewalld 1.3 and nft 1.0.6 of Debian 12, with the rules that the tests ask for. */
const UFW: RuleTexts = { iptables: [{ family: 4, text: captured('ufw-iptables.txt') }, { family: 6, text: captured('ufw-ip6tables.txt') }], nft: nft('ufw') };
const FIREWALLD: RuleTexts = { iptables: [], nft: nft('firewalld') };
const NFTABLES: RuleTexts = { iptables: [], nft: nft('nftables') };

function ask(texts: RuleTexts, family: 4 | 6, protocol: 'tcp' | 'udp', port: number, iface = 'eth0') {
  const to = [addressValue(family === 4 ? '198.18.0.2' : '2001:db8::2')!.value];
  const packet: Packet = { family, protocol, port, asked: port, to, askedTo: to, iface, out: null, translated: false, local: true };
  const reach = walk(readRuleset(texts), packet, SENDERS[family], { isLocal: () => false, outOf: () => null });
  const here = allowedAt(reach, (one) => one.local && one.port === port);
  return { ...verdictOf(family, SENDERS[family], reach, here), elsewhere: reach.arrivals.filter((one) => !one.local || one.port !== port).map((one) => `${one.to ?? ''}:${one.port}`) };
}
const short = (...args: Parameters<typeof ask>) => {
  const { verdict, limited, networks } = ask(...args);
  return [verdict, ...(limited ? ['limited'] : []), ...networks].join(' ');
};

describe('ufw', () => {
  test.each([
    [4, 'tcp', 22, 'open'],
    [4, 'tcp', 2222, 'open limited'],
    [4, 'tcp', 5432, 'some 10.0.0.0/8'],
    [6, 'tcp', 5432, 'some 2001:db8:7::/48'],
    [4, 'tcp', 3306, 'closed'],
    [4, 'udp', 53, 'open'],
    [4, 'tcp', 53, 'closed'],
    [4, 'tcp', 9000, 'open'],
    // The network that is denied stands before this rule and not before those above: order decides.
    [4, 'tcp', 8005, 'open 203.0.113.0/24'],
    [4, 'tcp', 25, 'closed'],
    [6, 'tcp', 25, 'closed'],
    [4, 'tcp', 443, 'some 192.168.7.0/24'],
    [4, 'tcp', 4444, 'closed'],
  ] as const)('IPv%d %s %d: %s', (family, protocol, port, wanted) => expect(short(UFW, family, protocol, port)).toBe(wanted));

  test('by another interface a rule for eth0 lets nobody in', () => expect(short(UFW, 4, 'tcp', 9000, 'wg0')).toBe('closed'));

  test('the rules that decide are told as they are written', () => {
    expect(ask(UFW, 4, 'tcp', 3306).reasons.at(-1)).toEqual({ verdict: 'drop', text: '-A ufw-user-input -p tcp -m tcp --dport 3306 -j DROP', count: 1, chain: 'ufw-user-input', table: 'filter' });
    expect(ask(UFW, 4, 'tcp', 4444).reasons.at(-1)).toEqual({ verdict: 'drop', text: null, count: 1, chain: 'INPUT', table: 'filter' });
    expect(ask(UFW, 4, 'tcp', 2222).doubts).toEqual([expect.objectContaining({ why: 'limit', chain: 'ufw-user-input' })]);
  });
});

describe('firewalld', () => {
  test.each([
    [4, 'tcp', 22, 'open 198.51.100.66 203.0.113.0/24'],
    [6, 'tcp', 22, 'open'],
    [4, 'tcp', 80, 'open 10.0.0.0/8 198.51.100.66 203.0.113.0/24'],
    [4, 'tcp', 8085, 'open 10.0.0.0/8 198.51.100.66 203.0.113.0/24'],
    [4, 'tcp', 5432, 'some 10.0.0.0/8'],
    [6, 'tcp', 5432, 'closed'],
    [4, 'tcp', 3306, 'some 192.168.7.0/24'],
    [6, 'tcp', 3306, 'some 2001:db8:7::/48'],
    [4, 'udp', 53, 'open 10.0.0.0/8 198.51.100.66 203.0.113.0/24'],
    [4, 'udp', 137, 'some 10.0.0.0/8'],
    [4, 'tcp', 4444, 'closed'],
  ] as const)('IPv%d %s %d: %s', (family, protocol, port, wanted) => expect(short(FIREWALLD, family, protocol, port)).toBe(wanted));

  test('what is limited, and what comes by another door', () => {
    expect(ask(FIREWALLD, 4, 'tcp', 21)).toMatchObject({ verdict: 'open', limited: true, doubts: [{ why: 'limit', text: 'tcp dport 21 limit rate 3/minute accept' }] });
    // Whoever asks for 8443 comes to 443, which nobody may ask for; but for 10.0.0.0/8, of whom nothing is translated.
    expect(ask(FIREWALLD, 4, 'tcp', 8443)).toMatchObject({ verdict: 'closed', elsewhere: [':443'] });
    expect(ask(FIREWALLD, 4, 'tcp', 443).verdict).toBe('closed');
  });
});

describe('tables of somebody’s own', () => {
  test.each([
    [4, 'tcp', 22, 'open limited 198.51.100.66 203.0.113.0/24'],
    [6, 'tcp', 22, 'open limited'],
    [4, 'tcp', 80, 'open 198.51.100.66 203.0.113.0/24'],
    [4, 'tcp', 5432, 'some 10.0.0.0/8 192.168.7.0/24 198.51.100.7'],
    [6, 'tcp', 5432, 'some 2001:db8:7::/48 fd00::/8'],
    [4, 'tcp', 9000, 'closed'],
    [6, 'tcp', 9001, 'open'],
    [4, 'tcp', 6379, 'some 192.0.2.5'],
    [4, 'tcp', 6380, 'some 192.0.2.6'],
    [6, 'tcp', 6379, 'closed'],
    [4, 'udp', 5353, 'open 198.51.100.66 203.0.113.0/24'],
    [4, 'udp', 7005, 'open 198.51.100.66 203.0.113.0/24'],
    [6, 'tcp', 631, 'closed'],
    [4, 'tcp', 3000, 'open 198.51.100.66 203.0.113.0/24'],
    // Nobody marks a packet here.
    [4, 'tcp', 4000, 'closed'],
    [4, 'tcp', 33060, 'some 10.0.0.0/8'],
  ] as const)('IPv%d %s %d: %s', (family, protocol, port, wanted) => expect(short(NFTABLES, family, protocol, port)).toBe(wanted));

  test('what is sent on to another machine', () => {
    expect(ask(NFTABLES, 4, 'tcp', 8443).elsewhere).toEqual(['10.9.9.9:443']);
    expect(ask(NFTABLES, 6, 'tcp', 8443).elsewhere).toEqual([]);
    // Whoever asks for 8000 comes to 80.
    expect(ask(NFTABLES, 4, 'tcp', 8000)).toMatchObject({ verdict: 'closed', elsewhere: [':80'] });
  });
});

/**
 * What nft 1.0.6 lists of two of moby's golden files (b985e231, daemon/libnetwork/drivers/bridge/internal/nftabler/testdata/TestNftabler/
 * `hairpin=false,internal=false,icc=true,masq=true,snat=false,gwm=nat,bindlh=false`, for IPv4 and IPv6; Apache-2.0), loaded beside a table of
 * ours in which 10.0.0.0/8 alone may come to 8080. No such engine ran.
 */
describe('Docker with nftables', () => {
  const texts = (ours: boolean): RuleTexts => {
    const { json, listing } = nft('docker');
    const items = (JSON.parse(json) as { nftables: Record<string, { name?: string; table?: string }>[] }).nftables;
    const kept = items.filter((one) => ours || !Object.values(one).some(({ name, table }) => [name, table].includes('mantou_published')));
    return { iptables: [], nft: { json: JSON.stringify({ nftables: kept }), listing } };
  };
  const interfaces = [{ name: 'eth0', addresses: [{ address: '198.18.0.2', family: 4, prefix: 24 }, { address: '2001:db8::2', family: 6, prefix: 64 }] }, { name: 'br-dummy', addresses: [{ address: '192.168.0.1', family: 4, prefix: 24 }, { address: 'fd49:efd7:54aa::ffff', family: 6, prefix: 64 }] }] as const;
  function published(family: 4 | 6, port: number, { ours = true, from = 'eth0' } = {}) {
    const ways = new Ways(readRuleset(texts(ours)), interfaces.map((one) => ({ ...one, addresses: [...one.addresses] })));
    const entry = ways.entries.find((one) => one.family === family && one.name === from)!;
    const reach = ways.reach(entry, 'tcp', port);
    const { verdict, networks, reasons, doubts } = verdictOf(family, entry.senders, reach, allowedAt(reach, ({ local }) => !local));
    return { verdict, networks, doubts, reasons, to: reach.arrivals.filter(({ local }) => !local).map(({ to, port: there }) => `${to} ${there}`) };
  }

  test('what is published is open to everybody, through the chains that its maps name', () => {
    expect(published(4, 8080, { ours: false })).toMatchObject({ verdict: 'open', networks: [], doubts: [], to: ['192.168.0.2 80'], reasons: [{ table: 'ip docker-bridges', chain: 'filter-forward-in__br-dummy' }] });
    expect(published(6, 8080, { ours: false })).toMatchObject({ verdict: 'open', doubts: [], to: ['fd49:efd7:54aa::1 80'], reasons: [{ table: 'ip6 docker-bridges' }] });
    expect(published(4, 8081, { ours: false }).to).toEqual([]);
  });

  test('a table of ours that is asked before decides; who is let in there is asked again by Docker', () => {
    expect(published(4, 8080)).toMatchObject({ verdict: 'some', networks: ['10.0.0.0/8'], doubts: [] });
    expect(published(6, 8080)).toMatchObject({ verdict: 'closed', doubts: [], reasons: [{ verdict: 'drop', table: 'inet mantou_published', chain: 'forward', text: 'meta l4proto tcp ct direction original ct status dnat ct original proto-dst 8080 drop' }] });
  });

  test('the port is a door of the machine', () => expect(doorsOf(readRuleset(texts(true)))).toEqual([{ protocol: 'tcp', port: 8080 }]));
});

describe('rules that are not understood never close a port', () => {
  const rules = (...lines: string[]): RuleTexts => ({ iptables: [{ family: 4, text: `*filter\n:INPUT DROP [0:0]\n:mine - [0:0]\n${lines.join('\n')}\nCOMMIT\n` }], nft: null });
  test.each([
    ['-A INPUT -p tcp -m geoip --source-country DE -j ACCEPT', 'unknown', 'text'],
    ['-A INPUT -m set --match-set friends src -j ACCEPT', 'unknown', 'set'],
    ['-A INPUT -m u32 --u32 0x0=0 -j ACCEPT', 'unknown', 'text'],
    ['-A INPUT -p tcp --dport 80 -j NFQUEUE --queue-num 1', 'unknown', 'queue'],
    ['-A INPUT -m set --match-set friends src -j mine\n-A mine -p tcp -j ACCEPT', 'unknown', 'set'],
    ['-A INPUT -m mark --mark 0x1 -j ACCEPT\n-A INPUT -j MARK --set-xmark 0x1/0xffffffff', 'unknown', 'mark'],
    ['-A INPUT -p tcp --sport 53 -j ACCEPT', 'open', 'sport'],
    ['-A INPUT -m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr -j DROP\n-A INPUT -j ACCEPT', 'open', 'limit'],
  ] as const)('%s: %s', (lines, verdict, why) => {
    const found = ask(rules(lines), 4, 'tcp', 80);
    expect([found.verdict, found.doubts[0]?.why]).toEqual([verdict, why]);
  });

  test('one network in doubt is not the whole internet', () => {
    const found = ask(rules('-A INPUT -s 10.0.0.0/8 -m geoip --source-country DE -j ACCEPT', '-A INPUT -s 192.0.2.0/24 -j ACCEPT'), 4, 'tcp', 80);
    expect(found).toMatchObject({ verdict: 'some', networks: ['10.0.0.0/8', '192.0.2.0/24'], doubts: [{ why: 'text' }] });
  });

  test('rules that multiply come to an end, and are said to be too many', () => {
    const chains = Array.from({ length: 15 }, (_, i) => `:c${i} - [0:0]`).join('\n');
    const jumps = Array.from({ length: 15 }, (_, i) => Array.from({ length: 6 }, () => `-A ${i ? `c${i - 1}` : 'INPUT'} -j c${i}`).join('\n')).join('\n');
    const begun = cpuMs();
    const found = ask(rules(`${chains}\n${jumps}`), 4, 'tcp', 80);
    expect([found.verdict, found.doubts[0]?.why]).toEqual(['unknown', 'steps']);
    expect(cpuMs() - begun).toBeLessThan(2000);
    expect(ask(rules('-A mine -j mine\n-A INPUT -j mine'), 4, 'tcp', 80).verdict).toBe('unknown');
  });

  test('nothing, half a file and what is none', () => {
    for (const text of ['', '-A X -j Y', '*filter\n:INPUT', '\0'.repeat(1000), '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 999.1.1.1 -j DROP']) expect(() => ask({ iptables: [{ family: 4, text }], nft: null }, 4, 'tcp', 80)).not.toThrow();
    expect(ask({ iptables: [], nft: null }, 4, 'tcp', 80)).toMatchObject({ verdict: 'open', reasons: [] });
    expect(() => ask({ iptables: [], nft: { json: '{"nftables": [', listing: '' } }, 4, 'tcp', 80)).toThrow(SyntaxError);
  });
});

test('two hundred ports against two thousand rules and ten thousand blocked addresses in 100 ms', () => {
  const blocked = Array.from({ length: 2000 }, (_, i) => `-A INPUT -s 45.${i >> 8}.${i & 255}.7/32 -j DROP`);
  const ports = Array.from({ length: 2000 }, (_, i) => `-A INPUT -p tcp -m tcp --dport ${i + 1} -j ${i % 2 ? 'ACCEPT' : 'DROP'}`);
  const text = `*filter\n:INPUT DROP [0:0]\n${blocked.join('\n')}\n${ports.join('\n')}\nCOMMIT\n`;
  const set = { nftables: [
    { set: { family: 'inet', table: 'x', name: 'bad', elem: Array.from({ length: 10_000 }, (_, i) => `46.${i >> 8}.${i & 255}.9`) } },
    { chain: { family: 'inet', table: 'x', name: 'in', type: 'filter', hook: 'input', prio: -5, policy: 'accept' } },
    { rule: { family: 'inet', table: 'x', chain: 'in', handle: 1, expr: [{ match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '@bad' } }, { drop: null }] } },
  ] };
  const texts: RuleTexts = { iptables: [{ family: 4, text }], nft: { json: JSON.stringify(set), listing: '' } };
  const rules = readRuleset(texts);
  const to = [addressValue('198.18.0.2')!.value];
  const look = () => {
    const begun = cpuMs();
    const verdicts = Array.from({ length: 200 }, (_, i) => {
      const packet: Packet = { family: 4, protocol: 'tcp', port: i + 1, asked: i + 1, to, askedTo: to, iface: 'eth0', out: null, translated: false, local: true };
      const reach = walk(rules, packet, SENDERS[4], { isLocal: () => false, outOf: () => null });
      return verdictOf(4, SENDERS[4], reach, allowedAt(reach, () => true)).verdict;
    });
    return { took: cpuMs() - begun, verdicts };
  };
  const { took, verdicts } = look();
  expect(verdicts.filter((one) => one === 'open').length).toBe(100);
  // It takes about 30; a slow machine may take its time.
  expect(took).toBeLessThan(500);
});
