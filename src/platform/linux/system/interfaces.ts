import { listAddresses } from '../../addresses.ts';
import type { Exec } from '../../exec.ts';
import type { InterfacesDriver, NetworkInterface, Route } from '../../interfaces.ts';
import { runStep } from '../steps.ts';

type Json = Record<string, unknown>;
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
const figure = (value: unknown) => (typeof value === 'number' ? value : null);
const list = (json: string): Json[] => {
  try {
    const found: unknown = JSON.parse(json);
    return Array.isArray(found) ? found.filter((one): one is Json => typeof one === 'object' && one !== null) : [];
  } catch {
    // iproute2 before 4.13 knows no -j, and BusyBox has none.
    return [];
  }
};

/** `ip -j -d address`: `[{"ifname":"eth0","operstate":"UP","mtu":1500,"link_type":"ether","addr_info":[{"family":"inet","local":"10.0.0.4","prefixlen":24,"scope":"global","dynamic":true}]}]` */
export const parseInterfaces = (json: string): NetworkInterface[] =>
  list(json).map((one) => ({
    name: String(one.ifname ?? ''), state: text(one.operstate) ?? 'UNKNOWN', mac: one.link_type === 'loopback' ? null : text(one.address), mtu: figure(one.mtu),
    kind: text((one.linkinfo as Json | undefined)?.info_kind) ?? text(one.link_type) ?? '',
    addresses: (Array.isArray(one.addr_info) ? (one.addr_info as Json[]) : []).filter(({ local }) => text(local)).map((each) => ({ family: each.family === 'inet6' ? 6 : 4, address: String(each.local), prefix: figure(each.prefixlen) ?? 0, scope: text(each.scope) ?? '', dynamic: each.dynamic === true })),
  }));

/** `ip -j route`: `[{"dst":"default","gateway":"172.17.0.1","dev":"eth0","metric":100,"protocol":"dhcp","flags":[]}]` */
export const parseRoutes = (json: string, family: 4 | 6): Route[] =>
  list(json).map((one) => ({ family, to: String(one.dst ?? ''), via: text(one.gateway) ?? text((one.via as Json | undefined)?.host), dev: text(one.dev), source: text(one.prefsrc), metric: figure(one.metric), protocol: text(one.protocol) }));

export function createLinuxInterfaces(exec: Exec): InterfacesDriver {
  const ip = (...words: string[]) => runStep(exec, { argv: ['ip', ...words], mayFail: true }, { timeout: 10_000, cap: 8 << 20 });
  return {
    async read() {
      const [addresses, four, six] = await Promise.all([ip('-j', '-d', 'address'), ip('-j', 'route'), ip('-6', '-j', 'route')]);
      const interfaces = parseInterfaces(addresses);
      if (interfaces.length) return { interfaces, routes: [...parseRoutes(four, 4), ...parseRoutes(six, 6)] };
      return { interfaces: fromNode(), routes: null };
    },
  };
}

/** Without ip(8): what node:os tells, without those that have no address. */
export function fromNode(): NetworkInterface[] {
  const found = new Map<string, NetworkInterface>();
  for (const { interface: name, address } of listAddresses()) {
    const one = found.get(name) ?? { name, state: 'UP', mac: null, mtu: null, kind: '', addresses: [] };
    one.addresses.push({ family: address.includes(':') ? 6 : 4, address, prefix: 0, scope: 'global', dynamic: false });
    found.set(name, one);
  }
  return [...found.values()];
}
