/** Addresses as numbers, and back: one reading and one spelling for all that compares them. */

/** Of an address that node's `isIP` calls of this family, without a zone. */
export const addressNumber = (family: 4 | 6, text: string): bigint => (family === 4 ? four(text) : six(text));

const four = (text: string) => BigInt(text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));

function six(text: string): bigint {
  const [head = '', tail] = canonical(text).split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return BigInt(`0x${[...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join('')}`);
}

/** Dotted decimal, and RFC 5952: the shortest form, in which an IPv4 address inside is two groups. */
export function addressText(family: 4 | 6, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  return canonical((value.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':'));
}

/** The URL parser writes every spelling of IPv6 in one way (WHATWG URL, 3.5). */
const canonical = (address: string) => new URL(`http://[${address}]/`).hostname.slice(1, -1);
