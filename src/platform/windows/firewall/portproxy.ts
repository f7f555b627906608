import { isIPv4, isIPv6 } from 'node:net';
import { AppError } from '../../../lib/errors.ts';
import type { FirewallPlan, FirewallStep, Forward, ForwardSpec } from '../../firewall.ts';
import { ruleId } from '../../linux/firewall/plan.ts';

/** Where netsh keeps them: a key for each pair of versions of IP, with a key `tcp` of values such as `0.0.0.0/8080` = `10.0.0.5/80`. */
export const PORT_PROXY = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy';
export const TABLES = ['v4tov4', 'v4tov6', 'v6tov4', 'v6tov6'] as const;
export type Table = (typeof TABLES)[number];

/** What netsh wants to be told of one that is there. */
export interface Proxy {
  table: Table;
  listenAddress: string;
  listenPort: number;
  connectAddress: string;
  connectPort: number;
}

/** null: written by somebody else than netsh. */
export function proxyOf(table: Table, name: string, value: string): Proxy | null {
  const [listen, connect] = [/^([^/]{1,255})\/(\d{1,5})$/.exec(name), /^([^/]{1,255})\/(\d{1,5})$/.exec(value)];
  return listen && connect ? { table, listenAddress: listen[1]!, listenPort: Number(listen[2]), connectAddress: connect[1]!, connectPort: Number(connect[2]) } : null;
}

const HERE = new Set(['127.0.0.1', '::1', 'localhost']);

export function forwardOf({ table, listenAddress, listenPort, connectAddress, connectPort }: Proxy): Forward {
  const text = `portproxy ${table} ${listenAddress}/${listenPort} ${connectAddress}/${connectPort}`;
  return { id: ruleId('forward', text), text, protocol: 'tcp', port: listenPort, toAddress: HERE.has(connectAddress) ? null : connectAddress, toPort: connectPort, native: true, zone: null };
}

const add = (netsh: string, { table, listenAddress, listenPort, connectAddress, connectPort }: Proxy): FirewallStep & { run: [string, ...string[]] } => ({
  run: [netsh, 'interface', 'portproxy', 'add', table, `listenport=${listenPort}`, `listenaddress=${listenAddress}`, `connectport=${connectPort}`, `connectaddress=${connectAddress}`],
});
const remove = (netsh: string, { table, listenAddress, listenPort }: Proxy): FirewallStep & { run: [string, ...string[]] } => ({
  run: [netsh, 'interface', 'portproxy', 'delete', table, `listenport=${listenPort}`, `listenaddress=${listenAddress}`],
});

/** @throws AppError unsupported: it takes connections of TCP and makes new ones of them */
export function addSteps(netsh: string, { protocol, port, toAddress, toPort }: ForwardSpec): FirewallPlan['steps'] {
  if (protocol !== 'tcp') throw new AppError('unsupported', (t) => t.firewall.windows.forwardUdp);
  const connectAddress = toAddress ?? '127.0.0.1';
  if (!isIPv4(connectAddress) && !isIPv6(connectAddress)) throw new AppError('invalid', (t) => t.firewall.badMachine);
  const proxy: Proxy = { table: isIPv4(connectAddress) ? 'v4tov4' : 'v4tov6', listenAddress: '*', listenPort: port, connectAddress, connectPort: toPort };
  return [{ does: add(netsh, proxy), undo: [remove(netsh, proxy)] }];
}

export const removeSteps = (netsh: string, proxy: Proxy): FirewallPlan['steps'] => [{ does: remove(netsh, proxy), undo: [add(netsh, proxy)] }];
