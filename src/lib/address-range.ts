import { isIP } from 'node:net';
import { addressNumber, addressText } from './address.ts';

/** Addresses that follow each other, both ends included: one of them, a network, or any stretch. */
export interface AddressRange {
  family: 4 | 6;
  first: bigint;
  last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;
const MAPPED = 0xffffn << 32n;

/**
 * One address, in the spellings that mean the same to every program: dotted decimal without leading zeros, IPv6 as in
 * RFC 4291 without a zone. `::ffff:192.0.2.7` is IPv4. null for everything else: "0x7f.1", "010.0.0.1", "fe80::1%eth0".
 */
export function parseAddress(text: string): { family: 4 | 6; value: bigint } | null {
  const family = isIP(text);
  if (family === 4) return { family, value: addressNumber(4, text) };
  if (family !== 6 || text.includes('%')) return null;
  const value = addressNumber(6, text);
  return value >> 32n === 0xffffn ? { family: 4, value: value - MAPPED } : { family, value };
}

/**
 * "192.0.2.7", "192.0.2.0/24" (what stands behind the network is left out: 192.0.2.9/24 is the same), "192.0.2.7-192.0.2.9".
 * null: it is none of these.
 */
export function parseRange(text: string): AddressRange | null {
  const dash = text.indexOf('-');
  if (dash > 0) {
    const [from, to] = [parseAddress(text.slice(0, dash).trim()), parseAddress(text.slice(dash + 1).trim())];
    return from && to && from.family === to.family && from.value <= to.value ? { family: from.family, first: from.value, last: to.value } : null;
  }
  const [address = '', bits, ...more] = text.split('/');
  const found = parseAddress(address);
  if (!found || more.length) return null;
  if (bits === undefined) return { family: found.family, first: found.value, last: found.value };
  // A length as people write it: "+8", "8.0", "008" are mistakes.
  if (!/^(0|[1-9]\d{0,2})$/.test(bits)) return null;
  const mapped = found.family === 4 && isIP(address) === 6;
  return networkOf(found, Number(bits) - (mapped ? 96 : 0));
}

/** The network of that many bits which an address lies in; null where there is none of that length. */
export function networkOf({ family, value }: { family: 4 | 6; value: bigint }, bits: number): AddressRange | null {
  if (bits < 0 || bits > BITS[family]) return null;
  const rest = BigInt(BITS[family] - bits);
  const first = (value >> rest) << rest;
  return { family, first, last: first + (1n << rest) - 1n };
}

/** Length of the prefix, when the range is one network; 32 or 128 is one address. null: it is a stretch of several. */
export function prefixOf({ family, first, last }: AddressRange): number | null {
  const size = last - first + 1n;
  if ((size & (size - 1n)) !== 0n || first % size !== 0n) return null;
  return BITS[family] - (size.toString(2).length - 1);
}

/** How it is written everywhere: "192.0.2.7", "192.0.2.0/24", "192.0.2.7-192.0.2.9", IPv6 as in RFC 5952. */
export function rangeText(range: AddressRange): string {
  const from = addressText(range.family, range.first);
  if (range.first === range.last) return from;
  const prefix = prefixOf(range);
  return prefix === null ? `${from}-${addressText(range.family, range.last)}` : `${from}/${prefix}`;
}

export const overlaps = (a: AddressRange, b: AddressRange) => a.family === b.family && a.first <= b.last && b.first <= a.last;

/** Text that sorts as addresses do, IPv4 before IPv6: for the database. */
export const sortText = (family: 4 | 6, value: bigint) => `${family}${value.toString(16).padStart(BITS[family] / 4, '0')}`;

export const rangeFromSortText = (first: string, last: string): AddressRange => ({ family: first[0] === '4' ? 4 : 6, first: BigInt(`0x${first.slice(1)}`), last: BigInt(`0x${last.slice(1)}`) });
