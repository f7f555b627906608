import { isIP } from 'node:net';

/**
 * Who counts as one address: IPv4 as it is; of IPv6 the first 64 bits, since that is what one customer is given and may
 * choose the rest of freely (RFC 6177). "2001:db8::7" → "2001:db8:0:0::/64"
 */
export function network(address: string): string {
  const plain = address.replace(/%.*$/, '');
  if (isIP(plain) !== 6) return plain;
  // The URL parser writes every spelling of an address in one way (WHATWG URL, 3.5).
  const text = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
