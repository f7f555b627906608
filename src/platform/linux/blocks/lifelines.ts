import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import type { Lifeline } from '../../blocks.ts';

/** What this machine is, goes out by, and asks names of. What cannot be read is left out. */
export async function readLifelines(): Promise<Lifeline[]> {
  const text = (path: string) => readFile(path, 'utf8').catch(() => '');
  const [route4, route6, ...resolvers] = await Promise.all(
    // The second one: what systemd-resolved asks in its turn.
    ['/proc/net/route', '/proc/net/ipv6_route', '/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'].map(text));
  const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const of = (kind: Lifeline['kind'], addresses: string[]) => [...new Set(addresses)].map((address) => ({ kind, address }));
  return [...of('own', own), ...of('gateway', [...gateways4(route4!), ...gateways6(route6!)]), ...of('dns', resolvers.flatMap(nameservers))];
}

/** /proc/net/route, in the byte order of the machine: `eth0\t00000000\t010011AC\t0003\t…` is a default by 172.17.0.1. */
export function gateways4(text: string): string[] {
  return text.split('\n').slice(1).flatMap((line) => {
    const [, , gateway = ''] = line.split('\t');
    return /^[0-9A-F]{8}$/.test(gateway) && gateway !== '00000000' ? [(gateway.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16)).join('.')] : [];
  });
}

/** /proc/net/ipv6_route: destination, length, source, length, next hop: `000… 00 000… 00 fe8000…01 00000400 …`. */
export function gateways6(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const next = line.split(/\s+/)[4] ?? '';
    return /^[0-9a-f]{32}$/.test(next) && /[^0]/.test(next) ? [next.match(/.{4}/g)!.join(':')] : [];
  });
}

/** resolv.conf(5): `nameserver 192.0.2.53`; a zone ("%eth0") is left out. */
export const nameservers = (text: string) => [...text.matchAll(/^\s*nameserver\s+([0-9a-fA-F.:]+)/gm)].map(([, address]) => address!);
