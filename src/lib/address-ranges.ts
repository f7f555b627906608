import { isIP } from 'node:net';
import { addressNumber, addressText } from './address.ts';

/** IPv4 addresses are numbers, those of IPv6 big ones: comparing is the same, and the first is fast. */
export type AddressValue = number | bigint;

/** Addresses of one family: sorted, apart from each other, each `[from, before]`. */
export type Ranges = readonly (readonly [AddressValue, AddressValue])[];

export const NOWHERE: Ranges = [];
export const EVERYWHERE: Readonly<Record<4 | 6, Ranges>> = { 4: [[0, 2 ** 32]], 6: [[0n, 1n << 128n]] };

/** "10.0.0.4", "fe80::1%eth0", "::ffff:10.0.0.4". null: none */
export function addressValue(text: string): { family: 4 | 6; value: AddressValue } | null {
  const plain = text.replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 4) return { family, value: Number(addressNumber(4, plain)) };
  return family === 6 ? { family, value: addressNumber(6, plain) } : null;
}

const plus = (value: AddressValue, more: AddressValue) => (typeof value === 'number' ? value + Number(more) : value + BigInt(more));

/** "10.0.0.0/8", "10.0.0.0/255.0.0.0", "10.0.0.1-10.0.0.9", "2001:db8::1". null: none of these */
export function rangesOf(text: string): { family: 4 | 6; ranges: Ranges } | null {
  const between = /^([^-/]+)-([^-/]+)$/.exec(text);
  const first = addressValue(between?.[1] ?? text.split('/')[0]!);
  if (!first) return null;
  const { family, value } = first;
  if (between) {
    const last = addressValue(between[2]!);
    return last?.family === family && last.value >= value ? { family, ranges: [[value, plus(last.value, 1)]] } : null;
  }
  const bits = family === 4 ? 32 : 128;
  const length = lengthOf(text.split('/')[1], bits);
  if (length === null) return null;
  const size = family === 4 ? 2 ** (bits - length) : 1n << BigInt(bits - length);
  const start = typeof value === 'number' ? value - (value % (size as number)) : value - (value % (size as bigint));
  return { family, ranges: [[start, plus(start, size)]] };
}

function lengthOf(mask: string | undefined, bits: number): number | null {
  if (mask === undefined) return bits;
  if (/^\d{1,3}$/.test(mask)) return Number(mask) <= bits ? Number(mask) : null;
  const value = addressValue(mask)?.value;
  if (value === undefined) return null;
  const [, ones] = /^(1*)0*$/.exec(value.toString(2).padStart(bits, '0')) ?? [];
  return ones === undefined ? null : ones.length;
}

/** All of these, sorted and apart. */
export function union(...all: readonly Ranges[]): Ranges {
  const some = all.filter((one) => one.length > 0);
  if (some.length < 2) return some[0] ?? NOWHERE;
  const sorted = some.flat().toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const found: [AddressValue, AddressValue][] = [];
  for (const [from, before] of sorted) {
    const last = found.at(-1);
    if (!last || from > last[1]) found.push([from, before]);
    else if (before > last[1]) last[1] = before;
  }
  return found;
}

/** What is in both. */
export function intersect(a: Ranges, b: Ranges): Ranges {
  const found: [AddressValue, AddressValue][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i]!, b[j]!];
    const from = x[0] > y[0] ? x[0] : y[0];
    const before = x[1] < y[1] ? x[1] : y[1];
    if (from < before) found.push([from, before]);
    if (x[1] < y[1]) i++;
    else j++;
  }
  return found;
}

/** What of `a` is not in `b`. */
export function subtract(a: Ranges, b: Ranges): Ranges {
  const found: [AddressValue, AddressValue][] = [];
  let j = 0;
  for (const [from, before] of a) {
    let start = from;
    while (j < b.length && b[j]![1] <= start) j++;
    for (let k = j; k < b.length && b[k]![0] < before; k++) {
      if (b[k]![0] > start) found.push([start, b[k]![0]]);
      if (b[k]![1] > start) start = b[k]![1];
    }
    if (start < before) found.push([start, before]);
  }
  return found;
}

export const covers = (a: Ranges, b: Ranges) => subtract(b, a).length === 0;
export const holds = (ranges: Ranges, value: AddressValue) => ranges.some(([from, before]) => value >= from && value < before);

/** How much of `whole` they are, 0 to 1. */
export function share(ranges: Ranges, whole: Ranges): number {
  const size = (some: Ranges) => some.reduce((sum, [from, before]) => sum + Number(before) - Number(from), 0);
  return size(intersect(ranges, whole)) / size(whole);
}

/** As networks, "10.0.0.0/8", single addresses without a length; at most `most`, and how many there are if counted to `most` + 1. */
export function networksOf(ranges: Ranges, most: number): string[] {
  const found: string[] = [];
  for (const [from, before] of ranges) {
    let at = BigInt(from);
    const end = BigInt(before);
    const bits = typeof from === 'number' ? 32n : 128n;
    while (at < end) {
      let length = bits;
      while (length > 0n && at % (1n << (bits - length + 1n)) === 0n && at + (1n << (bits - length + 1n)) <= end) length--;
      const text = addressText(typeof from === 'number' ? 4 : 6, at);
      found.push(length === bits ? text : `${text}/${length}`);
      if (found.length > most) return found;
      at += 1n << (bits - length);
    }
  }
  return found;
}

/** The same two sets meet for every port of a machine: asked once, for as long as both are held. */
export function remembered<T>(ask: (a: Ranges, b: Ranges) => T): (a: Ranges, b: Ranges) => T {
  const known = new WeakMap<Ranges, WeakMap<Ranges, T>>();
  return (a, b) => {
    let mine = known.get(a);
    if (!mine) known.set(a, (mine = new WeakMap()));
    if (!mine.has(b)) mine.set(b, ask(a, b));
    return mine.get(b)!;
  };
}
