import { describe, expect, test } from 'bun:test';
import type { FirewallChange, FirewallPolicy, RuleSpec } from '../../platform/firewall.ts';
import { letsIn, locksOut, type Filter, type Ways } from './lock-out.ts';
import { RuleInput, specOf } from './rule.ts';
import { parseNetwork } from '../../lib/network.ts';

const spec = (input: object): RuleSpec => specOf(RuleInput.parse({ action: 'allow', ...input }));
const filter = (specs: (RuleSpec | null)[], more: Partial<Filter> & { policy?: FirewallPolicy } = {}): Filter => ({
  active: true, policies: { in: more.policy ?? 'deny' }, zones: [], abilities: { ordered: true },
  rules: specs.map((one, i) => ({ id: String(i), spec: one, forwarded: false })), ...more,
});
const WAYS: Ways = { clientAddress: '203.0.113.9', panelPort: 8686, sshPorts: [22], rdpPort: null, proxies: [], doorPort: 8686 };
const OPEN = [spec({ ports: '22' }), spec({ ports: '8686' })];
const told = (change: FirewallChange, of: Filter, ways: Partial<Ways> = {}) => {
  const { cuts, risky } = locksOut(change, of, { ...WAYS, ...ways });
  return [...cuts.map(({ what, port }) => `${what} ${port}`), ...(risky ? ['risky'] : [])];
};
const add = (input: object): FirewallChange => ({ verb: 'add', rule: spec(input) });
const rule = (of: Filter, i: number) => ({ ...of.rules[i]!, text: '', extra: null, comment: '' });

describe('what would lock out', () => {
  test.each([
    ['a port that nobody comes by', add({ action: 'deny', ports: '3306' }), []],
    ['everybody, everything', add({ action: 'deny', source: '0.0.0.0/0', protocol: 'any' }), []],
    ['the network of the browser', add({ action: 'deny', source: '203.0.113.0/24', protocol: 'any' }), ['panel 8686', 'ssh 22']],
    ['the browser on one port', add({ action: 'reject', source: '203.0.113.9', ports: '8000-9000' }), ['panel 8686']],
    ['another sender', add({ action: 'deny', source: '198.51.100.0/24', protocol: 'any' }), []],
    ['the browser by UDP', add({ action: 'deny', source: '203.0.113.9', protocol: 'udp' }), []],
    ['what goes out', add({ action: 'deny', direction: 'out', ports: '443' }), ['risky']],
    ['a default that denies', { verb: 'policy', direction: 'in', policy: 'deny', zone: null }, ['risky']],
    ['a default that allows', { verb: 'policy', direction: 'in', policy: 'allow', zone: null }, []],
    ['turning it off', { verb: 'disable' }, []],
    ['the port of the panel led elsewhere', { verb: 'forward', forward: { protocol: 'tcp', port: 8686, toAddress: null, toPort: 80 } }, ['panel 8686']],
  ] as [string, FirewallChange, string[]][])('%s', (_, change, expected) => expect(told(change, filter(OPEN))).toEqual(expected));

  test('0.0.0.0/0 deny counts where no rule allows before it: with a default that allows', () => {
    expect(told(add({ action: 'deny', source: '0.0.0.0/0', protocol: 'any' }), filter([], { policy: 'allow' }))).toEqual(['panel 8686', 'ssh 22']);
    expect(told(add({ action: 'deny', protocol: 'any' }), filter([], { policy: 'allow' }), { clientAddress: '2001:db8::1' })).toEqual(['panel 8686', 'ssh 22']);
    // It is about IPv4 alone.
    expect(told(add({ action: 'deny', source: '0.0.0.0/0', protocol: 'any' }), filter([], { policy: 'allow' }), { clientAddress: '2001:db8::1' })).toEqual([]);
  });

  test('turned on without a rule for those who are there, and with one', () => {
    const off = filter([], { active: false });
    expect(told({ verb: 'enable', allow: [] }, off)).toEqual(['panel 8686', 'ssh 22', 'risky']);
    expect(told({ verb: 'enable', allow: OPEN }, off)).toEqual(['risky']);
    expect(told({ verb: 'enable', allow: [spec({ ports: '22,8686', source: '198.51.100.0/24' })] }, off)).toEqual(['panel 8686', 'ssh 22', 'risky']);
    expect(told({ verb: 'enable', allow: [] }, filter([spec({ service: 'OpenSSH' }), spec({ ports: '8000-9000' })], { active: false }))).toEqual(['risky']);
  });

  test('a rule that goes, and one that is made narrower', () => {
    const of = filter(OPEN);
    expect(told({ verb: 'remove', rule: rule(of, 0) }, of)).toEqual(['ssh 22']);
    expect(told({ verb: 'remove', rule: rule(of, 1) }, of)).toEqual(['panel 8686']);
    expect(told({ verb: 'change', rule: rule(of, 1), to: spec({ ports: '8686', source: '203.0.113.0/24' }) }, of)).toEqual([]);
    expect(told({ verb: 'change', rule: rule(of, 1), to: spec({ ports: '8686', source: '10.0.0.0/8' }) }, of)).toEqual(['panel 8686']);
    expect(told({ verb: 'change', rule: rule(of, 1), to: spec({ ports: '8686', interface: 'eth1' }) }, of)).toEqual(['risky']);
    // Another one still lets it in.
    const twice = filter([...OPEN, spec({ ports: '8000-9000' })]);
    expect(told({ verb: 'remove', rule: rule(twice, 1) }, twice)).toEqual([]);
  });

  test('from the machine itself the panel is not lost, and of SSH only what everybody loses', () => {
    for (const clientAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '']) {
      expect(told({ verb: 'enable', allow: [] }, filter([], { active: false }), { clientAddress })).toEqual(['ssh 22', 'risky']);
      expect(told(add({ action: 'deny', ports: '22', source: '203.0.113.9' }), filter(OPEN), { clientAddress })).toEqual(['risky']);
    }
  });

  test('rules of Windows about programs: those of others let nobody in, one that many services share may', () => {
    const of = (port: string, program: string | null, more: object = {}) => ({ ...spec({ ports: port }), program, ...more });
    const ways = { panelProgram: 'mantou.exe', rdpPort: 3389 };
    const rules = [of('22', '%SystemRoot%\\System32\\OpenSSH\\SSHD.EXE'), of('3389', '%SystemRoot%\\system32\\svchost.exe'), of('8686', 'C:\\Mantou\\mantou.exe'), of('', 'C:\\game.exe')];
    const windows = filter(rules, { abilities: { ordered: false } });
    const remove = (i: number, from = windows) => told({ verb: 'remove', rule: rule(from, i) }, from, ways);
    expect([remove(0), remove(1), remove(2), remove(3)]).toEqual([['ssh 22'], ['rdp 3389'], ['panel 8686'], []]);
    const shared = filter([...rules, of('', 'svchost.exe')], { abilities: { ordered: false } });
    expect(remove(1, shared)).toEqual(['risky']);
    // Nobody knows who listens: it may be.
    expect(told({ verb: 'remove', rule: rule(windows, 2) }, windows, { ...ways, panelProgram: undefined } as never)).toEqual([]);
    const aside = { ...filter([spec({ ports: '22' })]), rules: [{ id: '0', spec: spec({ ports: '22' }), forwarded: false }, { id: '1', spec: null, forwarded: false, aside: true }] };
    expect(told({ verb: 'remove', rule: rule(aside, 0) }, aside)).toEqual(['ssh 22']);
  });

  test('the remote desktop of Windows', () => {
    const of = filter([...OPEN, spec({ ports: '3389' })]);
    expect(told({ verb: 'remove', rule: rule(of, 2) }, of, { rdpPort: 3389 })).toEqual(['rdp 3389']);
  });

  test('a rule that nobody understands makes it unsure', () => {
    expect(told({ verb: 'enable', allow: [] }, filter([null], { active: false }))).toEqual(['risky']);
  });
});

test('a limit lets nobody in for sure', () => {
  const limited = filter([spec({ action: 'limit', ports: '8686' }), spec({ ports: '22' })]);
  expect(letsIn(limited, { source: null, port: 8686 })).toBe('maybe');
  expect(letsIn(filter([spec({ action: 'limit', ports: '8686' })], { policy: 'allow' }), { source: null, port: 8686 })).toBe('maybe');
  const open = filter(OPEN);
  expect(told({ verb: 'change', rule: rule(open, 1), to: spec({ action: 'limit', ports: '8686' }) }, open)).toEqual(['risky']);
  expect(told({ verb: 'remove', rule: rule(limited, 0) }, limited)).toEqual(['panel 8686']);
});

test('a forward that goes, by which they may have come', () => {
  const unforward = (more: object): FirewallChange => ({ verb: 'unforward', forward: { id: '', text: '', native: false, zone: null, protocol: 'tcp', port: 8443, toAddress: null, toPort: 8080, ...more } });
  expect(told(unforward({}), filter(OPEN))).toEqual([]);
  expect(told(unforward({ toPort: 8686 }), filter(OPEN))).toEqual(['risky']);
  expect(told(unforward({ port: 22, toAddress: '10.0.0.5' }), filter(OPEN))).toEqual(['risky']);
  expect(told(unforward({ toPort: 8686, protocol: 'udp' }), filter(OPEN))).toEqual([]);
});

describe('behind a proxy on another machine', () => {
  const ways = { panelPort: 443, proxies: [parseNetwork('10.0.0.0/24')!] };
  const open = [spec({ ports: '22,443' }), spec({ ports: '8686' })];
  test.each([
    ['another port', add({ action: 'deny', source: '10.0.0.0/8', ports: '3306' }), []],
    ['the panel’s own port, for its network', add({ action: 'deny', source: '10.0.0.0/8', ports: '8686' }), ['risky']],
    ['for a part of it', add({ action: 'deny', source: '10.0.0.7', ports: '8686' }), ['risky']],
    ['for another network', add({ action: 'deny', source: '10.0.1.0/24', ports: '8686' }), []],
    ['led elsewhere', { verb: 'forward', forward: { protocol: 'tcp', port: 8686, toAddress: null, toPort: 80 } }, ['risky']],
  ] as [string, FirewallChange, string[]][])('denied: %s', (_, change, expected) => expect(told(change, filter(open), ways)).toEqual(expected));

  test('the rule that lets it in goes', () => {
    const of = filter(open);
    expect(told({ verb: 'remove', rule: rule(of, 1) }, of, ways)).toEqual(['risky']);
    expect(told({ verb: 'change', rule: rule(of, 1), to: spec({ ports: '8686', source: '10.0.0.0/24' }) }, of, ways)).toEqual([]);
    expect(told({ verb: 'change', rule: rule(of, 1), to: spec({ ports: '8686', source: '10.0.0.0/25' }) }, of, ways)).toEqual(['risky']);
  });

  test('a zone that has a part of it', () => {
    const zones = [{ name: 'public', interfaces: ['eth0'], sources: [], policy: 'allow' as const }, { name: 'drop', interfaces: [], sources: ['10.0.0.128/25'], policy: 'deny' as const }];
    expect(letsIn(filter([], { zones }), { source: ways.proxies[0]!, port: 8686 })).toBe('maybe');
  });
});

test('firewalld: what denies is asked first, by the zone of the sender', () => {
  const zones = [{ name: 'public', interfaces: ['eth0'], sources: [], policy: 'reject' as const }, { name: 'trusted', interfaces: [], sources: ['203.0.113.0/24'], policy: 'allow' as const }];
  const of = filter([spec({ ports: '22', zone: 'public' }), spec({ action: 'deny', source: '198.51.100.1', protocol: 'any', zone: 'public' })], { zones, abilities: { ordered: false } });
  const from = (source: string, port: number) => letsIn(of, { source: parseNetwork(source), port });
  expect([from('203.0.113.9', 3306), from('192.0.2.1', 22), from('192.0.2.1', 80), from('198.51.100.1', 22)]).toEqual(['yes', 'yes', 'no', 'no']);
});
