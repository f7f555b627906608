import { BlockList, isIP } from 'node:net';

/** Who may speak for others: the proxies that `--trusted-proxy` names. */
export function trustedPeers(cidrs: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  };
}

/** `::ffff:10.0.0.1` (how a dual-stack socket shows IPv4) → `10.0.0.1`. */
export const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');

export interface Forwarded {
  ip: string;
  /** The proxy said https. */
  https: boolean;
  host: string | null;
}

/**
 * What the request says about who is behind it. `X-Forwarded-*` counts only when the peer is a trusted proxy (S8),
 * and of `X-Forwarded-For` the last address that is not itself a trusted proxy: what stands before it is anyone's claim.
 */
export function forwarded(peer: string, headers: Headers, trusted: (address: string) => boolean): Forwarded {
  const direct = { ip: plainAddress(peer), https: false, host: null };
  if (!trusted(peer)) return direct;
  const chain = (headers.get('x-forwarded-for') ?? '').split(',').map((part) => part.trim()).filter((part) => isIP(part));
  const client = chain.findLast((address) => !trusted(address)) ?? direct.ip;
  return {
    ip: plainAddress(client),
    https: headers.get('x-forwarded-proto')?.split(',').at(-1)?.trim() === 'https',
    host: headers.get('x-forwarded-host')?.split(',').at(-1)?.trim() || null,
  };
}

/** The name in a Host header without its port: "[::1]:8686" → "::1", "box.lan:80" → "box.lan". */
export function hostName(header: string): string {
  const bracket = /^\[([0-9a-f:.]+)\](:\d+)?$/i.exec(header);
  if (bracket) return bracket[1]!.toLowerCase();
  return header.replace(/:\d+$/, '').toLowerCase().replace(/\.$/, '');
}

/**
 * May the panel be opened under this name? Addresses always (a browser that has the address as its origin was not
 * rebound by DNS), names only when they are ours or were allowed (S7, S8).
 */
export function knownHost(name: string, ours: ReadonlySet<string>): boolean {
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || ours.has(name);
}
