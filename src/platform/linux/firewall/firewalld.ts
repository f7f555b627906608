import { AppError } from '../../../lib/errors.ts';
import { noFirewall, type FirewallAbilities, type FirewallChange, type FirewallPlan, type FirewallPolicy, type FirewallRule, type FirewallState, type FirewallStep, type Forward, type ForwardSpec } from '../../firewall.ts';
import { createFirewalldBus } from './firewalld-bus.ts';
import { optionOf, parseListAll, zoneOptions, type FirewalldOption, type ZoneSettings } from './firewalld-rules.ts';
import { needTool, planOf, readTool, ruleId } from './plan.ts';
import type { Provider, Surroundings } from './provider.ts';

const ABILITIES: FirewallAbilities = {
  actions: ['allow', 'deny', 'reject', 'limit'], out: false, lists: false, anyPorts: 'none', interfaces: false, destinations: true, comments: false,
  limit: 'all', defaults: ['in'], ordered: false, merges: false,
};
const TARGETS: Record<string, FirewallPolicy> = { ACCEPT: 'allow', DROP: 'deny' };
const policyOf = (target: string): FirewallPolicy => TARGETS[target] ?? 'reject';
const TARGET_OF: Record<FirewallPolicy, string> = { allow: 'ACCEPT', deny: 'DROP', reject: 'default' };

/** Where a rule was found: now, after a reload, or both. */
interface Found extends FirewalldOption {
  zone: string;
  runtime: boolean;
  permanent: boolean;
}
const founds = new WeakMap<FirewallRule, Found>();
interface Native {
  /** Zones in which what counts now is not what is kept. */
  differing: string[];
  targets: Map<string, string>;
}

const key = ({ kind, value }: FirewalldOption) => `${kind}=${value}`;
const textOf = ({ kind, value }: FirewalldOption) => (kind === 'rich-rule' ? value : `${kind} ${value}`);

export function createFirewalld(around: Surroundings): Provider {
  const { exec } = around;
  const bus = createFirewalldBus(exec);

  async function read(): Promise<FirewallState> {
    const zone = await bus.defaultZone();
    return zone === null ? readOffline() : readRunning(zone);
  }

  async function readRunning(main: string): Promise<FirewallState> {
    const [active, services, logging] = await Promise.all([bus.activeZones(), bus.services(), bus.logging()]);
    const names = [main, ...Object.keys(active).filter((name) => name !== main).sort()].slice(0, 20);
    const both = await Promise.all(names.map(async (name) => ({ name, runtime: await bus.runtime(name), permanent: await bus.permanent(name) })));
    return noFirewall({
      provider: 'firewalld', active: true, boot: await atBoot(), policies: { in: policyOf(both[0]!.runtime.target), out: null, forward: null }, logging,
      zones: both.map(({ name, runtime }) => ({ name, interfaces: active[name]?.interfaces ?? [], sources: active[name]?.sources ?? [], policy: policyOf(runtime.target) })),
      rules: both.flatMap(({ name, runtime, permanent }) => rulesOf(name, runtime, permanent)), forwards: both.flatMap(({ name, runtime }) => forwardsOf(name, runtime)),
      services, abilities: ABILITIES,
      native: {
        differing: both.filter(({ runtime, permanent }) => permanent === null || !same(runtime, permanent)).map(({ name }) => name),
        targets: new Map(both.map(({ name, runtime }) => [name, runtime.target])),
      } satisfies Native,
    });
  }

  /** What it would do when it ran. */
  async function readOffline(): Promise<FirewallState> {
    const tool = needTool(exec, 'firewall-offline-cmd');
    const zone = (await readTool(exec, [tool, '--get-default-zone'])).trim();
    const settings = parseListAll(await readTool(exec, [tool, `--zone=${zone}`, '--list-all']));
    return noFirewall({
      provider: 'firewalld', active: false, boot: await atBoot(), policies: { in: policyOf(settings.target), out: null, forward: null },
      zones: [{ name: zone, interfaces: [], sources: [], policy: policyOf(settings.target) }], rules: rulesOf(zone, settings, settings), forwards: forwardsOf(zone, settings),
      services: [], abilities: ABILITIES, native: { differing: [], targets: new Map([[zone, settings.target]]) } satisfies Native,
    });
  }

  async function atBoot(): Promise<boolean> {
    const systemctl = exec.which('systemctl');
    return systemctl ? (await exec.run([systemctl, 'is-enabled', 'firewalld'], { timeout: 5000 })).stdout.trim() === 'enabled' : false;
  }

  /** For now, and for after a reload: firewalld keeps the two apart. */
  function both(state: FirewallState, zone: string, verb: 'add' | 'remove', option: string, where = { runtime: true, permanent: true }): FirewallPlan['steps'] {
    const other = verb === 'add' ? 'remove' : 'add';
    if (!state.active) {
      const tool = needTool(exec, 'firewall-offline-cmd');
      // Without a zone this one means something else (lokkit).
      const named = (does: string) => (does === 'remove' ? option.replace(/^service=/, 'service-from-zone=') : option);
      const run = (does: string): FirewallStep => ({ run: [tool, `--zone=${zone}`, `--${does}-${named(does)}`] });
      return [{ does: run(verb), undo: [run(other)] }];
    }
    const tool = needTool(exec, 'firewall-cmd');
    const run = (does: string, ...flags: string[]): FirewallStep => ({ run: [tool, ...flags, `--zone=${zone}`, `--${does}-${option}`] });
    return [
      ...(where.runtime ? [{ does: run(verb), undo: [run(other)] }] : []),
      ...(where.permanent ? [{ does: run(verb, '--permanent'), undo: [run(other, '--permanent')] }] : []),
    ];
  }

  const zoneOf = (state: FirewallState, zone: string | null) => {
    const found = zone ?? state.zones[0]?.name ?? '';
    if (!state.zones.some(({ name }) => name === found)) throw new AppError('conflict', (t) => t.firewall.noZone({ zone: found }), { field: 'zone' });
    return found;
  };

  function steps(change: FirewallChange, state: FirewallState): FirewallPlan['steps'] {
    const systemctl = () => needTool(exec, 'systemctl');
    const add = (spec: Extract<FirewallChange, { verb: 'add' }>['rule']) => both(state, zoneOf(state, spec.zone), 'add', key(optionOf(spec)));
    const remove = (rule: FirewallRule) => both(state, founds.get(rule)!.zone, 'remove', key(founds.get(rule)!), founds.get(rule));
    switch (change.verb) {
      case 'add': return add(change.rule);
      case 'remove': return remove(change.rule);
      case 'change': return key(optionOf(change.to)) === key(founds.get(change.rule)!) && change.to.zone === founds.get(change.rule)!.zone ? [] : [...add(change.to), ...remove(change.rule)];
      case 'enable': return [...change.allow.flatMap(add), { does: { run: [systemctl(), 'enable', '--now', 'firewalld'] }, undo: [{ run: [systemctl(), 'disable', '--now', 'firewalld'] }] }];
      case 'disable': return [{ does: { run: [systemctl(), 'disable', '--now', 'firewalld'] }, undo: [{ run: [systemctl(), 'enable', '--now', 'firewalld'] }] }];
      case 'policy': return policy(state, zoneOf(state, change.zone), TARGET_OF[change.policy]);
      case 'forward': return both(state, zoneOf(state, null), 'add', forwardOption(change.forward));
      case 'unforward': return both(state, zoneOf(state, change.forward.zone), 'remove', forwardOption(change.forward));
    }
  }

  /** A target counts after a reload, which forgets what was not kept. */
  function policy(state: FirewallState, zone: string, target: string): FirewallPlan['steps'] {
    const { differing: loose, targets } = state.native as Native;
    if (loose.length) throw new AppError('conflict', (t) => t.firewall.reloadForgets({ zones: loose.join(', ') }));
    const set = (of: string): FirewallStep => ({ run: state.active ? [needTool(exec, 'firewall-cmd'), '--permanent', `--zone=${zone}`, `--set-target=${of}`] : [needTool(exec, 'firewall-offline-cmd'), `--zone=${zone}`, `--set-target=${of}`] });
    const before = targets.get(zone) ?? 'default';
    const reload: FirewallStep[] = state.active ? [{ run: [needTool(exec, 'firewall-cmd'), '--reload'] }] : [];
    return [{ does: set(target), undo: [set(before), ...reload] }, ...reload.map((does) => ({ does, undo: [] }))];
  }

  return { name: 'firewalld', tools: ['firewall-cmd'], read, isActive: async () => (await bus.defaultZone()) !== null, plan: async (change, state) => planOf(steps(change, state)) };
}

function rulesOf(zone: string, runtime: ZoneSettings, permanent: ZoneSettings | null): FirewallRule[] {
  const now = zoneOptions(zone, runtime);
  const kept = permanent ? zoneOptions(zone, permanent) : [];
  const [nowKeys, keptKeys] = [new Set(now.map(key)), new Set(kept.map(key))];
  return [...now, ...kept.filter((one) => !nowKeys.has(key(one)))].map((one) => {
    const where = { runtime: nowKeys.has(key(one)), permanent: keptKeys.has(key(one)) };
    const extra = !where.permanent ? 'runtime' : !where.runtime ? 'permanent' : null;
    const rule: FirewallRule = { id: ruleId('firewalld', `${zone}\0${key(one)}`), text: textOf(one), spec: one.spec, extra, comment: '', forwarded: false };
    founds.set(rule, { ...one, zone, ...where });
    return rule;
  });
}

const forwardOption = ({ protocol, port, toPort, toAddress }: ForwardSpec) => `forward-port=port=${port}:proto=${protocol}:toport=${toPort}:toaddr=${toAddress ?? ''}`;

function forwardsOf(zone: string, { forwards }: ZoneSettings): Forward[] {
  return forwards.flatMap(([port, protocol, toPort, toAddress]) => {
    if ((protocol !== 'tcp' && protocol !== 'udp') || !/^\d+$/.test(port) || !/^\d*$/.test(toPort)) return [];
    const spec = { protocol, port: Number(port), toPort: Number(toPort || port), toAddress: toAddress || null } as const;
    const text = forwardOption(spec);
    return [{ ...spec, text, id: ruleId('firewalld', `${zone}\0${text}`), native: true, zone }];
  });
}

const same = (a: ZoneSettings, b: ZoneSettings) => {
  const plain = (of: ZoneSettings) => JSON.stringify(Object.entries(of).map(([name, value]) => [name, Array.isArray(value) ? value.map(String).sort() : value]));
  return plain(a) === plain(b);
};
