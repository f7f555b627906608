import { z } from 'zod';
import type { InterfacesDriver, NetworkInterface, Route } from '../../interfaces.ts';
import { NOT_HERE } from '../../portable/not-here.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { orElse } from './rights.ts';

/**
 * `network.ps1 interfaces`:
 *
 *     {"interfaces":[{"index":12,"id":"{4D36…}","name":"以太网","status":1,"kind":6,"mac":"525400123456","mtu":1500,
 *        "addresses":[{"family":23,"address":"fe80::1%12","prefix":64,"origin":2}],"servers":["1.1.1.1"]}],
 *      "metrics":[{"index":12,"family":2,"metric":25}],
 *      "routes":[{"family":2,"to":"0.0.0.0/0","via":"10.0.0.1","index":12,"metric":0,"protocol":3}]}
 */
export const NetworkAnswer = z.object({
  interfaces: z.array(z.object({
    index: z.number().int(), id: z.string(), name: z.string(), status: z.number().int(), kind: z.number().int(), mac: z.string(), mtu: z.number().int(),
    addresses: z.array(z.object({ family: z.number().int(), address: z.string(), prefix: z.number().int(), origin: z.number().int() })), servers: z.array(z.string()),
  })),
  metrics: z.array(z.object({ index: z.number().int(), family: z.number().int(), metric: z.number().int() })),
  routes: z.array(z.object({ family: z.number().int(), to: z.string(), via: z.string(), index: z.number().int(), metric: z.number().int(), protocol: z.number().int() })),
});
export type Network = z.output<typeof NetworkAnswer>;

export const askNetwork = (shell: PowerShell) => shell.call('network.ps1', 'interfaces', {}, NetworkAnswer);

/** OperationalStatus: 1 up, 2 down, 4 unknown; the others wait for something or lack it. */
const UP = 1;
export const isUp = (status: number) => status === UP;
/** ipifcons.h */
const LOOPBACK = 24;
const KINDS: Record<number, string> = { 6: 'ether', 23: 'ppp', [LOOPBACK]: 'loopback', 53: 'virtual', 71: 'wifi', 131: 'tunnel', 243: 'wwan', 244: 'wwan' };
/** PrefixOrigin */
const DYNAMIC = [3, 4];
const IPV6 = 23;

const familyOf = (family: number): 4 | 6 => (family === IPV6 ? 6 : 4);
/** `fe80::1%12`: the number of the interface is none of the address. */
const withoutZone = (address: string) => address.replace(/%.*$/, '');
const scopeOf = (address: string) => (/^(fe[89ab]|169\.254\.)/i.test(address) ? 'link' : /^(127\.|::1$)/.test(address) ? 'host' : 'global');

export const interfacesOf = ({ interfaces }: Network): NetworkInterface[] => interfaces.map(({ name, status, kind, mac, mtu, addresses }) => ({
  name, state: status === UP ? 'UP' : status === 4 ? 'UNKNOWN' : 'DOWN', mac: mac && kind !== LOOPBACK && !/^0+$/.test(mac) ? mac.toLowerCase().replace(/..(?=.)/g, '$&:') : null,
  // The loopback of IPv4 has none, which comes as the largest number or as -1.
  mtu: mtu > 0 && mtu < 2 ** 31 - 1 ? mtu : null, kind: KINDS[kind] ?? '',
  addresses: addresses.map(({ family, address, prefix, origin }) => ({ family: familyOf(family), address: withoutZone(address), prefix, scope: scopeOf(address), dynamic: DYNAMIC.includes(origin) })),
}));

/** NL_ROUTE_PROTOCOL of nldef.h, as ip(8) calls the same. */
const PROTOCOLS: Record<number, string> = { 2: 'kernel', 3: 'static', 4: 'redirect', 8: 'rip', 13: 'ospf', 14: 'bgp', 19: 'dhcp' };

/** Without those of loopback, of groups, and to a single address on the link itself: its own ones and those that reach all. */
export function routesOf({ interfaces, metrics, routes }: Network): Route[] {
  const names = new Map(interfaces.map(({ index, name }) => [index, name]));
  const loopback = interfaces.filter(({ kind }) => kind === LOOPBACK).map(({ index }) => index);
  const onLink = (via: string) => via === '0.0.0.0' || via === '::';
  const single = (to: string) => to.endsWith(to.includes(':') ? '/128' : '/32');
  return routes
    .filter(({ to, via, index }) => !loopback.includes(index) && !/^(224\.0\.0\.0\/4|ff00::\/8)$/i.test(to) && !(onLink(via) && single(to)))
    .map(({ family, to, via, index, metric, protocol }) => ({
      family: familyOf(family), to: to === '0.0.0.0/0' || to === '::/0' ? 'default' : to, via: onLink(via) ? null : withoutZone(via), dev: names.get(index) ?? String(index), source: null,
      // What counts is the sum, which `route print` shows as well.
      metric: metric + (metrics.find((one) => one.index === index && one.family === family)?.metric ?? 0), protocol: PROTOCOLS[protocol] ?? null,
    }))
    .sort((a, b) => a.family - b.family || Number(b.to === 'default') - Number(a.to === 'default') || a.metric - b.metric);
}

export const createWindowsInterfaces = (shell: PowerShell): InterfacesDriver => ({
  read: () => orElse<Awaited<ReturnType<InterfacesDriver['read']>>>(shell, async () => {
    const found = await askNetwork(shell);
    return { interfaces: interfacesOf(found), routes: routesOf(found) };
  }, NOT_HERE.interfaces.read),
});
