import { AppError } from '../../../lib/errors.ts';
import type { FirewallChange, FirewallPlan, FirewallPolicy, FirewallRule, FirewallState, FirewallStep, RuleSpec } from '../../firewall.ts';
import { ruleId } from '../../linux/firewall/plan.ts';
import { addSteps, removeSteps, type Proxy } from './portproxy.ts';
import { GROUP, plainName, type StoredRule } from './rules.ts';
import { powerShellWord } from './words.ts';

type Verb = 'add' | 'change' | 'remove' | 'profiles';

/** What a person would type, and how the panel has it done: by the PowerShell that is there already. */
export type WindowsStep = FirewallStep & { call?: { verb: Verb; given: object } };

/** What `FirewallState.native` holds. */
export interface Native {
  /** Where the whole policy is written to before a change. */
  export: string;
  running: boolean;
  /** What Group Policy decides. */
  byPolicy: { enabled: boolean; in: boolean; out: boolean; /** Only its own rules count. */ rules: boolean };
  /** By the ids of rules and forwards. */
  rules: ReadonlyMap<string, StoredRule>;
  proxies: ReadonlyMap<string, Proxy>;
}

function commandOf(name: string, values: Record<string, string | readonly string[] | true>): [string, ...string[]] {
  const words = Object.entries(values).flatMap(([key, value]) => (value === true ? [`-${key}`] : [`-${key}`, (typeof value === 'string' ? [value] : value).map(powerShellWord).join(',')]));
  return [name, ...words];
}

const call = (verb: Verb, given: object, run: [string, ...string[]]): WindowsStep => ({ run, call: { verb, given } });

const ANY = ['Any'];
const some = (list: readonly string[]) => (list.length ? list : ANY);

function valuesOf(name: string, spec: RuleSpec) {
  const ports = spec.ports.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`));
  const list = (address: string | null) => (address === null ? [] : [address]);
  const incoming = spec.direction === 'in';
  return {
    name, displayName: spec.comment || plainName(spec), direction: incoming ? 'Inbound' : 'Outbound', action: spec.action === 'allow' ? 'Allow' : 'Block',
    protocol: spec.protocol === 'any' ? 'Any' : spec.protocol.toUpperCase(), localPort: some(incoming ? ports : []), remotePort: some(incoming ? [] : ports),
    localAddress: some(list(incoming ? spec.destination : spec.source)), remoteAddress: some(list(incoming ? spec.source : spec.destination)),
  };
}

function ruleStep(verb: 'add' | 'change', name: string, spec: RuleSpec): WindowsStep {
  const values = valuesOf(name, spec);
  const { displayName, direction, action, protocol, localPort, remotePort, localAddress, remoteAddress } = values;
  const shown = { Direction: direction, Action: action, Protocol: protocol, LocalPort: localPort, RemotePort: remotePort, LocalAddress: localAddress, RemoteAddress: remoteAddress };
  // A new rule is about any of what is not said; one that is there stays as it is.
  const short = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== ANY));
  if (verb === 'change') return call(verb, values, commandOf('Set-NetFirewallRule', { Name: name, NewDisplayName: displayName, ...shown }));
  return call(verb, { ...values, group: GROUP }, commandOf('New-NetFirewallRule', { Name: name, DisplayName: displayName, Group: GROUP, ...short }));
}

/** @throws AppError conflict with the field that does not fit */
function check(spec: RuleSpec) {
  const refuse = (field: string, say: ConstructorParameters<typeof AppError>[1]) => new AppError('conflict', say, { field });
  if (spec.family !== 'both' && !spec.source && !spec.destination) throw refuse('family', (t) => t.firewall.windows.family);
  if (spec.interface) throw refuse('interface', (t) => t.firewall.windows.interface);
  if (/\||^@|^all$/i.test(spec.comment)) throw refuse('comment', (t) => t.firewall.windows.note);
}

/** The same for the same rule, so that what is shown is what runs; but none that is there already. */
function freeName(spec: RuleSpec, taken: ReadonlySet<string>): string {
  for (let nth = 0; ; nth++) {
    const name = `${GROUP}-${ruleId('netsecurity', plainName(spec), nth)}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

/** @throws AppError unsupported where Group Policy decides, or its name would be read as a pattern */
function storedName({ id }: FirewallRule, { rules }: Native): string {
  const rule = rules.get(id);
  if (!rule) throw new AppError('not_found', (t) => t.firewall.gone);
  if (rule.store === 'policy') throw new AppError('unsupported', (t) => t.firewall.windows.byPolicy);
  if (/[*?[\]`]/.test(rule.name)) throw new AppError('unsupported', (t) => t.firewall.windows.pattern);
  return rule.name;
}

const removeStep = (name: string) => call('remove', { name }, commandOf('Remove-NetFirewallRule', { Name: name }));

function profiles(given: { enabled?: 'True' | 'False'; inbound?: string; outbound?: string }): WindowsStep {
  const { enabled = null, inbound = null, outbound = null } = given;
  return call('profiles', { enabled, inbound, outbound }, commandOf('Set-NetFirewallProfile', {
    All: true, ...(enabled && { Enabled: enabled }), ...(inbound && { DefaultInboundAction: inbound }), ...(outbound && { DefaultOutboundAction: outbound }),
  }));
}

const WORD: Record<FirewallPolicy, string> = { allow: 'Allow', deny: 'Block', reject: 'Block' };

/**
 * The whole policy is exported before anything is changed: that is how Windows itself goes back, and a process that outlives the
 * panel can. A step that failed half-way takes back rules that it made by their names.
 * @throws AppError unsupported, conflict, not_found
 */
export function planChange(netsh: string, change: FirewallChange, state: FirewallState): FirewallPlan {
  const native = state.native as Native;
  if (change.verb === 'forward') return forwarding(addSteps(netsh, change.forward));
  if (change.verb === 'unforward') {
    const proxy = native.proxies.get(change.forward.id);
    if (!proxy) throw new AppError('not_found', (t) => t.firewall.gone);
    return forwarding(removeSteps(netsh, proxy));
  }
  if (!native.running) throw new AppError('conflict', (t) => t.firewall.windows.service);
  const back: FirewallStep = { run: [netsh, 'advfirewall', 'import', native.export] };
  const steps = ruleSteps(change, native, back);
  const all = [{ does: { run: [netsh, 'advfirewall', 'export', native.export] } satisfies FirewallStep, undo: [] }, ...steps];
  return { commands: all.map(({ does }) => lineOf(does)), steps: all, revert: [back] };
}

function ruleSteps(change: FirewallChange, native: Native, back: FirewallStep): FirewallPlan['steps'] {
  const taken = new Set([...native.rules.values()].map(({ name }) => name.toLowerCase()));
  const add = (spec: RuleSpec) => {
    check(spec);
    const name = freeName(spec, taken);
    taken.add(name.toLowerCase());
    return { does: ruleStep('add', name, spec), undo: [removeStep(name)] };
  };
  const byPolicy = () => new AppError('unsupported', (t) => t.firewall.windows.byPolicy);
  switch (change.verb) {
    case 'add': {
      if (native.byPolicy.rules) throw byPolicy();
      return [add(change.rule)];
    }
    case 'remove': return [{ does: removeStep(storedName(change.rule, native)), undo: [back] }];
    case 'change': {
      check(change.to);
      return [{ does: ruleStep('change', storedName(change.rule, native), change.to), undo: [back] }];
    }
    case 'enable': case 'disable': {
      if (native.byPolicy.enabled) throw byPolicy();
      const on = change.verb === 'enable';
      return [...(on ? change.allow.map(add) : []), { does: profiles({ enabled: on ? 'True' : 'False' }), undo: [back] }];
    }
    case 'policy': {
      const { direction, policy } = change;
      if (direction === 'forward') throw new AppError('unsupported', (t) => t.firewall.cannot);
      if (native.byPolicy[direction]) throw byPolicy();
      return [{ does: profiles(direction === 'in' ? { inbound: WORD[policy] } : { outbound: WORD[policy] }), undo: [back] }];
    }
    default: throw new AppError('unsupported', (t) => t.firewall.cannot);
  }
}

const forwarding = (steps: FirewallPlan['steps']): FirewallPlan => ({ commands: steps.map(({ does }) => lineOf(does)), steps, revert: steps.flatMap(({ undo }) => undo) });

/** For people, who type netsh without where it lies; words of PowerShell are quoted where they were made. */
function lineOf(step: WindowsStep): string {
  if (!('run' in step)) return step.file;
  const [program, ...words] = step.run;
  return step.call ? step.run.join(' ') : [program.replace(/^.*[\\/]/, '').replace(/\.exe$/i, ''), ...words.map(powerShellWord)].join(' ');
}
