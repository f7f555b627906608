import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PacketFilter } from '../../../platform/packet-filter.ts';
import { portFacts, type Binding, type PortFact } from './facts.ts';
import { parseRules } from './rules.ts';

const captured = (name: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures/docker', name), 'utf8');
/** A machine with ufw on, which denies what comes in, and an engine that publishes 8088 as 80 (Docker 20.10, ufw 0.36). */
const RULES = captured('iptables-ufw.txt');
const UFW: PacketFilter = { rules4: RULES, rules6: captured('ip6tables-ufw.txt'), tables: 'table ip filter\ntable ip nat\n', ufw: true, firewalld: false };
const WEB: Binding = { address: '0.0.0.0', host: 8088, container: 80, protocol: 'tcp' };

const fact = (more: Partial<PacketFilter> = {}, binding: Partial<Binding> = {}, rootless = false): PortFact => portFacts([{ ...WEB, ...binding }], { filter: { ...UFW, ...more }, rootless }, ['172.31.77.2'])[0]!;
const short = ({ reach, by, verdict, firewall, chain }: PortFact) => [reach, by, verdict, firewall, chain];
/** Rules before those of DOCKER-USER, or of another chain. */
const before = (...rules: string[]) => RULES.replace(/^-A DOCKER-USER -j RETURN$/m, (end) => `${rules.join('\n')}\n${end}`);

test('what iptables-save wrote is read', () => {
  const tables = parseRules(RULES);
  expect([...tables.keys()]).toEqual(['filter', 'nat']);
  expect(tables.get('filter')!.get('INPUT')!.policy).toBe('DROP');
  expect(tables.get('nat')!.get('DOCKER')!.rules.at(-1)).toMatchObject({ target: 'DNAT', words: expect.arrayContaining(['--dport', '8088']) });
});

test('ufw denies, and Docker lets everybody in; over IPv6, where this engine forwards nothing, ufw decides', () => {
  expect(short(fact())).toEqual(['everywhere', 'docker', 'open', 'ufw', null]);
  expect(short(fact({ ufw: false }))).toEqual(['everywhere', 'docker', 'open', null, null]);
  expect(short(fact({}, { address: '::' }))).toEqual(['everywhere', 'input', 'closed', 'ufw', null]);
  expect(short(fact({}, { address: '127.0.0.1' }))).toEqual(['machine', 'nobody', 'closed', null, null]);
});

test.each([
  ['-A DOCKER-USER -p tcp -m conntrack --ctorigdstport 8088 -j DROP', 'closed'],
  ['-A DOCKER-USER -j DROP', 'closed'],
  ['-A DOCKER-USER -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable', 'closed'],
  ['-A DOCKER-USER -d 172.31.77.2/32 -j DROP', 'closed'],
  ['-A DOCKER-USER ! -s 10.0.0.0/8 -j DROP', 'some'],
  ['-A DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 8000:9000 -j DROP', 'some'],
  ['-A DOCKER-USER -s 10.0.0.0/8 -j RETURN\n-A DOCKER-USER -j DROP', 'some'],
  ['-A DOCKER-USER -p tcp -m tcp --dport 8088 -j DROP', 'open'],
  ['-A DOCKER-USER -p tcp -m conntrack --ctorigdstport 8089 -j DROP', 'open'],
  ['-A DOCKER-USER -p udp -j DROP', 'open'],
  ['-A DOCKER-USER -d 172.31.77.9/32 -j DROP', 'open'],
  ['-A DOCKER-USER -i docker0 -j DROP', 'open'],
  ['-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'open'],
  ['-A DOCKER-USER -s 10.0.0.0/8 -j RETURN', 'open'],
  ['-A DOCKER-USER -m conntrack --ctstate INVALID -j DROP', 'open'],
] as const)('%s: %s', (rule, verdict) => {
  const found = fact({ rules4: before(rule) });
  expect([found.by, found.verdict, found.chain]).toEqual(['docker', verdict, verdict === 'open' ? null : 'DOCKER-USER']);
  if (verdict !== 'open') expect(found.rules).toEqual(rule.split('\n'));
});

test('a chain of somebody’s own, a rule before Docker’s, and what is thrown away before it is forwarded', () => {
  const own = RULES.replace(':DOCKER-USER - [0:0]', ':DOCKER-USER - [0:0]\n:mine - [0:0]');
  expect(short(fact({ rules4: own.replace('-A DOCKER-USER -j RETURN', '-A DOCKER-USER -j mine\n-A DOCKER-USER -j RETURN\n-A mine -p tcp -m tcp --dport 80 -j DROP') }))).toEqual(['everywhere', 'docker', 'closed', 'ufw', 'mine']);
  expect(short(fact({ rules4: RULES.replace('-A FORWARD -j DOCKER-USER', '-A FORWARD -j DROP\n-A FORWARD -j DOCKER-USER') }))).toEqual(['everywhere', 'docker', 'closed', 'ufw', 'FORWARD']);
  expect(short(fact({ rules4: `${RULES}*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 8088 -j DROP\nCOMMIT\n` }))).toEqual(['everywhere', 'docker', 'closed', 'ufw', 'PREROUTING']);
});

test('Docker writes no rules: the firewall of the machine decides', () => {
  const without = RULES.replace(/^.*--dport 8088 .*\n/m, '');
  expect(short(fact({ rules4: without }))).toEqual(['everywhere', 'input', 'closed', 'ufw', null]);
  expect(short(fact({ rules4: without.replace('-A ufw-user-limit ', '-A ufw-user-input -p tcp -m tcp --dport 8088 -j ACCEPT\n-A ufw-user-limit ') }))).toEqual(['everywhere', 'input', 'open', 'ufw', null]);
  expect(fact({ rules4: without.replace('-A ufw-user-limit ', '-A ufw-user-input -s 10.0.0.0/8 -p tcp -m tcp --dport 8088 -j ACCEPT\n-A ufw-user-limit ') }).verdict).toBe('some');
  const bare = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\nCOMMIT\n';
  expect(short(fact({ rules4: bare, ufw: false }))).toEqual(['everywhere', 'nobody', 'open', null, null]);
  expect(short(fact({ rules4: bare.replace('INPUT ACCEPT', 'INPUT DROP'), ufw: false }))).toEqual(['everywhere', 'input', 'closed', 'iptables', null]);
  expect(short(fact({ rules4: bare, ufw: false, firewalld: true }))).toEqual(['everywhere', 'input', 'some', 'firewalld', null]);
  // An engine without root cannot write rules.
  expect(fact({}, {}, true).by).toBe('input');
});

test('what nobody can tell is unknown, and says why', () => {
  expect(portFacts([WEB], { unknown: 'root' })[0]).toMatchObject({ by: 'unknown', verdict: 'unknown', unknown: 'root' });
  expect(fact({ rules4: null })).toMatchObject({ by: 'unknown', unknown: 'tools' });
  expect(fact({ tables: 'table ip docker-bridges\n' })).toMatchObject({ by: 'docker', verdict: 'unknown', unknown: 'nftables' });
});

test('rules that are none, or go in circles, end', () => {
  for (const text of ['', '-A X -j Y', '*filter\n:FORWARD', '\0'.repeat(1000)]) expect(() => fact({ rules4: text })).not.toThrow();
  const circle = before('-A DOCKER-USER -j DOCKER-USER');
  expect(fact({ rules4: circle }).by).toBe('docker');
  // Each of eleven chains asks the next one nine times.
  const chains = Array.from({ length: 11 }, (_, i) => i);
  const many = RULES.replace(':DOCKER-USER - [0:0]', [':DOCKER-USER - [0:0]', ...chains.map((i) => `:m${i} - [0:0]`)].join('\n'))
    .replace(/^-A DOCKER-USER -j RETURN$/m, (end) => [...chains.flatMap((i) => Array.from({ length: 9 }, () => `-A ${i ? `m${i - 1}` : 'DOCKER-USER'} -j m${i}`)), end].join('\n'));
  const begun = performance.now();
  expect(fact({ rules4: many }).verdict).toBe('some');
  expect(performance.now() - begun).toBeLessThan(5000);
});
