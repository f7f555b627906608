import { pageOfRows, type Page, type PageQuery } from '../../lib/page.ts';
import type { FirewallRule, FirewallState, Forward, ForwardSpec, RuleSpec } from '../../platform/firewall.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { endedArmed, settleKept, type KeptRow } from './kept.ts';
import { portsText, ruleKey } from './rule.ts';

/** Who made a rule: the panel, or somebody beside it. */
export type RuleOrigin = 'ours' | 'outside';

export interface RuleRow extends FirewallRule {
  origin: RuleOrigin;
  /** Place in the order in which the provider has them, from 0. */
  place: number;
}

export interface ForwardRow extends Forward {
  origin: RuleOrigin;
}

/** A rule or forward of ours that somebody removed. */
export interface Gone {
  id: string;
  kind: 'rule' | 'forward';
  spec: RuleSpec | null;
  forward: ForwardSpec | null;
  comment: string;
  createdAt: number;
  createdBy: string;
}

export interface Firewall extends Omit<FirewallState, 'rules' | 'forwards'> {
  rules: RuleRow[];
  forwards: ForwardRow[];
  gone: Gone[];
}

export const forwardKey = ({ protocol, port, toAddress, toPort }: ForwardSpec) => `${protocol}|${port}|${toAddress ?? '-'}|${toPort}`;

/** @throws AppError denied, unavailable with the tool's words */
export async function readFirewall(app: App, actor: Actor): Promise<Firewall> {
  need(actor, 'firewall.read');
  const ended = endedArmed(app);
  return withOrigins(app, await app.host.firewall.read(), ended);
}

function withOrigins(app: App, state: FirewallState, ended: ReadonlySet<string>): Firewall {
  const keys = state.rules.map(({ spec }) => spec && ruleKey(spec));
  const kept = new Map(settleKept(app, 'rule', new Set(keys.filter((key) => key !== null)), ended).map((row) => [row.key, row]));
  const forwards = new Map(settleKept(app, 'forward', new Set(state.forwards.map(forwardKey)), ended).map((row) => [row.key, row]));
  const rules = state.rules.map((rule, place): RuleRow => {
    const row = kept.get(keys[place] ?? '');
    return { ...rule, spec: rule.spec && { ...rule.spec, comment: rule.comment || row?.comment || '' }, comment: rule.comment || row?.comment || '', origin: row ? 'ours' : 'outside', place };
  });
  const readable = state.provider !== null && state.hindrance === null;
  return {
    ...state, rules,
    forwards: state.forwards.map((one) => ({ ...one, origin: forwards.has(forwardKey(one)) ? 'ours' : 'outside' })),
    gone: readable ? [...missing(kept, new Set(keys)), ...missing(forwards, new Set(state.forwards.map(forwardKey)))] : [],
  };
}

/** One that is armed is not gone: nobody kept it yet. */
function missing(kept: ReadonlyMap<string, KeptRow>, there: ReadonlySet<string | null>): Gone[] {
  return [...kept.values()].filter(({ key, armedId }) => armedId === null && !there.has(key)).map(({ id, kind, spec, comment, createdAt, createdBy }) => ({
    id, kind: kind as 'rule' | 'forward', spec: kind === 'rule' ? (spec as RuleSpec) : null, forward: kind === 'forward' ? (spec as ForwardSpec) : null, comment, createdAt, createdBy,
  }));
}

/** What a list of rules may be sorted by. */
const FIELDS = {
  place: ({ place }: RuleRow) => place,
  port: ({ spec }: RuleRow) => spec?.ports[0]?.from ?? (spec?.service ? 70_000 : 80_000),
  action: ({ spec }: RuleRow) => spec?.action ?? '~',
  source: ({ spec }: RuleRow) => spec?.source ?? '',
  comment: ({ comment }: RuleRow) => comment.toLowerCase(),
  origin: ({ origin }: RuleRow) => origin,
};
export type RuleField = keyof typeof FIELDS;
export const RULE_FIELDS = Object.keys(FIELDS) as [RuleField, ...RuleField[]];

export interface RuleFilter {
  q?: string | undefined;
  origin?: RuleOrigin | undefined;
}

/** `q` is looked for in ports (a number also within ranges), addresses, services, comments and the provider's own text. */
export function pageOfRules({ rules }: Pick<Firewall, 'rules'>, { q = '', origin, ...query }: PageQuery<RuleField> & RuleFilter): Page<RuleRow> {
  const words = q.trim().toLowerCase();
  const port = /^\d{1,5}$/.test(words) ? Number(words) : null;
  const wanted = rules.filter(({ spec, text, comment, origin: made }) => {
    if (origin && made !== origin) return false;
    if (!words) return true;
    if (port !== null && spec?.ports.some(({ from, to }) => from <= port && port <= to)) return true;
    return [text, comment, spec?.source, spec?.service, spec && portsText(spec.ports)].some((one) => one?.toLowerCase().includes(words));
  });
  return pageOfRows(wanted, FIELDS, ({ place }) => place, query);
}
