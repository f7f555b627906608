import { union } from '../../../lib/address-ranges.ts';
import type { Rule, RuleDraft } from './model.ts';

/**
 * Rules one after the other that only differ in the sender are one rule for all of them: two thousand blocked addresses are
 * one set then. What ends at the first match does not care in which order these stand.
 */
export function mergeAlike(drafts: readonly RuleDraft[]): Rule[] {
  const found: Rule[] = [];
  for (let i = 0; i < drafts.length; ) {
    const first = drafts[i]!;
    let end = i + 1;
    while (first.alike !== null && first.from && drafts[end]?.alike === first.alike && drafts[end]!.from?.family === first.from.family) end++;
    const { text, tests, branches } = first;
    if (end === i + 1 || !first.from) found.push({ text, tests, branches, count: 1 });
    else found.push(merged(drafts.slice(i, end)));
    i = end;
  }
  return found;
}

/** The test of the sender is the last of each (iptables.ts, nft.ts put it there). */
function merged(drafts: readonly RuleDraft[]): Rule {
  const { text, tests, branches, from } = drafts[0]!;
  const { family } = from!;
  const ranges = union(...drafts.map((draft) => draft.from!.ranges));
  return { text, branches, count: drafts.length, tests: [...tests.slice(0, -1), (packet) => (packet.family === family ? { from: ranges, why: null } : null)] };
}
