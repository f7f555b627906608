import { readdirSync } from 'node:fs';
import { AppError } from '../../../lib/errors.ts';
import { noFirewall, type FirewallAbilities, type FirewallChange, type FirewallPlan, type FirewallPolicy, type FirewallRule, type FirewallState, type FirewallStep, type RuleSpec } from '../../firewall.ts';
import { needTool, planOf, readTool } from './plan.ts';
import type { Provider, Surroundings } from './provider.ts';
import { parseUfwRules, ruleOfTuple, tupleOfSpec, tupleWords, type UfwTuple } from './ufw-rules.ts';

export const UFW_ABILITIES: FirewallAbilities = {
  actions: ['allow', 'deny', 'reject', 'limit'], out: true, lists: true, anyPorts: 'single', interfaces: true, destinations: true, comments: true,
  limit: 'source', defaults: ['in', 'out', 'forward'], ordered: true, merges: true,
};
const POLICIES: Record<string, FirewallPolicy> = { ACCEPT: 'allow', DROP: 'deny', REJECT: 'reject' };
const WAYS = { in: 'incoming', out: 'outgoing', forward: 'routed' } as const;

/** Lines of a shell's variables: `ENABLED=yes`, `DEFAULT_INPUT_POLICY="DROP"`. */
export function variables(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^\s*([A-Z_0-9]+)="?([^"\n]*?)"?\s*$/gm)].map(([, name, value]) => [name!, value!]));
}

/** Names of applications: the sections of /etc/ufw/applications.d. */
function applications({ read, path }: Surroundings): string[] {
  const names = (() => {
    try {
      return readdirSync(path('/etc/ufw/applications.d'));
    } catch {
      return [];
    }
  })();
  const found = names.flatMap((name) => [...(read(`/etc/ufw/applications.d/${name}`) ?? '').matchAll(/^\[([^\]\n]{1,64})\]/gm)].map((one) => one[1]!));
  return [...new Set(found)].sort();
}

/** Where a tuple of each rule is, for going back to where it was. */
const tuples = new WeakMap<FirewallRule, UfwTuple>();

export function createUfw(around: Surroundings): Provider {
  const { exec, read } = around;
  const ufw = () => needTool(exec, 'ufw');
  const run = (...words: string[]): FirewallStep => ({ run: [ufw(), ...words] });

  async function state(): Promise<FirewallState> {
    const tool = needTool(exec, 'iptables');
    const chains = await readTool(exec, [tool, '-S', 'INPUT']);
    const [conf, defaults] = [variables(read('/etc/ufw/ufw.conf') ?? ''), variables(read('/etc/default/ufw') ?? '')];
    const seen = new Map<string, number>();
    const rules = parseUfwRules(read('/etc/ufw/user.rules') ?? '', read('/etc/ufw/user6.rules') ?? '').map((tuple) => {
      const key = tupleWords(tuple).join(' ');
      const nth = seen.get(key) ?? 0;
      seen.set(key, nth + 1);
      const rule = ruleOfTuple(tuple, nth);
      tuples.set(rule, tuple);
      return rule;
    });
    const policy = (way: string) => POLICIES[defaults[`DEFAULT_${way}_POLICY`] ?? ''] ?? null;
    const boot = conf.ENABLED === 'yes';
    return noFirewall({
      // Turned off, it leaves its chains where they are asked, and empty; flushed by somebody, they are not asked any more.
      provider: 'ufw', active: boot && /^-A INPUT -j ufw-before-input$/m.test(chains), boot,
      policies: { in: policy('INPUT'), out: policy('OUTPUT'), forward: policy('FORWARD') }, logging: conf.LOGLEVEL ?? null,
      rules, services: applications(around), abilities: UFW_ABILITIES,
    });
  }

  const comment = (text: string) => (text ? ['comment', text] : []);
  const words = (rule: FirewallRule) => tupleWords(tuples.get(rule) ?? tupleOfSpec(rule.spec!));
  const remove = (rule: FirewallRule) => run(...(rule.forwarded ? ['route'] : []), 'delete', ...words(rule));

  /** Back to its place, or to the end where it was the last of its family. Numbers count those of IPv4 first. */
  function putBack(rule: FirewallRule, rules: readonly FirewallRule[], spec?: RuleSpec): FirewallStep {
    const six = (one: FirewallRule) => tuples.get(one)?.family === 'v6';
    const four = rules.filter((one) => !six(one));
    const same = six(rule) ? rules.filter((one) => tuples.get(one)?.family !== 'v4') : four;
    const at = same.findIndex(({ id }) => id === rule.id);
    const place = at < 0 || at === same.length - 1 ? [] : ['insert', String(at + 1 + (six(rule) ? four.length : 0))];
    const tuple = spec ? tupleOfSpec(spec) : tuples.get(rule);
    return run(...(rule.forwarded ? ['route'] : []), ...place, ...(tuple ? tupleWords(tuple) : words(rule)), ...comment(spec?.comment ?? tuple?.comment ?? ''));
  }

  /** What keeps a sender out has to stand before what lets everybody in. */
  function add(spec: RuleSpec): FirewallPlan['steps'][number] {
    const tuple = tupleOfSpec(spec);
    const early = spec.source !== null && spec.action !== 'allow' && spec.action !== 'limit' ? ['prepend'] : [];
    return { does: run(...early, ...tupleWords(tuple), ...comment(spec.comment)), undo: [run('delete', ...tupleWords(tuple))] };
  }

  function change(rule: FirewallRule, to: RuleSpec, { rules }: FirewallState): FirewallPlan['steps'] {
    const [before, after] = [words(rule).join(' '), tupleWords(tupleOfSpec(to)).join(' ')];
    // ufw takes a rule that differs in its comment alone as that rule.
    if (before === after) return [{ does: run(...words(rule), 'comment', to.comment), undo: [run(...words(rule), 'comment', rule.spec!.comment)] }];
    // Of a rule that differs in what it does alone, it makes the other one by itself.
    const rest = (text: string) => text.replace(/^\w+/, '');
    if (rest(before) === rest(after)) return [{ does: run(...tupleWords(tupleOfSpec(to)), ...comment(to.comment)), undo: [run(...words(rule), ...comment(rule.spec!.comment))] }];
    const half = halfOf(rule, to);
    if (half) return half;
    const moved = tuples.get(rule)?.family === to.family;
    const added = moved ? { does: putBack(rule, rules, to), undo: [run('delete', ...tupleWords(tupleOfSpec(to)))] } : add(to);
    return [added, { does: remove(rule), undo: [putBack(rule, rules)] }];
  }

  /**
   * Between one version of IP and both: ufw has a rule for each, and would skip the one that is there when the other is added, and
   * take both away with the first. So only the one that comes or goes is named. Null: it is another change.
   */
  function halfOf(rule: FirewallRule, to: RuleSpec): FirewallPlan['steps'] | null {
    const spec = rule.spec!;
    const as = (one: RuleSpec, family: RuleSpec['family']) => tupleWords(tupleOfSpec({ ...one, family }));
    if (as(spec, 'both').join(' ') !== as(to, 'both').join(' ') || (spec.family !== 'both' && to.family !== 'both')) return null;
    const narrow = spec.family === 'both' ? to.family : spec.family;
    const half = as(to, narrow === 'v4' ? 'v6' : 'v4');
    const [come, go] = [run(...half, ...comment(to.comment)), run('delete', ...half)];
    const named = { does: run(...as(to, narrow), 'comment', to.comment), undo: [run(...as(to, narrow), 'comment', spec.comment)] };
    return [...(to.comment === spec.comment ? [] : [named]), to.family === 'both' ? { does: come, undo: [go] } : { does: go, undo: [run(...half, ...comment(spec.comment))] }];
  }

  function steps(change_: FirewallChange, now: FirewallState): FirewallPlan['steps'] {
    switch (change_.verb) {
      case 'add': return [add(change_.rule)];
      case 'remove': return [{ does: remove(change_.rule), undo: [putBack(change_.rule, now.rules)] }];
      case 'change': return change(change_.rule, change_.to, now);
      case 'enable': return [...change_.allow.map(add), { does: run('--force', 'enable'), undo: [run('disable')] }];
      case 'disable': return [{ does: run('disable'), undo: [run('--force', 'enable')] }];
      case 'policy': {
        const { direction, policy } = change_;
        const before = now.policies[direction];
        return [{ does: run('default', policy, WAYS[direction]), undo: before ? [run('default', before, WAYS[direction])] : [] }];
      }
      default: throw new AppError('unsupported', (t) => t.firewall.cannot);
    }
  }

  return { name: 'ufw', tools: ['ufw'], read: state, isActive: async () => (await state()).active, plan: async (wanted, now) => planOf(steps(wanted, now)) };
}
