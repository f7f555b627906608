import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionOf, parseListAll, richSpec, zoneOptions } from './firewalld-rules.ts';
import { parseForwards } from './forwards.ts';
import { nftLine, nftSpec } from './nft-rules.ts';
import { parseNft } from './nftables.ts';
import { parseTuple, parseUfwRules, ruleOfTuple, tupleOfSpec, tupleWords } from './ufw-rules.ts';
import { variables } from './ufw.ts';

/** Captured on Debian 12: ufw 0.36.2, firewalld 1.3.3, nftables 1.0.6. */
const captured = (name: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures/firewall', name), 'utf8');

test('what ufw keeps: pairs of IPv4 and IPv6 are one rule, notes are read, what is more than the model is told', () => {
  const rules = parseUfwRules(captured('ufw-user.rules'), captured('ufw-user6.rules')).map((tuple) => ruleOfTuple(tuple));
  expect(rules.map(({ text, comment, extra, spec }) => [text, comment, extra, spec?.family ?? null].filter((one) => one !== '' && one !== null))).toEqual([
    ['ufw allow in proto tcp from any to any port 22', 'both'],
    ['ufw allow in proto tcp from any to any port 8080', 'web 馒头', 'both'],
    ['ufw deny in proto tcp from 203.0.113.0/24 to any port 25', 'v4'],
    ['ufw limit in proto tcp from any to any port 2222', 'both'],
    ['ufw allow out from any to any port 53', 'both'],
    ['ufw allow in on eth0 proto tcp from any to any port 9000', 'both'],
    ['ufw allow in from 10.0.0.5 to any', 'v4'],
    ['ufw allow in proto tcp from any to any port 6000,6001,7000:7005', 'both'],
    ["ufw allow in from any to any app 'Nginx HTTP'", 'both'],
    ['ufw reject in from any to any port 113', 'both'],
    ['ufw route allow in on eth0 out on eth0 proto tcp from any to 10.0.0.9 port 80'],
    ['ufw deny in log proto tcp from any to any port 3306', 'log', 'both'],
    ['ufw allow in proto gre from any to any'],
    ['ufw allow in from 10.0.0.0/8 to any app OpenSSH', 'v4'],
    ['ufw allow in proto tcp from 0.0.0.0/0 to 0.0.0.0/0 port 81', 'v4'],
    ['ufw allow in proto udp from any port 68 to any port 67', 'from port 68', 'both'],
    ['ufw deny in from 2001:db8:bad::1 to any', 'v6'],
    ['ufw allow in proto udp from 2001:db8::/32 to any port 1000:2000', 'v6'],
    ['ufw allow in proto tcp from ::/0 to ::/0 port 82', 'v6'],
  ]);
  // What the model says in full is written again as the same rule.
  for (const tuple of parseUfwRules(captured('ufw-user.rules'), captured('ufw-user6.rules'))) {
    const { spec, extra } = ruleOfTuple(tuple);
    if (spec && !extra) expect(tupleWords(tupleOfSpec(spec))).toEqual(tupleWords(tuple));
  }
});

test('lines that are none', () => {
  for (const line of ['', '### tuple ###', '### tuple ### allow', '### tuple ### permit tcp 1 0.0.0.0/0 any 0.0.0.0/0 in', '### tuple ### allow tcp 1 0.0.0.0/0 any 0.0.0.0/0 sideways', '防火墙未启用', '\0']) expect(parseTuple(line, 'v4')).toBeNull();
  expect(variables('# x\nENABLED=yes\nDEFAULT_INPUT_POLICY="DROP"\n')).toEqual({ ENABLED: 'yes', DEFAULT_INPUT_POLICY: 'DROP' });
});

test('what a zone of firewalld lets in, as firewall-offline-cmd tells it', () => {
  const settings = parseListAll(captured('firewalld-list-all.txt'));
  expect(settings).toMatchObject({ target: 'default', sourcePorts: [['68', 'udp']], forwards: [['80', 'tcp', '8080', ''], ['81', 'tcp', '8080', '10.0.0.5']] });
  expect(zoneOptions('public', settings).map(({ kind, value, spec }) => [kind, value, spec !== null])).toEqual([
    ['rich-rule', 'rule priority="-5" family="ipv6" source address="2001:db8::/32" service name="ssh" reject', false],
    ['rich-rule', 'rule family="ipv6" source address="2001:db8::/32" service name="ssh" reject', true],
    ['rich-rule', 'rule family="ipv4" protocol value="gre" accept', false],
    ['rich-rule', 'rule family="ipv4" source address="203.0.113.0/24" port port="25" protocol="tcp" drop', true],
    ['rich-rule', 'rule port port="2222" protocol="tcp" accept limit value="12/m"', true],
    ['rich-rule', 'rule protocol value="udp" accept', true],
    ['rich-rule', 'rule family="ipv4" source address="203.0.113.9" drop', true],
    ['rich-rule', 'rule family="ipv4" destination address="172.17.0.6" port port="3000-4000" protocol="udp" log prefix="x" level="info" limit value="3/m" accept', false],
    ['service', 'dhcpv6-client', true], ['service', 'http', true], ['service', 'https', true], ['service', 'ssh', true],
    ['port', '8080/tcp', true], ['port', '3000-4000/udp', true], ['protocol', 'gre', false],
  ]);
  for (const { kind, value, spec } of zoneOptions('public', settings)) if (spec) expect(optionOf(spec)).toEqual({ kind, value });
  expect(richSpec('rule', 'public')).toBeNull();
});

test('rules of nftables, and lines that say the same', () => {
  const rules = parseNft(captured('nft-table.json'));
  const specs = rules.map((rule) => nftSpec(rule, { input: 'input', output: 'output' }));
  expect(specs.map((spec) => spec && nftLine(spec))).toEqual([
    null, null, null, null,
    'tcp dport 22 accept comment "ssh 馒头"',
    'ip saddr 10.0.0.0/8 tcp dport { 80, 443, 1000-2000 } accept',
    'ip6 saddr 2001:db8::/32 meta l4proto { tcp, udp } th dport 53 drop',
    'iifname "eth0" udp dport 1000-2000 reject',
    'ip saddr 10.0.0.5 ip daddr 172.17.0.7 accept',
    'meta nfproto ipv4 tcp dport 99 accept',
    'tcp dport 2222 ct state new limit rate 12/minute burst 6 packets accept',
    'meta l4proto tcp accept',
    'drop',
  ]);
  expect(() => parseNft('防火墙')).toThrow();
});

test('forwards, as nft prints them', () => {
  expect(parseForwards('\t\tfib daddr type local tcp dport 80 redirect to :8080\n\t\tfib daddr type local meta nfproto ipv4 udp dport 53 dnat ip to 10.0.0.5:5353\n\t\tmeta nfproto ipv6 tcp dport 81 dnat ip6 to [2001:db8::1]:80\n\t\tct status dnat ip daddr 10.0.0.5 udp dport 5353 masquerade')).toEqual([
    { protocol: 'tcp', port: 80, toAddress: null, toPort: 8080 }, { protocol: 'udp', port: 53, toAddress: '10.0.0.5', toPort: 5353 }, { protocol: 'tcp', port: 81, toAddress: '2001:db8::1', toPort: 80 },
  ]);
});
