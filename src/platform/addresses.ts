import { networkInterfaces } from 'node:os';
import type { SystemFacts } from './system.ts';

/** Bridges and cables of containers: addresses that only this machine can use. */
const INTERNAL = /^(docker\d|br-[0-9a-f]{12}|veth|virbr|cni|flannel|cali|lxc|lxd)/;

/** Addresses that other machines may use, IPv4 first; no loopback, no link-local (169.254/16, fe80::/10). */
export function listAddresses(interfaces = networkInterfaces()): SystemFacts['addresses'] {
  const all = Object.entries(interfaces).flatMap(([name, list]) =>
    (list ?? [])
      .filter(({ internal, address }) => !internal && !/^(169\.254\.|fe[89ab])/i.test(address) && !INTERNAL.test(name))
      .map(({ address, family }) => ({ interface: name, address, four: family === 'IPv4' })));
  return [...all.filter((a) => a.four), ...all.filter((a) => !a.four)].map(({ interface: name, address }) => ({ interface: name, address }));
}
