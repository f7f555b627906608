import { BlockList, isIP } from 'node:net';

/** IANA IPv4 Special-Purpose Address Registry, multicast and what is reserved: nothing of it is a server of the internet. */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24',
  '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  // Metadata and agents of clouds that lie among public addresses: Azure's wire server, Alibaba's is in 100.64.0.0/10.
  '168.63.129.16/32',
];

/**
 * Of 2000::/3, the only part that is routed: IETF protocol assignments with Teredo, ORCHID and benchmarking (2001::/23), 6to4
 * (2002::/16, which carries any IPv4 address), documentation, AS112, and segment routing.
 */
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const four = listOf(NOT_PUBLIC_4, 'ipv4');
const six = listOf(NOT_PUBLIC_6, 'ipv6');
const routed = listOf(['2000::/3'], 'ipv6');

/** NAT64 (RFC 6052), where a network without IPv4 reaches it; `::ffff:0:0/96` is IPv4 itself, in the words of IPv6. */
const CARRIES_4 = listOf(['::ffff:0:0/96', '64:ff9b::/96'], 'ipv6');

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/**
 * Is it an address that anybody on the internet has, and not this machine, its networks, or what a network keeps for
 * itself (S19)? Anything that is no address is not.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !four.check(address, 'ipv4');
  // A zone ("%eth0") is only needed where an address means something on one network alone.
  if (family !== 6 || address.includes('%')) return false;
  const groups = groupsOf(address);
  const plain = groups.map((group) => group.toString(16)).join(':');
  if (carries4(plain, groups)) return isPublicAddress(lastFour(groups));
  return routed.check(plain, 'ipv6') && !six.check(plain, 'ipv6');
}

/** Node's lists take `::ffff:a.b.c.d` for IPv4 by itself, so the words are looked at as well. */
const carries4 = (plain: string, groups: number[]) =>
  CARRIES_4.check(plain, 'ipv6') || (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff);

const lastFour = (groups: number[]) => [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');

/** The eight words of an IPv6 address; the URL parser writes every spelling in one way (WHATWG URL, 3.5). */
function groupsOf(address: string): number[] {
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => parseInt(group, 16));
}

/** The address that stands in a URL itself, in whatever spelling: the parser has made "0x7f.1" and "2130706433" 127.0.0.1 by then; null for a name. */
export function literalAddress(url: URL): string | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return isIP(host) ? host : null;
}
