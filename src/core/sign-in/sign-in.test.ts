import { describe, expect, test } from 'bun:test';
import { manualClock } from '../../lib/clock.ts';
import { systemRandom } from '../../lib/random.ts';
import { network } from './network.ts';
import { OneTime } from './one-time.ts';

describe('OneTime', () => {
  const make = (limits = { ms: 1000, perOwner: 2, total: 4 }) => {
    const clock = manualClock();
    return { clock, store: new OneTime<string>({ clock, random: systemRandom }, limits) };
  };

  test('gives a value once and only while it is good', () => {
    const { clock, store } = make();
    const token = store.put('lin', 'a');
    expect(store.peek(token)).toBe('a');
    expect(store.take(token)).toBe('a');
    expect(store.take(token)).toBeUndefined();
    const late = store.put('lin', 'b');
    clock.advance(1000);
    expect(store.take(late)).toBeUndefined();
    expect(store.take('never given')).toBeUndefined();
  });

  test('S22 an owner who asks for many loses only their own oldest', () => {
    const { store } = make();
    const eva = store.put('eva', 'eva');
    const lin = [1, 2, 3].map((n) => store.put('lin', String(n)));
    expect(lin.map((token) => store.peek(token))).toEqual([undefined, '2', '3']);
    expect(store.peek(eva)).toBe('eva');
  });

  test('S22 all together are bounded, and what is over makes room first', () => {
    const { clock, store } = make();
    const old = store.put('a', 'old');
    clock.advance(1000);
    for (let i = 0; i < 10; i++) store.put(`owner${i}`, 'x');
    expect(store.size).toBe(4);
    expect(store.peek(old)).toBeUndefined();
  });
});

test('S11 an address is one IPv4, or the 64 bits that one customer has of IPv6', () => {
  expect(network('203.0.113.9')).toBe('203.0.113.9');
  expect(network('2001:db8:1:2::7')).toBe('2001:db8:1:2::/64');
  expect(network('2001:0DB8:0001:0002:ffff:ffff:ffff:ffff')).toBe('2001:db8:1:2::/64');
  expect(network('::1')).toBe('0:0:0:0::/64');
  expect(network('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(network('2001:db8::')).toBe('2001:db8:0:0::/64');
  expect(network('')).toBe('');
});
