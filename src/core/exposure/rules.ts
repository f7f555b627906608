import type { ExposureLook, RulesUnknown } from '../../platform/exposure.ts';
import type { Ruleset } from './filter/model.ts';
import { isFiltered, readNetSecurity } from './filter/netsecurity.ts';
import { readRuleset } from './filter/ruleset.ts';

export interface KnownRules {
  set: Ruleset;
  /** Is there any rule about what comes in? */
  filtered: boolean;
}

/** The machine's rules; or why they cannot be read. */
export function rulesOf({ rules, interfaces }: Pick<ExposureLook, 'rules' | 'interfaces'>): KnownRules | { unknown: RulesUnknown; detail: string | null } {
  if ('unknown' in rules) return { unknown: rules.unknown, detail: rules.detail ?? null };
  try {
    if ('netsecurity' in rules) return { set: readNetSecurity(rules.netsecurity, interfaces), filtered: isFiltered(rules.netsecurity, interfaces) };
    const set = readRuleset(rules);
    return { set, filtered: set.bases.some(({ hook, type, policy, chain }) => hook === 'input' && type === 'filter' && (policy === 'drop' || chain.rules.length > 0)) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { unknown: 'failed', detail: `nft: ${error.message}` };
  }
}

/** Programs that write rules for people, by the chains that each has for as long as it is on (`ufw status` looks for the same one). */
export function firewallOf({ bases }: Ruleset): 'ufw' | 'firewalld' | null {
  const inputs = bases.filter(({ hook, type }) => hook === 'input' && type === 'filter').map(({ chain }) => chain);
  if (inputs.some(({ beside }) => beside.has('ufw-user-input') || beside.has('ufw6-user-input'))) return 'ufw';
  return inputs.some(({ table, beside }) => table === 'inet firewalld' || beside.has('INPUT_ZONES')) ? 'firewalld' : null;
}
