import { isIPv4, isIPv6 } from 'node:net';
import { addressNumber, addressText } from './address.ts';

/** An address, or a network of them. */
export interface Network {
  family: 'v4' | 'v6';
  /** Its first address. */
  first: bigint;
  /** Bits that all of them share: 32 or 128 for a single one. */
  length: number;
  /** In its shortest form: "10.0.0.5", "10.0.0.0/8", "2001:db8::/32". */
  text: string;
}

const WIDTH = { v4: 32, v6: 128 } as const;
const FAMILY = { v4: 4, v6: 6 } as const;

/** null: it is neither an address nor a network. Zones ("fe80::1%eth0") are refused: they mean nothing to a packet filter. */
export function parseNetwork(text: string): Network | null {
  const [address = '', length, ...more] = text.trim().split('/');
  if (more.length) return null;
  const family = isIPv4(address) ? 'v4' : isIPv6(address) && !address.includes('%') ? 'v6' : null;
  if (!family) return null;
  const width = WIDTH[family];
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null;
  const bits = length === undefined ? width : Number(length);
  if (bits > width) return null;
  const rest = BigInt(width - bits);
  const first = (addressNumber(FAMILY[family], address) >> rest) << rest;
  const shown = addressText(FAMILY[family], first);
  return { family, first, length: bits, text: bits === width ? shown : `${shown}/${bits}` };
}

/** Does `outer` hold all of `inner`? */
export function holds(outer: Network, inner: Network): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false;
  const rest = BigInt(WIDTH[outer.family] - outer.length);
  return inner.first >> rest === outer.first >> rest;
}

export const overlaps = (a: Network, b: Network) => holds(a, b) || holds(b, a);

/** "::ffff:10.0.0.5", as sockets of both families name it, is 10.0.0.5. */
export const plainAddress = (address: string) => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
