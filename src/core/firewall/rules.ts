import { AppError } from '../../lib/errors.ts';
import type { FirewallChange, FirewallRule, FirewallState, RuleSpec } from '../../platform/firewall.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { changeFirewall, type Done } from './change.ts';
import { dropKept, keep, keptRow, letGo, type Keeping } from './kept.ts';
import { expand, matchKey, ruleKey, specOf, type RuleInput } from './rule.ts';

/** "allow 80/tcp from 10.0.0.0/8", for the audit log and banners. */
export function ruleText(spec: RuleSpec): string {
  const ports = spec.service ?? spec.ports.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(',');
  const what = `${ports || '*'}${spec.service || spec.protocol === 'any' ? '' : `/${spec.protocol}`}`;
  return [spec.action, spec.direction === 'out' ? 'out' : '', what, spec.source ? `from ${spec.source}` : '', spec.destination ? `to ${spec.destination}` : '', spec.interface ? `on ${spec.interface}` : ''].filter(Boolean).join(' ');
}

/** The rule as this provider keeps it. @throws AppError unsupported, conflict */
export function fitted(spec: RuleSpec, state: FirewallState): RuleSpec[] {
  const { abilities, provider, zones } = state;
  type T = Parameters<AppError['say']>[0];
  const refuse = (field: string, say: (t: T) => string) => new AppError('conflict', say, { field });
  const named = (t: T) => ({ name: provider ? t.firewall.providers[provider] : '' });
  const windows = provider === 'netsecurity';
  if (!abilities.actions.includes(spec.action)) throw refuse('action', (t) => (windows ? t.firewall.windows.action : t.firewall.cannotDo.action(named(t))));
  if (spec.direction === 'out' && !abilities.out) throw refuse('direction', (t) => t.firewall.cannotDo.out(named(t)));
  if (spec.interface && !abilities.interfaces) throw refuse('interface', (t) => (windows ? t.firewall.windows.interface : t.firewall.cannotDo.interface(named(t))));
  if (spec.destination && !abilities.destinations) throw refuse('destination', (t) => t.firewall.cannotDo.destination(named(t)));
  if (spec.service && !state.services.includes(spec.service)) throw refuse('service', (t) => t.firewall.noService({ ...named(t), service: spec.service! }));
  const all = !spec.ports.length && !spec.service && spec.protocol === 'any' && !spec.source && !spec.destination;
  if (all && !abilities.ordered) throw refuse('ports', (t) => t.firewall.saySomething);
  const zone = zones.length ? (spec.zone ?? zones[0]!.name) : null;
  return expand({ ...spec, zone }, abilities);
}

/** What would be added, without those that are there. @throws AppError conflict when one that is there decides otherwise */
function missing(specs: readonly RuleSpec[], { rules, abilities }: FirewallState): RuleSpec[] {
  const there = new Map(rules.flatMap(({ spec }) => (spec?.enabled ? [[ruleKey(spec), spec] as const] : [])));
  const others = new Map(rules.flatMap(({ spec, text }) => (spec?.enabled ? [[matchKey(spec), text] as const] : [])));
  return specs.filter((spec) => {
    if (there.has(ruleKey(spec))) return false;
    const other = others.get(matchKey(spec));
    if (other) throw new AppError('conflict', (t) => t.firewall.otherThere({ rule: other }), { field: 'ports' });
    return !abilities.merges || !isMerged(spec, rules);
  });
}

/**
 * Is it part of one for both versions of IP that is there? @throws AppError conflict when the two would become one: ours would be
 * told to have vanished, and another one stand there
 */
function isMerged(spec: RuleSpec, rules: readonly FirewallRule[]): boolean {
  const bare = (one: RuleSpec) => matchKey({ ...one, family: 'both' });
  for (const { spec: there, text } of rules) {
    if (!there?.enabled || bare(there) !== bare(spec)) continue;
    const same = there.action === spec.action;
    if (same && there.family === 'both') return true;
    if (same || there.family === 'both' || spec.family === 'both') throw new AppError('conflict', (t) => t.firewall.mergedThere({ rule: text }), { field: 'family' });
  }
  return false;
}

const keeping = (spec: RuleSpec): Keeping => ({ kind: 'rule', key: ruleKey(spec), spec, comment: spec.comment });

/** What adding means on this machine. @throws AppError conflict, unsupported */
export function additions(input: RuleInput, state: FirewallState): FirewallChange[] {
  const specs = missing(fitted(specOf(input), state), state);
  if (specs.length === 0) throw new AppError('conflict', (t) => t.firewall.there, { field: 'ports' });
  return specs.map((rule) => ({ verb: 'add', rule }));
}

/** @throws AppError denied, conflict (it is there, another decides, it locks out), unsupported, unavailable */
export function addRule(app: App, actor: Actor, input: RuleInput, { armed }: { armed: boolean }): Promise<Done> {
  return changeFirewall(app, actor, (state) => {
    const changes = additions(input, state);
    const specs = changes.flatMap((change) => (change.verb === 'add' ? [change.rule] : []));
    return {
      changes, action: 'firewall.add', target: ruleText(specOf(input)), params: { comment: input.comment }, armed,
      kept: (id) => specs.forEach((spec) => keep(app, actor, keeping(spec), id)),
    };
  });
}

/** @throws AppError not_found when it is gone, or is not what it was */
export function findRule(state: Pick<FirewallState, 'rules'>, id: string): FirewallRule {
  const rule = state.rules.find((one) => one.id === id);
  if (!rule) throw new AppError('not_found', (t) => t.firewall.gone);
  return rule;
}

/** One of ours, or a single one of somebody else. @throws AppError denied, not_found, conflict when it locks out, unavailable */
export function removeRule(app: App, actor: Actor, id: string, { armed }: { armed: boolean }): Promise<Done> {
  return changeFirewall(app, actor, (state) => {
    const rule = findRule(state, id);
    return {
      changes: [{ verb: 'remove', rule }], action: 'firewall.remove', target: rule.spec ? ruleText(rule.spec) : rule.text, params: { text: rule.text }, armed,
      kept: (armedId) => rule.spec && letGo(app, 'rule', [ruleKey(rule.spec)], armedId),
    };
  });
}

/** What changing means. @throws AppError conflict, unsupported */
export function replacement(rule: FirewallRule, input: RuleInput, state: FirewallState): { changes: FirewallChange[]; to: RuleSpec } {
  if (!rule.spec || rule.extra) throw new AppError('conflict', (t) => t.firewall.notChangeable);
  const specs = fitted(specOf(input), state);
  const [to] = specs;
  if (specs.length !== 1 || !to) throw new AppError('conflict', (t) => t.firewall.oneOnly({ name: state.provider ?? '' }), { field: 'ports' });
  if (missing([to], { ...state, rules: state.rules.filter(({ id }) => id !== rule.id) }).length === 0) throw new AppError('conflict', (t) => t.firewall.there, { field: 'ports' });
  const same = ruleKey(to) === ruleKey(rule.spec);
  // Where the provider keeps no comments, that of the panel alone changes.
  return { to, changes: same && (to.comment === rule.comment || !state.abilities.comments) ? [] : [{ verb: 'change', rule, to }] };
}

/** As one transaction: there is no moment with neither. @throws AppError denied, not_found, conflict, unsupported, unavailable */
export function changeRule(app: App, actor: Actor, id: string, input: RuleInput, { armed }: { armed: boolean }): Promise<Done> {
  return changeFirewall(app, actor, (state) => {
    const rule = findRule(state, id);
    const { changes, to } = replacement(rule, input, state);
    const before = ruleKey(rule.spec!);
    return {
      changes, action: 'firewall.change', target: `${ruleText(rule.spec!)} → ${ruleText(to)}`, params: { comment: to.comment }, armed,
      kept(armedId) {
        if (before !== ruleKey(to)) letGo(app, 'rule', [before], armedId);
        keep(app, actor, keeping(to), armedId);
      },
    };
  });
}

/** A rule of ours that somebody removed comes back. @throws AppError denied, not_found, conflict, unavailable */
export function putRuleBack(app: App, actor: Actor, id: string, { armed }: { armed: boolean }): Promise<Done> {
  return changeFirewall(app, actor, (state) => {
    const row = keptRow(app, id);
    if (row?.kind !== 'rule') throw new AppError('not_found', (t) => t.firewall.gone);
    const spec = { ...(row.spec as RuleSpec), comment: row.comment };
    const zone = state.zones.some(({ name }) => name === spec.zone) ? spec.zone : null;
    const specs = missing(fitted({ ...spec, zone }, state), state);
    return {
      changes: specs.map((rule) => ({ verb: 'add', rule })), action: 'firewall.put_back', target: ruleText(spec), armed,
      kept(armedId) {
        // Another firewall may write it another way.
        if (!specs.some((one) => ruleKey(one) === row.key)) dropKept(app, row.id);
        for (const one of specs) keep(app, actor, keeping(one), armedId);
      },
    };
  });
}

/** A rule of ours that is gone shall not be shown any more. @throws AppError denied, not_found */
export function forgetGone(app: App, actor: Actor, id: string) {
  need(actor, 'firewall.write');
  const row = keptRow(app, id);
  if (!row || row.kind === 'published') throw new AppError('not_found', (t) => t.firewall.gone);
  record(app, actor, { action: 'firewall.forget', target: row.key });
  dropKept(app, id);
}
