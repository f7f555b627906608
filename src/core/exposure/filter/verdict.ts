import { EVERYWHERE, intersect, networksOf, NOWHERE, rangesOf, remembered, share, subtract, union, type Ranges } from '../../../lib/address-ranges.ts';
import { SOFT, type Why } from './model.ts';
import type { Decision, Doubt, Reach } from './walk.ts';

export interface Reason {
  verdict: 'accept' | 'drop';
  /** null: no rule, but what the chain does at its end. */
  text: string | null;
  count: number;
  chain: string;
  table: string;
}

export interface Verdict {
  /** `unknown`: somebody may be let in or not, which the rules that were not understood decide. */
  verdict: 'open' | 'some' | 'closed' | 'unknown';
  /** How often somebody comes decides, too. */
  limited: boolean;
  /** Of 'some': who. Of 'open': who not. At most a few networks, and how many there are. */
  networks: string[];
  more: boolean;
  reasons: Reason[];
  /** Rules that decide, and nobody here knows how. */
  doubts: { text: string; why: Why; chain: string; table: string }[];
}

const cut = (family: 4 | 6, texts: readonly string[]) => texts.reduce((rest, text) => subtract(rest, rangesOf(text)!.ranges), EVERYWHERE[family]);

/** Who may send a packet that comes in from outside: no loopback, nobody unspecified, no groups (RFC 6890). */
export const SENDERS: Readonly<Record<4 | 6, Ranges>> = {
  4: cut(4, ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3']),
  6: cut(6, ['::/127', '::ffff:0:0/96', 'fe80::/10', 'ff00::/8']),
};
/** Those on the same cable, who come to an address that is good on this cable only. */
export const NEIGHBOURS: Ranges = rangesOf('fe80::/10')!.ranges;

/** The internet, as far as it is given away. */
const PUBLIC: Readonly<Record<4 | 6, Ranges>> = { 4: SENDERS[4], 6: rangesOf('2000::/3')!.ranges };
const shareOf = remembered(share);
const without = remembered(subtract);
const wide = (family: 4 | 6, ranges: Ranges) => shareOf(ranges, PUBLIC[family]) >= 0.5;

const NETWORKS_SHOWN = 8;
const REASONS_SHOWN = 12;

/** What that comes to. @param allowed who may come to the place that is asked about */
export function verdictOf(family: 4 | 6, senders: Ranges, reach: Reach, allowed: Ranges): Verdict {
  const { barred } = reach;
  // Who is let in for sure is kept out by nobody.
  const both = reach.doubts.length ? intersect(allowed, union(...barred)) : NOWHERE;
  const doubts = both.length ? reach.doubts.filter(({ from }) => intersect(from, both).length > 0) : [];
  const ofKind = (wanted: (doubt: Doubt) => boolean) => intersect(both, union(...doubts.filter(wanted).map(({ from }) => from)));
  const unknown = ofKind(({ why }) => !SOFT.has(why));
  const sure = unknown.length ? subtract(allowed, unknown) : allowed;
  const verdict = wide(family, sure) ? 'open' : wide(family, allowed) || (sure.length === 0 && allowed.length > 0) ? 'unknown' : allowed.length === 0 ? 'closed' : 'some';
  const listed = verdict === 'open' ? without(senders, allowed) : verdict === 'closed' ? NOWHERE : allowed;
  const networks = networksOf(listed, NETWORKS_SHOWN);
  return {
    verdict, limited: verdict !== 'closed' && ofKind(({ why }) => why === 'limit').length > 0,
    networks: networks.slice(0, NETWORKS_SHOWN), more: networks.length > NETWORKS_SHOWN,
    reasons: reasonsOf(reach.decisions, verdict === 'closed'),
    doubts: doubts.slice(0, REASONS_SHOWN).map(({ text, why, chain, table }) => ({ text, why, chain, table })),
  };
}

/** Of one that nobody reaches, what keeps them out; else both: whoever let in a dozen before shall not hide the first that keeps out. */
function reasonsOf(decisions: readonly Decision[], closed: boolean): Reason[] {
  const all = decisions.flatMap(({ verdict, text, count, chain, table }) => (verdict === 'translate' || (closed && verdict === 'accept') ? [] : [{ verdict, text, count, chain, table }]));
  const shown = all.slice(0, REASONS_SHOWN);
  const drop = all.find(({ verdict }) => verdict === 'drop');
  return drop && !shown.includes(drop) ? [...shown.slice(0, -1), drop] : shown;
}
