import { addressValue, intersect, NOWHERE, remembered, subtract, union, type Ranges } from '../../../lib/address-ranges.ts';
import type { Action, BaseChain, Chain, Fit, Hook, Packet, Rule, Ruleset, Why } from './model.ts';

/** A rule that decided, or the policy of a chain, and about whom. */
export interface Decision {
  verdict: 'accept' | 'drop' | 'translate';
  text: string | null;
  count: number;
  chain: string;
  table: string;
  from: Ranges;
}

/** A rule of which nobody can say here whether it matches. */
export interface Doubt {
  text: string;
  why: Why;
  chain: string;
  table: string;
  from: Ranges;
}

/** Where packets come to in the end, and who may come there. */
export interface Arrival {
  /** Another address than it was sent to; null: the same. */
  to: string | null;
  port: number;
  /** On the machine itself; else it is sent on. */
  local: boolean;
  allowed: Ranges;
}

export interface Reach {
  /** Who may be let in, anywhere: whoever may be kept out as well, nobody is sure of. */
  arrivals: Arrival[];
  barred: readonly Ranges[];
  decisions: Decision[];
  doubts: Doubt[];
}

export interface Way {
  /** Is this address one of the machine's own? */
  isLocal(address: string): boolean;
  /** The interface behind which an address is; null: not known. */
  outOf(address: string): string | null;
}

const DEEPEST = 16;
/** Rules looked at for one packet: more than any real machine has, and an end to those that multiply. */
const STEPS_MOST = 60_000;
const KEPT_MOST = 80;

/**
 * Who gets through the rules with this packet, for all senders at once: a set of addresses flows through the chains as the
 * packet would (nft(8), Netfilter hooks), and each rule takes out of it what it decides. Of a rule that may or may not match,
 * both happens.
 */
export function walk(rules: Ruleset, packet: Packet, senders: Ranges, way: Way): Reach {
  const barred: Ranges[] = [];
  const reach: Reach = { arrivals: [], barred, decisions: [], doubts: [] };
  const state = { steps: 0, reach, barred };
  const early = basesOf(rules, packet, ['ingress', 'prerouting']);

  const late = (now: Packet, live: Ranges, to: string | null) => {
    for (const base of basesOf(rules, now, [now.local ? 'input' : 'forward'])) live = passed(state, base, now, live).accepted;
    reach.arrivals.push({ to, port: now.port, local: now.local, allowed: live });
  };
  const go = (i: number, now: Packet, live: Ranges, to: string | null): void => {
    for (; i < early.length && live.length > 0; i++) {
      const base = early[i]!;
      if (base.type === 'nat' && now.translated) continue;
      const { accepted, translated } = passed(state, base, now, live);
      for (const { from, to: place, port } of translated) go(i + 1, sentOn(now, place, port, way), from, place === 'local' ? null : place);
      live = accepted;
    }
    if (live.length > 0) late(now, live, to);
  };
  go(0, packet, senders, null);
  return reach;
}

/** After somebody has translated where it goes. */
function sentOn(packet: Packet, place: string | 'local' | null, port: number | null, way: Way): Packet {
  const value = place === null || place === 'local' ? null : addressValue(place);
  const local = place === null || place === 'local' || way.isLocal(place);
  return { ...packet, translated: true, local, port: port ?? packet.port, to: value ? [value.value] : packet.to, out: local ? null : way.outOf(place) };
}

/** Who may come to an arrival of that kind. */
export const allowedAt = ({ arrivals }: Pick<Reach, 'arrivals'>, wanted: (arrival: Arrival) => boolean): Ranges => union(...arrivals.filter(wanted).map(({ allowed }) => allowed));

const ORDER: Record<Hook, number> = { ingress: 0, prerouting: 1, input: 2, forward: 2 };

const sorted = new WeakMap<Ruleset, BaseChain[]>();
function basesOf(rules: Ruleset, { family, iface }: Packet, hooks: readonly Hook[]): BaseChain[] {
  const all = sorted.get(rules) ?? rules.bases.toSorted((a, b) => ORDER[a.hook] - ORDER[b.hook] || a.priority - b.priority);
  sorted.set(rules, all);
  return all.filter((base) => hooks.includes(base.hook) && (base.family ?? family) === family && (base.devices?.includes(iface) ?? true));
}

interface State {
  steps: number;
  reach: Reach;
  barred: Ranges[];
}

interface Passed {
  accepted: Ranges;
  translated: { from: Ranges; to: string | 'local' | null; port: number | null }[];
}

function passed(state: State, base: BaseChain, packet: Packet, live: Ranges): Passed {
  const accepted: Ranges[] = [];
  const translated: Passed['translated'] = [];
  const { chain: root } = base;
  const decide = (verdict: Decision['verdict'], from: Ranges, chain: Chain, rule: Rule | null) => {
    if (verdict === 'accept') accepted.push(from);
    if (verdict === 'drop') state.barred.push(from);
    const { decisions } = state.reach;
    // The first that keeps somebody out is told however many were let in before.
    if (decisions.length < KEPT_MOST || (verdict === 'drop' && decisions.every((one) => one.verdict !== 'drop'))) decisions.push({ verdict, from, text: rule?.text ?? null, count: rule?.count ?? 1, chain: chain.name, table: chain.table });
  };
  const doubt = (why: Why, from: Ranges, chain: Chain, rule: Rule) => {
    if (state.reach.doubts.length < KEPT_MOST) state.reach.doubts.push({ why, from, text: rule.text, chain: chain.name, table: chain.table });
  };
  /** @returns who comes out at its end */
  const through = (chain: Chain, coming: Ranges, depth: number): Ranges => {
    let here = coming;
    const out: Ranges[] = [];
    for (const rule of chain.rules) {
      if (here.length === 0) break;
      if (++state.steps > STEPS_MOST || depth > DEEPEST) {
        doubt('steps', here, chain, rule);
        state.barred.push(here);
        accepted.push(here);
        return NOWHERE;
      }
      const fit = fitOf(rule.tests, packet);
      if (!fit) continue;
      for (const { test, action } of rule.branches) {
        const more = test ? test(packet) : null;
        if ((test && !more) || action.do === 'none') continue;
        const [from, why] = [narrowed(narrowed(here, fit), more), fit.why ?? more?.why ?? null];
        if (from.length === 0) continue;
        const before = accepted.length + state.barred.length + translated.length + out.length;
        const back = act(action, from, chain, rule, depth, out);
        if (why && accepted.length + state.barred.length + translated.length + out.length > before) doubt(why, from, chain, rule);
        if (!why && back !== from) here = union(from === here ? NOWHERE : without(here, from), back);
      }
    }
    return out.length ? union(...out, here) : here;
  };
  /** @returns who goes on with the next rule: `from` itself where all do */
  const act = (action: Action, from: Ranges, chain: Chain, rule: Rule, depth: number, out: Ranges[]): Ranges => {
    switch (action.do) {
      case 'accept':
      case 'drop':
        decide(action.do, from, chain, rule);
        return NOWHERE;
      case 'queue':
        doubt('queue', from, chain, rule);
        accepted.push(from);
        state.barred.push(from);
        return NOWHERE;
      case 'translate':
        decide('translate', from, chain, rule);
        translated.push({ from, to: action.to, port: action.port });
        return NOWHERE;
      case 'return':
        out.push(from);
        return NOWHERE;
      case 'jump':
      case 'goto': {
        const target = chain.beside.get(action.chain);
        const back = target ? through(target, from, depth + 1) : from;
        if (action.do === 'jump') return back;
        if (back.length > 0) out.push(back);
        return NOWHERE;
      }
      default:
        return from;
    }
  };
  const rest = through(root, live, 0);
  if (rest.length > 0) {
    if (base.policy === 'drop') decide('drop', rest, root, null);
    else accepted.push(rest);
  }
  return { accepted: union(...accepted), translated };
}

/** All of them together. */
function fitOf(tests: Rule['tests'], packet: Packet): Fit | null {
  let from: Ranges | null = null;
  let why: Why | null = null;
  for (const test of tests) {
    const fit = test(packet);
    if (!fit) return null;
    if (fit.from) from = from ? intersect(from, fit.from) : fit.from;
    if (fit.why && (why === null || why === 'limit' || why === 'sport')) why = fit.why;
  }
  return { from, why };
}

const meet = remembered(intersect);
const without = remembered(subtract);
const narrowed = (live: Ranges, fit: Fit | null): Ranges => (fit?.from ? meet(live, fit.from) : live);
