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
 * What the request says about who is behind it. `X-Forwarded-*` counts only when the peer is a trusted proxy (S8).
 * `X-Forwarded-For` is read from its end, where the nearest proxy wrote, up to the first address that is not a trusted
 * proxy: what stands before that is anyone's claim. Where it cannot be read any further, the last known one counts.
 */
export function forwarded(peer: string, headers: Headers, trusted: (address: string) => boolean): Forwarded {
  const direct = { ip: plainAddress(peer), https: false, host: null };
  if (!trusted(peer)) return direct;
  let ip = direct.ip;
  for (const part of (headers.get('x-forwarded-for') ?? '').split(',').reverse()) {
    const address = withoutPort(part.trim());
    if (!isIP(address)) break;
    ip = plainAddress(address);
    if (!trusted(address)) break;
  }
  const last = (name: string) => headers.get(name)?.split(',').at(-1)?.trim() || null;
  return { ip, https: last('x-forwarded-proto')?.toLowerCase() === 'https', host: last('x-forwarded-host') };
}

/** Some proxies write the port as well: "203.0.113.7:51234", "[2001:db8::7]:51234". */
const withoutPort = (text: string) => text.replace(/^\[(.+)\](?::\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');

/** The name in a Host header without its port: "[::1]:8686" → "::1", "Box.lan.:80" → "box.lan"; '' for anything else. */
export function parseHost(header: string): string {
  const [, bracket, name] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header) ?? [];
  if (bracket) return isIP(bracket) === 6 ? bracket.toLowerCase() : '';
  const plain = (name ?? '').toLowerCase().replace(/\.$/, '');
  return URL.canParse(`http://${header}`) ? plain : '';
}

/**
 * May the panel be opened under this name? Addresses always (a browser that has the address as its origin was not
 * rebound by DNS), names only when they are ours or were allowed (S7, S8).
 */
export function knownHost(name: string, ours: ReadonlySet<string>): boolean {
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || ours.has(name);
}
