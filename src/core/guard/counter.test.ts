import { expect, test } from 'bun:test';
import { banMs, createCounter, offenderOf } from './counter.ts';

const limits = { failures: 3, ms: 60_000 };
const at = (ms: number) => ({ at: ms, text: `line ${ms}` });

test('so many within the window, and no fewer; then it begins anew', () => {
  const counter = createCounter();
  const add = (ms: number, address = '198.18.0.1') => counter.add(address, at(ms), limits);
  expect([add(0), add(2000), add(60_500)]).toEqual([null, null, null]);
  expect(add(60_501)).toMatchObject({ address: '198.18.0.1', seen: [{ text: 'line 2000' }, { text: 'line 60500' }, { text: 'line 60501' }] });
  expect([add(60_502), add(60_503, '198.18.0.2')]).toEqual([null, null]);
});

test('who signed in well begins anew', () => {
  const counter = createCounter();
  for (let i = 0; i < 10; i++) {
    expect([counter.add('198.18.0.1', at(i), limits), counter.add('198.18.0.1', at(i), limits)]).toEqual([null, null]);
    counter.forget('198.18.0.1');
  }
  expect(counter.size).toBe(0);
});

test('S11 IPv6 counts by what one customer has; what is no address counts as nothing', () => {
  const counter = createCounter();
  expect([1, 2].map((n) => counter.add(`2001:db8:1:2::${n}`, at(n), limits))).toEqual([null, null]);
  expect(counter.add('2001:db8:1:2:ffff::9', at(3), limits)).toMatchObject({ address: '2001:db8:1:2::/64', seen: [{}, {}, {}] });
  for (const text of ['UNKNOWN', '', 'example.org', '1.2.3', '-1', '1.2.3.4 port 5']) expect([counter.add(text, at(0), { failures: 1, ms: 1 }), offenderOf(text)]).toEqual([null, null]);
  expect(offenderOf('::ffff:198.18.0.1')?.address).toBe('198.18.0.1');
});

test('S22 a clock that is set, and strangers without end, cost no memory and ban nobody', () => {
  const counter = createCounter();
  expect([counter.add('198.18.0.1', at(1e9), limits), counter.add('198.18.0.1', at(1e9), limits), counter.add('198.18.0.1', at(5), limits), counter.add('198.18.0.1', at(6), limits)]).toEqual([null, null, null, null]);
  for (let i = 0; i < 50_000; i++) counter.add(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, at(i), { failures: 5, ms: 1e9 });
  expect(counter.size).toBeLessThanOrEqual(20_000);
});

test('each ban is longer than the one before, and the last is the longest', () => {
  expect([0, 1, 2, 3, 9].map((n) => banMs([10, 60, 1440], n) / 60_000)).toEqual([10, 60, 1440, 1440, 1440]);
});
