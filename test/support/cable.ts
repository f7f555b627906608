/** A machine outside of a host: a network namespace inside it with a cable of its own, so that packets really come in by a card. */
import type { SystemdHost } from './systemd-host.ts';

/** RFC 2544 and documentation: nobody has these. */
export const HOST4 = '198.18.5.1';
export const OUT4 = '198.18.5.2';
export const OUT4B = '198.18.5.3';
export const HOST6 = '2001:db8:5::1';
export const OUT6 = '2001:db8:5::2';

export interface Outside {
  /** Runs a program out there. */
  run(...argv: string[]): ReturnType<SystemdHost['run']>;
  /** Does a connection to this port of the host come about, from this address? */
  reaches(from: string, to: string, port: number): Promise<boolean>;
}

export async function outside(host: SystemdHost): Promise<Outside> {
  const sh = async (text: string) => {
    const ran = await host.run('sh', '-ec', text);
    if (ran.code !== 0) throw new Error(`${text}: ${ran.err}${ran.out}`);
    return ran.out;
  };
  await sh(`mount -o remount,rw /proc/sys || true
ip netns add out
ip link add cable0 type veth peer name cable1 netns out
echo 0 > /proc/sys/net/ipv6/conf/cable0/disable_ipv6 || true
ip addr add ${HOST4}/24 dev cable0
ip -6 addr add ${HOST6}/64 dev cable0 nodad || true
ip link set cable0 up
ip -n out link set lo up
ip netns exec out sh -c 'echo 0 > /proc/sys/net/ipv6/conf/cable1/disable_ipv6' || true
ip -n out addr add ${OUT4}/24 dev cable1
ip -n out addr add ${OUT4B}/24 dev cable1
ip -n out -6 addr add ${OUT6}/64 dev cable1 nodad || true
ip -n out link set cable1 up
ip -n out route add default via ${HOST4}`);
  const run = (...argv: string[]) => host.run('ip', 'netns', 'exec', 'out', ...argv);
  return { run, reaches: async (from, to, port) => (await run('nc', '-z', '-w', '2', '-s', from, to, String(port))).code === 0 };
}
