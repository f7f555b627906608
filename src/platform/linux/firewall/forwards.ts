import { AppError } from '../../../lib/errors.ts';
import { hostPort } from '../../../lib/host-port.ts';
import type { FirewallChange, FirewallPlan, FirewallState, FirewallStep, Forward, ForwardSpec } from '../../firewall.ts';
import { FORWARD_FILE, tablePlan, type OwnTable } from './own-table.ts';
import { commandOf, fileUndo, needTool, readTool, ruleId } from './plan.ts';
import type { Surroundings } from './provider.ts';

const TABLE: OwnTable = { name: 'inet mantou_forward', file: FORWARD_FILE };
const SYSCTL_FILE = '/etc/sysctl.d/60-mantou-forward.conf';

/**
 * Two lines of the table for one to another machine, one for one that stays here:
 *
 *     fib daddr type local tcp dport 80 redirect to :8080
 *     fib daddr type local meta nfproto ipv4 tcp dport 81 dnat ip to 10.0.0.5:8080
 *     ct status dnat ip daddr 10.0.0.5 tcp dport 8080 masquerade
 */
function bodyOf(forwards: readonly ForwardSpec[]): string {
  const six = (address: string) => address.includes(':');
  const before = forwards.map(({ protocol, port, toAddress, toPort }) =>
    toAddress === null
      ? `\t\tfib daddr type local ${protocol} dport ${port} redirect to :${toPort}`
      : `\t\tfib daddr type local meta nfproto ${six(toAddress) ? 'ipv6' : 'ipv4'} ${protocol} dport ${port} dnat ${six(toAddress) ? 'ip6' : 'ip'} to ${hostPort({ address: toAddress, port: toPort })}`,
  );
  // The answer comes back this way: the other machine sees this one as the sender.
  const after = forwards.flatMap(({ protocol, toAddress, toPort }) => (toAddress === null ? [] : [`\t\tct status dnat ${six(toAddress) ? 'ip6' : 'ip'} daddr ${toAddress} ${protocol} dport ${toPort} masquerade`]));
  return [
    `table ${TABLE.name} {`, '\tchain prerouting {', '\t\ttype nat hook prerouting priority dstnat; policy accept;', ...before, '\t}', '',
    '\tchain postrouting {', '\t\ttype nat hook postrouting priority srcnat; policy accept;', ...new Set(after), '\t}', '}', '',
  ].join('\n');
}

/** Lines of ours in the listing of nft, whichever way it writes them. */
export function parseForwards(listing: string): ForwardSpec[] {
  return listing.split('\n').flatMap((line): ForwardSpec[] => {
    const found = /\b(tcp|udp) dport (\d+) (?:redirect to :(\d+)|dnat (?:ip6? )?to (\[[\da-f:.]+\]|[\d.]+):(\d+))/.exec(line);
    if (!found) return [];
    const [, protocol, port, here, address, there] = found;
    return [{ protocol: protocol as 'tcp' | 'udp', port: Number(port), toAddress: address?.replace(/[[\]]/g, '') ?? null, toPort: Number(here ?? there) }];
  });
}

/** Forwards in a table of ours, for the firewalls that have none of their own: ufw and nftables. */
export function createForwards(around: Surroundings) {
  const { exec } = around;
  const listing = async () => {
    const nft = exec.which('nft');
    if (!nft) return null;
    const tables = await readTool(exec, [nft, 'list', 'tables']);
    return tables.split('\n').includes(`table ${TABLE.name}`) ? readTool(exec, [nft, 'list', 'table', ...TABLE.name.split(' ')]) : null;
  };

  async function read(): Promise<Forward[]> {
    return parseForwards((await listing()) ?? '').map((one) => {
      const text = `${one.protocol} dport ${one.port} → ${one.toAddress === null ? `:${one.toPort}` : hostPort({ address: one.toAddress, port: one.toPort })}`;
      return { ...one, text, id: ruleId('forward', text), native: false, zone: null };
    });
  }

  /** ufw is asked after the packet has its new destination; the comment tells later that the rule is of this forward. */
  function letIn({ protocol, port, toAddress, toPort }: ForwardSpec, state: FirewallState, adds: boolean): FirewallPlan['steps'] {
    const comment = `forward ${protocol} ${port}`;
    if (state.provider !== 'ufw' || (!adds && !state.rules.some((rule) => rule.comment === comment))) return [];
    const ufw = needTool(exec, 'ufw');
    const rule = ['allow', ...(toAddress === null ? ['in'] : []), 'proto', protocol, 'from', 'any', 'to', toAddress ?? 'any', 'port', String(toPort)];
    const route = toAddress === null ? [] : ['route'];
    const add: FirewallStep = { run: [ufw, ...route, ...rule, 'comment', comment] };
    const remove: FirewallStep = { run: [ufw, ...route, 'delete', ...rule] };
    const there = state.rules.some(({ spec }) => toAddress === null && spec?.action === 'allow' && spec.direction === 'in' && !spec.source && spec.protocol === protocol && spec.ports.some(({ from, to }) => from <= toPort && toPort <= to));
    if (adds) return there ? [] : [{ does: add, undo: [remove] }];
    return [{ does: remove, undo: [add] }];
  }

  async function routing({ toAddress }: ForwardSpec): Promise<FirewallPlan['steps']> {
    if (toAddress === null) return [];
    const six = toAddress.includes(':');
    const name = six ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
    if (around.read(`/proc/sys/${name.replaceAll('.', '/')}`)?.trim() === '1') return [];
    // With it the kernel takes no router advertisements any more, and the machine may lose its own address.
    if (six) throw new AppError('conflict', (t) => t.firewall.noForwarding6);
    const path = around.path(SYSCTL_FILE);
    return [
      { does: { file: path, content: `# Written by Mantou for port forwards.\n${name} = 1\n` }, undo: [fileUndo(path)] },
      { does: { run: [needTool(exec, 'sysctl'), '-w', `${name}=1`] }, undo: [{ run: [needTool(exec, 'sysctl'), '-w', `${name}=0`] }] },
    ];
  }

  /** Docker sets the policy of iptables’ FORWARD to DROP; where no ufw lets it through, nobody does. */
  async function dropped({ toAddress }: ForwardSpec, state: FirewallState): Promise<boolean> {
    const iptables = exec.which(toAddress?.includes(':') ? 'ip6tables' : 'iptables');
    if (toAddress === null || state.provider === 'ufw' || !iptables) return false;
    return /^-P FORWARD DROP$/m.test(await readTool(exec, [iptables, '-S', 'FORWARD']));
  }

  return {
    read,
    async plan(change: Extract<FirewallChange, { verb: 'forward' | 'unforward' }>, state: FirewallState): Promise<FirewallPlan> {
      if (!exec.which('nft')) throw new AppError('unsupported', (t) => t.firewall.forwardsNeedNft);
      const before = await listing();
      const now = parseForwards(before ?? '');
      const same = (a: ForwardSpec, b: ForwardSpec) => a.protocol === b.protocol && a.port === b.port;
      const adds = change.verb === 'forward';
      const rest = now.filter((one) => !same(one, change.forward));
      if (adds && rest.length < now.length) throw new AppError('conflict', (t) => t.firewall.forwardThere({ port: String(change.forward.port) }), { field: 'port' });
      if (adds && (await dropped(change.forward, state))) throw new AppError('conflict', (t) => t.firewall.forwardDropped);
      const wanted = adds ? [...now, change.forward] : rest;
      const bodies = [bodyOf(now), bodyOf(wanted)].map((body) => body.split('\n'));
      const changes = [...bodies[0]!.filter((line) => !bodies[1]!.includes(line)).map((line) => `-${line}`), ...bodies[1]!.filter((line) => !bodies[0]!.includes(line)).map((line) => `+${line}`)];
      const table = tablePlan(around, TABLE, before, wanted.length ? bodyOf(wanted) : null, changes);
      const more = [...(adds ? await routing(change.forward) : []), ...letIn(change.forward, state, adds)];
      const steps = [...table.steps, ...more];
      return { steps, commands: [...table.commands, ...more.map(({ does }) => commandOf(does))], revert: steps.toReversed().flatMap(({ undo }) => undo) };
    },
  };
}
