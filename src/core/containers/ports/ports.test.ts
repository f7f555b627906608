import { expect, mock, spyOn, test } from 'bun:test';
import { testApp } from '../../../../test/support/app.ts';
import { cpuMs } from '../../../../test/support/cpu.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkInterface, RuleTexts } from '../../../platform/exposure.ts';
import type { DockerDriver } from '../../../platform/docker.ts';
import { SYSTEM } from '../../app.ts';
import { BINDINGS_MOST, portFact, surroundingsOf, type Binding, type PortFact } from './facts.ts';
import { portJudge } from './ports.ts';

const captured = (name: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures', name), 'utf8');
/** A machine with ufw on, which denies what comes in, and an engine that publishes 8088 as 80 (Docker 20.10, ufw 0.36). */
const [RULES, RULES6] = [captured('docker/iptables-ufw.txt'), captured('docker/ip6tables-ufw.txt')];
const UFWS = /^.*ufw6?-.*\n/gm;
const WEB: Binding = { address: '0.0.0.0', host: 8088, container: 80, protocol: 'tcp' };
const INSIDE = ['172.31.77.2'];
const HERE: NetworkInterface[] = [
  { name: 'eth0', addresses: [{ address: '198.18.0.2', family: 4, prefix: 30 }, { address: '2001:db8::2', family: 6, prefix: 64 }] },
  { name: 'docker0', addresses: [{ address: '172.31.77.1', family: 4, prefix: 24 }] },
];

interface Machine {
  rules?: string;
  /** Of IPv6. */
  rules6?: string;
  nft?: RuleTexts['nft'];
  rootless?: boolean;
  interfaces?: NetworkInterface[];
}
const around = ({ rules = RULES, rules6 = RULES6, nft = null, rootless = false, interfaces = HERE }: Machine) =>
  surroundingsOf({ rules: { iptables: [{ family: 4, text: rules }, { family: 6, text: rules6 }], nft }, interfaces }, rootless);
const fact = (machine: Machine = {}, binding: Partial<Binding> = {}, inside = INSIDE): PortFact => portFact({ ...WEB, ...binding }, around(machine), inside);
const short = ({ scope, by, verdict, firewall, chain }: PortFact) => [scope, by, verdict, firewall, chain];
const keptOutBy = ({ reach }: PortFact) => reach.flatMap(({ reasons }) => reasons.flatMap(({ verdict, text }) => (verdict === 'drop' ? [text] : [])));
/** Rules before those of DOCKER-USER. */
const before = (...rules: string[]) => RULES.replace(/^-A DOCKER-USER -j RETURN$/m, (end) => `${rules.join('\n')}\n${end}`);
const BARE = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\nCOMMIT\n';
/** No rules but these. */
const only = (rules = BARE, nft: RuleTexts['nft'] = null): Machine => ({ rules, rules6: BARE, nft });

test('ufw denies, and Docker lets everybody in; over IPv6, where this engine forwards nothing, ufw decides', () => {
  expect(short(fact())).toEqual(['everywhere', 'docker', 'open', 'ufw', null]);
  expect(short(fact({}, { address: '::' }))).toEqual(['everywhere', 'input', 'closed', 'ufw', 'INPUT']);
  expect(short(fact({}, { address: '127.0.0.1' }))).toEqual(['machine', 'nobody', 'closed', null, null]);
  expect(short(fact({}, { address: '172.31.77.1' }))).toEqual(['inside', 'nobody', 'closed', null, null]);
  // Without ufw's chains it is not on.
  expect(short(fact({ rules: RULES.replace(UFWS, ''), rules6: RULES6.replace(UFWS, '') }))).toEqual(['everywhere', 'docker', 'open', null, null]);
  // A list knows no addresses of containers.
  expect(short(fact({}, {}, []))).toEqual(['everywhere', 'docker', 'open', 'ufw', null]);
});

test.each([
  ['-A DOCKER-USER -p tcp -m conntrack --ctorigdstport 8088 -j DROP', 'closed', []],
  ['-A DOCKER-USER -j DROP', 'closed', []],
  ['-A DOCKER-USER -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable', 'closed', []],
  ['-A DOCKER-USER -d 172.31.77.2/32 -j DROP', 'closed', []],
  ['-A DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 8000:9000 -j DROP', 'closed', []],
  ['-A DOCKER-USER -i eth+ -j DROP', 'closed', []],
  ['-A DOCKER-USER ! -s 10.0.0.0/8 -j DROP', 'some', ['10.0.0.0/8']],
  ['-A DOCKER-USER -s 10.0.0.0/8 -j RETURN\n-A DOCKER-USER -j DROP', 'some', ['10.0.0.0/8']],
  // All but these are let in.
  ['-A DOCKER-USER -s 10.0.0.0/8 -j DROP', 'open', ['10.0.0.0/8']],
  ['-A DOCKER-USER -m geoip --source-country DE -j DROP', 'unknown', null],
] as const)('%s: %s', (rule, verdict, networks) => {
  const found = fact({ rules: before(rule) });
  expect(short(found)).toEqual(['everywhere', 'docker', verdict, 'ufw', 'DOCKER-USER']);
  expect(keptOutBy(found)).toEqual([rule.split('\n').at(-1)!]);
  if (networks) expect(found.reach[0]!.networks).toEqual([...networks]);
});

test.each([
  '-A DOCKER-USER -p tcp -m tcp --dport 8088 -j DROP',
  '-A DOCKER-USER -p tcp -m conntrack --ctorigdstport 8089 -j DROP',
  '-A DOCKER-USER -p udp -j DROP',
  '-A DOCKER-USER -d 172.31.77.9/32 -j DROP',
  '-A DOCKER-USER -i docker0 -j DROP',
  '-A DOCKER-USER -i eth* -j DROP',
  '-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-A DOCKER-USER -s 10.0.0.0/8 -j RETURN',
  '-A DOCKER-USER -m conntrack --ctstate INVALID -j DROP',
])('%s: keeps nobody out', (rule) => {
  const found = fact({ rules: before(rule) });
  expect([...short(found), ...keptOutBy(found), ...found.reach[0]!.networks]).toEqual(['everywhere', 'docker', 'open', 'ufw', null]);
});

test('closed for one cable, and open by another', () => {
  const two = [...HERE, { name: 'wg0', addresses: [{ address: '10.8.0.1', family: 4 as const, prefix: 24 }] }];
  const found = fact({ rules: before('-A DOCKER-USER -i eth0 -j DROP'), interfaces: two });
  expect([found.verdict, found.chain, ...found.reach.map(({ interfaces, verdict }) => [verdict, ...interfaces])]).toEqual(['open', 'DOCKER-USER', ['closed', 'eth0'], ['open', 'wg0']]);
});

test.each([12, 90])('%d who are let in do not hide what keeps the others out', (n) => {
  const sources = Array.from({ length: n }, (_, i) => `-A DOCKER-USER -s 10.0.${i}.7/32 -m comment --comment ${i} -j ACCEPT`);
  const found = fact({ rules: before(...sources, '-A DOCKER-USER -j DROP') });
  expect([short(found), keptOutBy(found)]).toEqual([['everywhere', 'docker', 'some', 'ufw', 'DOCKER-USER'], ['-A DOCKER-USER -j DROP']]);
});

test('a chain of somebody’s own, a rule before Docker’s, and what is thrown away before it is forwarded', () => {
  const own = RULES.replace(':DOCKER-USER - [0:0]', ':DOCKER-USER - [0:0]\n:mine - [0:0]');
  expect(short(fact({ rules: own.replace('-A DOCKER-USER -j RETURN', '-A DOCKER-USER -j mine\n-A DOCKER-USER -j RETURN\n-A mine -p tcp -m tcp --dport 80 -j DROP') }))).toEqual(['everywhere', 'docker', 'closed', 'ufw', 'mine']);
  expect(short(fact({ rules: RULES.replace('-A FORWARD -j DOCKER-USER', '-A FORWARD -j DROP\n-A FORWARD -j DOCKER-USER') }))).toEqual(['everywhere', 'docker', 'closed', 'ufw', 'FORWARD']);
  expect(short(fact({ rules: `${RULES}*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 8088 -j DROP\nCOMMIT\n` }))).toEqual(['everywhere', 'docker', 'closed', 'ufw', 'PREROUTING']);
});

test('Docker writes no rules: the firewall of the machine decides', () => {
  const without = RULES.replace(/^.*--dport 8088 .*\n/m, '');
  const allowing = (rule: string) => without.replace('-A ufw-user-limit ', `-A ufw-user-input ${rule}-p tcp -m tcp --dport 8088 -j ACCEPT\n-A ufw-user-limit `);
  expect(short(fact({ rules: without }))).toEqual(['everywhere', 'input', 'closed', 'ufw', 'INPUT']);
  expect(short(fact({ rules: allowing('') }))).toEqual(['everywhere', 'input', 'open', 'ufw', null]);
  expect(fact({ rules: allowing('-s 10.0.0.0/8 ') })).toMatchObject({ verdict: 'some', reach: [{ networks: ['10.0.0.0/8'] }] });
  expect(short(fact(only()))).toEqual(['everywhere', 'nobody', 'open', null, null]);
  expect(short(fact(only(BARE.replace('INPUT ACCEPT', 'INPUT DROP'))))).toEqual(['everywhere', 'input', 'closed', 'iptables', 'INPUT']);
  // An engine without root cannot write rules: those that are there send it to somebody else.
  expect(short(fact({ rootless: true }))).toEqual(['everywhere', 'input', 'closed', 'ufw', null]);
  expect(short(fact({ rootless: true, rules: allowing('') }))).toEqual(['everywhere', 'input', 'open', 'ufw', null]);
});

test('rules of nftables are read as well: those of firewalld, of somebody’s own, and Docker’s', () => {
  const nft = (name: string) => ({ json: captured(`exposure/${name}-nft.json`), listing: captured(`exposure/${name}-nft.txt`) });
  expect(short(fact(only(BARE, nft('firewalld')), { host: 5432 }))).toEqual(['everywhere', 'input', 'some', 'firewalld', expect.any(String)]);
  expect(fact(only(BARE, nft('firewalld')), { host: 4444 })).toMatchObject({ by: 'input', verdict: 'closed', firewall: 'firewalld' });
  expect(fact(only(BARE, nft('nftables')), { host: 9000 })).toMatchObject({ by: 'input', verdict: 'closed', firewall: 'nftables' });
  // Made after what Docker's documentation shows of its tables for nftables (packet filtering and firewalls, Engine 29).
  const match = (protocol: string, field: string, right: unknown) => ({ match: { op: '==', left: { payload: { protocol, field } }, right } });
  const table = { family: 'ip', table: 'docker-bridges' };
  const docker = (...first: object[]) => JSON.stringify({ nftables: [
    { chain: { ...table, name: 'nat-prerouting', type: 'nat', hook: 'prerouting', prio: -100, policy: 'accept' } },
    { chain: { ...table, name: 'filter-FORWARD', type: 'filter', hook: 'forward', prio: 0, policy: 'accept' } },
    { rule: { ...table, chain: 'nat-prerouting', handle: 1, expr: [match('tcp', 'dport', 8088), { counter: { packets: 0, bytes: 0 } }, { dnat: { addr: '172.31.77.2', port: 80 } }] } },
    ...first.map((expr, i) => ({ rule: { ...table, chain: 'filter-FORWARD', handle: i + 2, expr } })),
  ] });
  expect(short(fact(only(BARE, { json: docker(), listing: '' })))).toEqual(['everywhere', 'docker', 'open', null, null]);
  expect(short(fact(only(BARE, { json: docker([match('tcp', 'dport', 80), { drop: null }]), listing: '' })))).toEqual(['everywhere', 'docker', 'closed', null, 'filter-FORWARD']);
  const from = (name: string) => short(fact(only(BARE, { json: docker([{ match: { op: '==', left: { meta: { key: 'iifname' } }, right: name } }, { drop: null }]), listing: '' })))[2];
  expect(['eth*', 'eth+', 'eth0'].map(from)).toEqual(['closed', 'open', 'closed']);
});

/** As in exposure/filter/filter.test.ts: 8080 leads to 192.168.0.2:80 and [fd49:efd7:54aa::1]:80, and a table of ours lets 10.0.0.0/8 alone come. */
test('Docker forwards by nftables, and a table of the panel keeps others out', () => {
  // With a name that Docker gives.
  const named = (file: string) => captured(`exposure/${file}`).replaceAll('br-dummy', 'br-0123456789ab');
  const docker = { json: named('docker-nft.json'), listing: named('docker-nft.txt') };
  const without = { ...docker, json: JSON.stringify({ nftables: (JSON.parse(docker.json) as { nftables: object[] }).nftables.filter((one) => !JSON.stringify(one).includes('mantou_published')) }) };
  const interfaces: NetworkInterface[] = [
    { name: 'eth0', addresses: [{ address: '198.18.0.2', family: 4, prefix: 24 }, { address: '2001:db8::2', family: 6, prefix: 64 }] },
    { name: 'br-0123456789ab', addresses: [{ address: '192.168.0.1', family: 4, prefix: 24 }, { address: 'fd49:efd7:54aa::ffff', family: 6, prefix: 64 }] },
  ];
  const at = (address: string, nft = docker, host = 8080) => fact({ ...only(BARE, nft), interfaces }, { address, host }, ['192.168.0.2', 'fd49:efd7:54aa::1']);
  expect(at('0.0.0.0', without)).toMatchObject({ by: 'docker', verdict: 'open' });
  expect(at('::', without)).toMatchObject({ by: 'docker', verdict: 'open' });
  expect(at('0.0.0.0')).toMatchObject({ by: 'docker', verdict: 'some', chain: 'forward', reach: [{ networks: ['10.0.0.0/8'] }] });
  expect(at('::')).toMatchObject({ by: 'docker', verdict: 'closed', chain: 'forward' });
  expect(at('198.18.0.2')).toMatchObject({ scope: 'address', by: 'docker', verdict: 'some' });
  // A program of Docker listens for it: nobody sends it on.
  expect(at('0.0.0.0', docker, 9000)).toMatchObject({ by: 'nobody', verdict: 'open' });
});

test('sctp is published, too', () => {
  const sctp = RULES.replace(/^(.*)-p tcp -m tcp --dport (8088|80) (.*)$/gm, '$1-p sctp -m sctp --dport $2 $3');
  expect(short(fact({ rules: sctp }, { protocol: 'sctp' }))).toEqual(['everywhere', 'docker', 'open', 'ufw', null]);
  expect(fact({}, { protocol: 'sctp' })).toMatchObject({ by: 'input', verdict: 'closed' });
});

test('what nobody can tell is unknown, and says why', () => {
  for (const unknown of ['root', 'tools', 'failed'] as const) expect(portFact(WEB, surroundingsOf({ rules: { unknown }, interfaces: HERE }, false))).toMatchObject({ by: 'unknown', verdict: 'unknown', unknown });
  expect(portFact(WEB, surroundingsOf({ rules: { unknown: 'system' }, interfaces: null }, false))).toMatchObject({ by: 'unknown', unknown: 'desktop' });
  expect(fact({ nft: { json: '{', listing: '' } })).toMatchObject({ by: 'unknown', unknown: 'failed' });
});

test('rules that are none, or go in circles, end', () => {
  for (const text of ['', '-A X -j Y', '*filter\n:FORWARD', '\0'.repeat(1000)]) expect(() => fact({ rules: text })).not.toThrow();
  expect(fact({ rules: before('-A DOCKER-USER -j DOCKER-USER') }).by).toBe('docker');
  // Each of eleven chains asks the next one nine times.
  const chains = Array.from({ length: 11 }, (_, i) => i);
  const many = RULES.replace(':DOCKER-USER - [0:0]', [':DOCKER-USER - [0:0]', ...chains.map((i) => `:m${i} - [0:0]`)].join('\n'))
    .replace(/^-A DOCKER-USER -j RETURN$/m, (end) => [...chains.flatMap((i) => Array.from({ length: 9 }, () => `-A ${i ? `m${i - 1}` : 'DOCKER-USER'} -j m${i}`)), end].join('\n'));
  const begun = cpuMs();
  expect(fact({ rules: many }).verdict).toBe('unknown');
  expect(cpuMs() - begun).toBeLessThan(5000);
});

test('each binding is judged once in a look, and of too many the rest is unknown', () => {
  const here = around({});
  const at = (host: number, address = '0.0.0.0') => portFact({ ...WEB, host, address }, here);
  const first = at(1);
  for (let host = 2; host <= BINDINGS_MOST; host++) at(host);
  expect(at(BINDINGS_MOST + 1)).toMatchObject({ by: 'unknown', verdict: 'unknown', unknown: 'many', reach: [] });
  expect([at(1).unknown, at(1).reach === first.reach, at(BINDINGS_MOST + 1, '127.0.0.1').verdict]).toEqual([null, true, 'closed']);
});

test('others have their turn while many are judged', async () => {
  const docker: DockerDriver = { endpoint: () => 'unix:///run/docker.sock', ask: async () => ({}), stream: () => Promise.reject(new Error('nobody asks')) };
  // Each port has a rule of its own, which no other one is about.
  const rules = before(...Array.from({ length: 400 }, (_, i) => `-A DOCKER-USER -p tcp -m conntrack --ctorigdstport ${20_000 + i} -j DROP`));
  const panel = testApp({ docker, exposure: { look: async () => ({ rules: { iptables: [{ family: 4, text: rules }], nft: null }, interfaces: HERE, bound: null }) } });
  let turns = 0;
  const others = setInterval(() => turns++, 0);
  try {
    const judge = await portJudge(panel.app, SYSTEM, false);
    // However fast the machine: each port takes long by this clock.
    const real = performance.now();
    let asked = 0;
    spyOn(performance, 'now').mockImplementation(() => real + 50 * asked++);
    turns = 0;
    const facts = await judge(Array.from({ length: 400 }, (_, i) => ({ ...WEB, host: i + 1 })));
    expect([facts.length, facts[0]!.unknown]).toEqual([400, null]);
    expect(turns).toBeGreaterThan(0);
  } finally {
    mock.restore();
    clearInterval(others);
    await panel.close();
  }
});
