import { hostname, networkInterfaces } from 'node:os';
import { isIP } from 'node:net';
import type { Exec } from '../../platform/exec.ts';
import { plainName } from './certificate.ts';

/** Bridges of containers and virtual machines: nobody opens the panel there, and they come and go. */
const INNER = /^(docker|br-|veth|virbr|vnet|cni|flannel|cali|lxc|podman|tap)/;

interface Address {
  interface: string;
  address: string;
}

/** Addresses under which other machines may reach this one, IPv4 first; no loopback, no link-local, no bridges. */
export function outerAddresses(interfaces = networkInterfaces()): Address[] {
  const all = Object.entries(interfaces).flatMap(([name, list]) => (list ?? []).map((entry) => ({ name, entry })));
  return all
    .filter(({ name, entry }) => !entry.internal && !INNER.test(name) && !/^(fe80|169\.254\.)/i.test(entry.address))
    .map(({ name, entry }) => ({ interface: name, address: entry.address.replace(/%.*$/, '') }))
    .sort((a, b) => isIP(a.address) - isIP(b.address));
}

/** Names that a certificate without must be made anew. IPv6 is left out: privacy addresses (RFC 8981) change daily. */
export function neededNames(host: string): string[] {
  const v4 = outerAddresses().map(({ address }) => address).filter((address) => isIP(address) === 4);
  return unique([hostname(), 'localhost', '127.0.0.1', '::1', ...listenNames(host), ...v4]);
}

/** Everything that a new certificate is made for. Asks `hostname -f` for the full name, which may ask DNS. */
export async function certificateNames(exec: Exec, host: string): Promise<string[]> {
  const addresses = outerAddresses().map(({ address }) => address);
  return unique([...neededNames(host), ...(await fullName(exec)), ...addresses]);
}

const listenNames = (host: string) => (['0.0.0.0', '::', ''].includes(host) ? [] : [host]);

async function fullName(exec: Exec): Promise<string[]> {
  const tool = process.platform === 'win32' ? undefined : exec.which('hostname');
  if (!tool) return [];
  const { code, stdout } = await exec.run([tool, '-f'], { timeout: 1500, cap: 4096 });
  const name = stdout.trim();
  return code === 0 && /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(name) ? [name] : [];
}

const unique = (names: readonly string[]) => [...new Set(names.filter((name) => /^[\x21-\x7e]+$/.test(name)).map(plainName))];
