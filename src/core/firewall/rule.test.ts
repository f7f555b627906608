import { describe, expect, test } from 'bun:test';
import { en } from '../../i18n/en.ts';
import { issueText } from '../../lib/issue.ts';
import { NO_ABILITIES } from '../../platform/firewall.ts';
import { expand, parsePorts, portsText, RuleInput, ruleKey, specOf } from './rule.ts';

const wrong = (input: object) => {
  const found = RuleInput.safeParse({ action: 'allow', ...input });
  return found.success ? null : found.error.issues.map(({ path, message }) => `${path.join('.')}: ${issueText(message, en)}`)[0];
};
const spec = (input: object) => specOf(RuleInput.parse({ action: 'allow', ...input }));

describe('S1 S2 S3 what is no rule', () => {
  test.each(['0', '65536', '-1', '80-', '80--90', '80;reboot', '$(reboot)', '80\0', '1e3', '0x50', '٨٠', 'http', '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16', '1-2,3-4,5-6,7-8,9-10,11-12,13-14,15-16', '99999999999999999999'])('ports %j', (ports) => expect(wrong({ ports })).toBe(`ports: ${en.firewall.badPorts}`));
  test('a range backwards', () => expect(wrong({ ports: '90-80' })).toBe(`ports: ${en.firewall.backwards}`));
  test.each(['10.0.0', '10.0.0.1/33', 'fe80::1%eth0', 'fe80::1%eth0/64', '-1.2.3.4', '--help', '10.0.0.1 or 1', '10.0.0.1\nlo', 'any', 'example.org', '::/129', '10.0.0.1/-1', '$(id)'])('sender %j', (source) => expect(wrong({ source })).toBe(`source: ${en.firewall.badAddress}`));
  test.each([['interface', '-o'], ['interface', 'eth0;id'], ['interface', 'eth0\nip'], ['service', '--all'], ['service', 'a/../b'], ['zone', '-z'], ['zone', 'a"b']])('%s %j', (name, value) => expect(wrong({ [name]: value })).toBe(`${name}: ${en.firewall.badName}`));
  test.each(["it's", 'say "hi"', 'a\\b', 'two\nlines', 'nul\0', '-v', 'mantou:base', 'x'.repeat(121), '馒'.repeat(41), 'tab\there'])('note %j', (comment) => expect(wrong({ comment })).toBe(`comment: ${en.firewall.badComment}`));
  test('what does not go together', () => {
    expect(wrong({ source: '10.0.0.1', destination: '2001:db8::1' })).toBe(`destination: ${en.firewall.families}`);
    expect(wrong({ source: '10.0.0.1', family: 'v6' })).toBe(`family: ${en.firewall.otherFamily}`);
    expect(wrong({ service: 'ssh', ports: '22' })).toBe(`service: ${en.firewall.serviceAndPorts}`);
    expect(wrong({ protocol: 'icmp' })).toContain('protocol');
    expect(wrong({ extra: 'x' })).toContain('Unrecognized key');
  });
});

test('ports in every way they are written, in order', () => {
  expect(portsText(parsePorts(' 443,80  1000:2000、22，6000–6010 ') as never)).toBe('22, 80, 443, 1000-2000, 6000-6010');
  expect(parsePorts('')).toEqual([]);
});

test('addresses in their shortest form, everybody as nobody', () => {
  expect(spec({ source: '10.1.2.3/8' })).toMatchObject({ source: '10.0.0.0/8', family: 'v4' });
  expect(spec({ source: '2001:DB8::/32' })).toMatchObject({ source: '2001:db8::/32', family: 'v6' });
  expect(spec({ source: '0.0.0.0/0' })).toMatchObject({ source: null, family: 'v4' });
  expect(spec({ source: '::/0' })).toMatchObject({ source: null, family: 'v6' });
});

test('the key of a rule leaves its note out, and nothing else', () => {
  const base = spec({ ports: '80' });
  expect(ruleKey({ ...base, comment: 'x' })).toBe(ruleKey(base));
  for (const more of [{ action: 'deny' }, { direction: 'out' }, { protocol: 'udp' }, { ports: '81' }, { source: '10.0.0.1' }, { destination: '10.0.0.1' }, { interface: 'eth0' }, { zone: 'home' }, { family: 'v6' }]) expect(ruleKey(spec({ ports: '80', ...more }))).not.toBe(ruleKey(base));
});

test('what a provider takes in one rule, and what in several', () => {
  const all = spec({ ports: '53, 80, 1000-2000', protocol: 'any' });
  const shown = (lists: boolean, anyPorts: 'none' | 'single' | 'all', of = all) => expand(of, { ...NO_ABILITIES, lists, anyPorts }).map(({ protocol, ports }) => `${protocol} ${portsText(ports)}`);
  expect(shown(true, 'all')).toEqual(['any 53, 80, 1000-2000']);
  expect(shown(true, 'single')).toEqual(['tcp 53, 80, 1000-2000', 'udp 53, 80, 1000-2000']);
  expect(shown(false, 'none')).toEqual(['tcp 53', 'tcp 80', 'tcp 1000-2000', 'udp 53', 'udp 80', 'udp 1000-2000']);
  expect(shown(true, 'single', spec({ ports: '53', protocol: 'any' }))).toEqual(['any 53']);
  expect(shown(true, 'none', spec({ protocol: 'any' }))).toEqual(['any ']);
});
