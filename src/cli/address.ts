import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Config } from '../config/load.ts';
import { isLoopback } from '../lib/loopback.ts';
import { listAddresses } from '../platform/addresses.ts';

export interface Addresses {
  /** Where the panel is opened: as seen from other machines when they can reach it. */
  url: string;
  /** Further addresses that lead to it. */
  others: string[];
  /** The name or address of this machine, for `ssh`. */
  machine: string;
  reach: 'this machine' | 'others' | 'proxy';
}

/** What to listen on for every address, IPv4 and IPv6; a kernel without IPv6 has no /proc/net/if_inet6. */
export const allAddresses = () => (existsSync('/proc/net/if_inet6') ? '::' : '0.0.0.0');

/** The real addresses behind `--host 0.0.0.0`; IPv6 in brackets, the protocol's own port left out. */
export function panelAddresses(config: Pick<Config, 'host'>, tls: boolean, port: number, own = listAddresses()): Addresses {
  const origin = (host: string) => new URL(`${tls ? 'https' : 'http'}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`).origin;
  const machine = own[0]?.address ?? hostname();
  const { host } = config;
  if (isLoopback(host)) return { url: origin(host), others: [], machine, reach: 'this machine' };
  const all = host === '0.0.0.0' || host === '::';
  const usable = own.map(({ address }) => address).filter((address) => host === '::' || isIP(address) === 4);
  const [first = '127.0.0.1', ...rest] = all ? usable : [host];
  return { url: origin(first), others: rest.map(origin), machine, reach: tls ? 'others' : 'proxy' };
}
