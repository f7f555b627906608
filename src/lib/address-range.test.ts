import { expect, test } from 'bun:test';
import { addressText } from './address.ts';
import { overlaps, parseAddress, parseRange, prefixOf, rangeFromSortText, rangeText, sortText } from './address-range.ts';

const text = (given: string) => {
  const range = parseRange(given);
  return range && rangeText(range);
};

test('S2 S3 what only some programs take for an address is none', () => {
  for (const wrong of [
    '', ' ', '-', '-1.2.3.4', '--', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '010.0.0.1', '0x7f.0.0.1', '0x7f000001', '2130706433', '127.1', '1.2.3.4 ', ' 1.2.3.4', '1.2.3.4\n',
    '1.2.3.4\0', 'fe80::1%eth0', '::1%lo', '[::1]', '1.2.3.4:80', ':::', '1::2::3', '12345::', 'g::', '１.2.3.4', 'localhost', '1.2.3.4/', '1.2.3.4/33', '1.2.3.4/-1', '1.2.3.4/+8', '1.2.3.4/08', '1.2.3.4/8/8',
    '1.2.3.4/255.255.255.0', '::/129', '1.2.3.4-', '1.2.3.9-1.2.3.4', '1.2.3.4-::1', '1.2.3.4-1.2.3.5-1.2.3.6', '1.2.3.4-9', '; reboot', '$(id)', '::ffff:1.2.3.4/95',
  ]) expect([wrong, parseRange(wrong)]).toEqual([wrong, null]);
});

test('every spelling of one is written in one way', () => {
  for (const [given, written] of [
    ['1.2.3.4', '1.2.3.4'], ['1.2.3.4/32', '1.2.3.4'], ['1.2.3.9/24', '1.2.3.0/24'], ['0.0.0.0/0', '0.0.0.0/0'], ['255.255.255.255', '255.255.255.255'],
    ['1.2.3.4-1.2.3.4', '1.2.3.4'], ['1.2.3.0 - 1.2.3.255', '1.2.3.0/24'], ['1.2.3.1-1.2.3.6', '1.2.3.1-1.2.3.6'], ['::ffff:1.2.3.4', '1.2.3.4'], ['::FFFF:102:304', '1.2.3.4'], ['::ffff:1.2.3.0/120', '1.2.3.0/24'],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'], ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'], ['::', '::'], ['::1', '::1'], ['1::', '1::'], ['2001:db8::7/64', '2001:db8::/64'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'], ['::/0', '::/0'],
  ] as const) expect([given, text(given)]).toEqual([given, written]);
});

test('what is written is read again as the same, and sorts as addresses do', () => {
  let seed = 7n;
  const random = (bits: number) => {
    let value = 0n;
    for (let i = 0; i < bits; i += 16) value = (value << 16n) | ((seed = (seed * 6364136223846793005n + 1442695040888963407n) % (1n << 64n)) >> 48n);
    // Runs of zeros are what is shortened.
    return seed & 1n ? value & (value << 9n) & (value << 40n) : value & ((1n << BigInt(bits)) - 1n);
  };
  const all: { family: 4 | 6; value: bigint }[] = [];
  for (let i = 0; i < 2000; i++) {
    const family = i % 2 ? 4 : 6;
    const value = random(family === 4 ? 32 : 128) & ((1n << (family === 4 ? 32n : 128n)) - 1n);
    if (family === 6 && value >> 32n === 0xffffn) continue;
    all.push({ family, value });
    expect(parseAddress(addressText(family, value))).toEqual({ family, value });
    // Bun's own parser agrees about the shortest spelling.
    if (family === 6) expect(new URL(`http://[${addressText(6, value)}]`).hostname).toBe(`[${addressText(6, value)}]`);
  }
  const sorted = [...all].sort((a, b) => a.family - b.family || (a.value < b.value ? -1 : 1));
  expect(all.map(({ family, value }) => sortText(family, value)).sort()).toEqual(sorted.map(({ family, value }) => sortText(family, value)));
  const range = parseRange('2001:db8::/33')!;
  expect(rangeFromSortText(sortText(6, range.first), sortText(6, range.last))).toEqual(range);
});

test('a network knows its length, and what it meets', () => {
  expect([prefixOf(parseRange('10.0.0.0/8')!), prefixOf(parseRange('::1')!), prefixOf(parseRange('1.2.3.1-1.2.3.2')!)]).toEqual([8, 128, null]);
  const meets = (a: string, b: string) => overlaps(parseRange(a)!, parseRange(b)!);
  expect([meets('10.0.0.0/8', '10.255.255.255'), meets('10.0.0.0/8', '11.0.0.0'), meets('::/0', '1.2.3.4')]).toEqual([true, false, false]);
});
