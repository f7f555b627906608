import { expect, test } from 'bun:test';
import { isAtMost, naturalKey } from './natural.ts';

test('comparing with a key says the same as making the key first', () => {
  const parts = ['', '0', '00', '7', '10', '010', '123456789', '1234567890', '12345678901', 'a', 'A', 'ab', '-', 'é', '馒', '\u{1F600}', '.txt', ' '];
  let seed = 7;
  const pick = () => parts[(seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % parts.length]!;
  const names = Array.from({ length: 400 }, () => pick() + pick() + pick() + pick());
  for (const name of names) {
    for (const other of names) {
      const key = naturalKey(other);
      if (isAtMost(name, key) !== naturalKey(name) <= key) throw new Error(JSON.stringify([name, other]));
    }
  }
  expect(isAtMost('file2', naturalKey('file10'))).toBe(true);
  expect(isAtMost('file10', naturalKey('file2'))).toBe(false);
});
