import type { NetworkInterfaceInfo } from 'node:os';
import type { Bound, NetworkInterface } from '../../exposure.ts';

/**
 * `ss -Hltune` (ss(8)); `*` is a socket of IPv6 that takes IPv4, too:
 *
 *     tcp LISTEN 0      511          0.0.0.0:80   0.0.0.0:*   ino:197502 sk:1001 cgroup:/system.slice/nginx.service <->
 *     tcp LISTEN 0      511             [::]:80      [::]:*   ino:197503 sk:1003 cgroup:/system.slice/nginx.service v6only:1 <->
 *     udp UNCONN 0      0     0.0.0.0%virbr0:67   0.0.0.0:*   ino:20211 sk:7 cgroup:/system.slice/libvirtd.service <->
 */
export function parseBound(text: string): Bound[] {
  return text.split('\n').flatMap((line) => {
    const [protocol, , , , local = ''] = line.trim().split(/\s+/);
    const found = /^(?:\[([^\]%]*)(?:%[^\]]*)?\]|([^%\s]*?))(?:%([^:]+))?:(\d+)$/.exec(local);
    if (!found || (protocol !== 'tcp' && protocol !== 'udp')) return [];
    const written = found[1] ?? found[2]!;
    const address = written === '*' ? '::' : written;
    return [{ protocol, address, port: Number(found[4]), device: found[3] ?? null, onlyV6: address.includes(':') && (/ v6only:1\b/.test(line) || written === '') }];
  });
}

/** `ip -j addr show up` (ip-address(8)), with an empty row for each that is down: [{},{"ifname":"eth0","addr_info":[{"family":"inet","local":"10.0.0.4","prefixlen":24}]}]; null: it is something else. */
export function parseInterfaces(text: string): NetworkInterface[] | null {
  interface Row { ifname?: string; addr_info?: { family: string; local?: string; prefixlen: number }[] }
  let rows: Row[];
  try {
    rows = JSON.parse(text) as Row[];
  } catch {
    return null;
  }
  return rows.flatMap(({ ifname, addr_info = [] }) =>
    ifname === undefined ? [] : [{ name: ifname, addresses: addr_info.flatMap(({ family, local, prefixlen }) => (local === undefined ? [] : [{ address: local, family: family === 'inet' ? 4 as const : 6 as const, prefix: prefixlen }])) }]);
}

/** An address that has a label of its own is told beside its interface: "eth0:1" (getifaddrs(3)). Of one that is down, nothing is told. */
export function interfacesOf(all: NodeJS.Dict<NetworkInterfaceInfo[]>): NetworkInterface[] {
  const found = new Map<string, NetworkInterface>();
  for (const [label, list = []] of Object.entries(all)) {
    const name = label.split(':')[0]!;
    const addresses = list.map(({ address, family, cidr }) => ({ address, family: family === 'IPv4' ? 4 as const : 6 as const, prefix: Number(cidr?.split('/')[1] ?? (family === 'IPv4' ? 32 : 128)) }));
    found.set(name, { name, addresses: [...(found.get(name)?.addresses ?? []), ...addresses] });
  }
  return [...found.values()];
}
