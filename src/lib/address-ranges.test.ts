import { expect, test } from 'bun:test';
import { addressText } from './address.ts';
import { addressValue, EVERYWHERE, intersect, networksOf, rangesOf, share, subtract, union, type Ranges } from './address-ranges.ts';

test('every spelling of an address is one value', () => {
  expect(addressValue('10.0.0.4')).toEqual({ family: 4, value: 0x0a000004 });
  expect(addressValue('fe80::1%eth0')).toEqual(addressValue('FE80:0:0::0001'));
  expect(addressValue('::ffff:10.0.0.4')?.value).toBe(0xffff0a000004n);
  for (const text of ['255.255.255.255', '0.0.0.0', '2001:db8::7', '::', 'ff02::fb']) {
    const { family, value } = addressValue(text)!;
    expect(addressText(family, BigInt(value))).toBe(text);
  }
  for (const text of ['', '1.2.3', '300.1.1.1', 'fe80:::1', 'host', '10.0.0.0/8']) expect(addressValue(text)).toBeNull();
});

test('networks, masks and ranges', () => {
  const written = (text: string) => networksOf(rangesOf(text)?.ranges ?? [], 40);
  expect(written('10.1.2.3/8')).toEqual(['10.0.0.0/8']);
  expect(written('10.0.0.0/255.255.0.0')).toEqual(['10.0.0.0/16']);
  expect(written('10.0.0.1-10.0.0.4')).toEqual(['10.0.0.1', '10.0.0.2/31', '10.0.0.4']);
  expect(written('2001:db8::/32')).toEqual(['2001:db8::/32']);
  expect(written('0.0.0.0/0')).toEqual(['0.0.0.0/0']);
  expect(written('::/0')).toEqual(['::/0']);
  for (const text of ['10.0.0.0/33', '10.0.0.0/255.0.255.0', 'x/8', '10.0.0.9-10.0.0.1', '']) expect(rangesOf(text)).toBeNull();
});

test('sets are what they are address for address', () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  const some = (): Ranges => union(...Array.from({ length: random(6) }, (): Ranges => {
    const from = random(60);
    return [[from, from + 1 + random(12)]];
  }));
  const members = (ranges: Ranges) => Array.from({ length: 80 }, (_, i) => ranges.some(([from, before]) => i >= from && i < before));
  for (let round = 0; round < 500; round++) {
    const [a, b] = [some(), some()];
    const [inA, inB] = [members(a), members(b)];
    expect(members(union(a, b))).toEqual(inA.map((one, i) => one || inB[i]!));
    expect(members(intersect(a, b))).toEqual(inA.map((one, i) => one && inB[i]!));
    expect(members(subtract(a, b))).toEqual(inA.map((one, i) => one && !inB[i]!));
  }
});

test('how much of the internet it is', () => {
  expect(share(rangesOf('0.0.0.0/1')!.ranges, EVERYWHERE[4])).toBe(0.5);
  expect(share(rangesOf('2000::/3')!.ranges, EVERYWHERE[6])).toBe(0.125);
  expect(networksOf(subtract(EVERYWHERE[4], rangesOf('10.0.0.1')!.ranges), 3)).toHaveLength(4);
});
