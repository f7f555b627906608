import { addressText } from '../../../lib/address.ts';
import { rangesOf, subtract, union, type Ranges } from '../../../lib/address-ranges.ts';
import type { BlockedRange, BlocksChange } from '../../blocks.ts';
import { fieldsOf } from '../firewall/rules.ts';
import { powerShellWord } from '../firewall/words.ts';

/** Group of these rules, as it is shown by Windows' own window. */
export const BLOCK_GROUP = 'Mantou blocked addresses';
const PREFIX = 'Mantou-Blocks-';

/** Of each load anew: the rules before go when those after them stand. */
export const blockRuleName = (load: string, nth: number) => `${PREFIX}${load}-${nth}`;
export const isBlockRule = (name: string) => name.startsWith(PREFIX);

/**
 * Addresses of a rule. Windows documents no limit; a thousand is what others (IPBan) have found to be safe on all of its versions, and
 * keeps small what is written for one more address.
 */
export const RULE_MOST = 1000;

/** "192.0.2.7", "192.0.2.0-192.0.2.255": what INetFwRule::RemoteAddresses takes for both families. */
export const blockText = ({ family, first, last }: BlockedRange) => (first === last ? addressText(family, first) : `${addressText(family, first)}-${addressText(family, last)}`);
export const keyOf = ({ family, first, last }: BlockedRange) => `${family} ${first} ${last}`;

/** Rules of one load, and what each of them holds. */
export type Layout = ReadonlyMap<string, readonly BlockedRange[]>;

export function layOut(ranges: readonly BlockedRange[], load: string): Layout {
  const rules = new Map<string, BlockedRange[]>();
  for (let at = 0; at < ranges.length; at += RULE_MOST) rules.set(blockRuleName(load, rules.size + 1), ranges.slice(at, at + RULE_MOST));
  return rules;
}

/**
 * Which rules of a layout become what: those that get more come first, so that nobody is let in between. None: the rule goes.
 * null: something of it is not there.
 */
export function changedRules(layout: Layout, { added, removed }: BlocksChange, load: string): Map<string, BlockedRange[]> | null {
  const gone = new Set(removed.map(keyOf));
  const touched = new Map<string, BlockedRange[]>();
  for (const [name, ranges] of layout) {
    const left = gone.size ? ranges.filter((range) => !gone.has(keyOf(range))) : ranges;
    if (left.length < ranges.length) touched.set(name, [...left]);
  }
  const found = [...touched].reduce((sum, [name, left]) => sum + layout.get(name)!.length - left.length, 0);
  if (found < gone.size) return null;
  const more = [...added];
  const fill = (name: string, ranges: readonly BlockedRange[]) => {
    const taken = more.splice(0, RULE_MOST - ranges.length);
    if (taken.length) touched.set(name, [...ranges, ...taken]);
  };
  for (const [name, ranges] of layout) if (more.length) fill(name, touched.get(name) ?? ranges);
  for (let nth = 1; more.length; nth++) if (!layout.has(blockRuleName(load, nth))) fill(blockRuleName(load, nth), []);
  const grows = ([name, ranges]: [string, BlockedRange[]]) => Number(ranges.length > 0 && !isSubset(ranges, layout.get(name) ?? []));
  return new Map([...touched].toSorted((a, b) => grows(b) - grows(a)));
}

function isSubset(some: readonly BlockedRange[], all: readonly BlockedRange[]): boolean {
  const keys = new Set(all.map(keyOf));
  return some.every((range) => keys.has(keyOf(range)));
}

const rangesFor = (ranges: readonly BlockedRange[], family: 4 | 6): Ranges =>
  union(...ranges.filter((range) => range.family === family).map(({ first, last }): Ranges => [family === 4 ? [Number(first), Number(last) + 1] : [first, last + 1n]]));

const same = (a: Ranges, b: Ranges) => subtract(a, b).length === 0 && subtract(b, a).length === 0;

/** What somebody may have set since: a port, a program, an interface, a kind of network, users. */
const NARROWS = /^(Protocol|[LR]Port.*|ICMP.*|LA.*|RA[46]2|App|Svc|IF.*|Profile|AppPkgId|PFN|LU.*|RU.*|RM.*|Security.*)$/;

/** Does a rule as the registry has it keep out exactly these? Windows may write them otherwise: "10.0.0.0/255.0.0.0". */
export function keepsOut(text: string, ranges: readonly BlockedRange[]): boolean {
  const fields = fieldsOf(text);
  const is = (key: string, value: string) => fields?.get(key)?.[0] === value;
  if (!fields || !is('Action', 'Block') || !is('Active', 'TRUE') || !is('Dir', 'In') || [...fields.keys()].some((key) => NARROWS.test(key))) return false;
  return ([4, 6] as const).every((family) => {
    const parts = (fields.get(`RA${family}`) ?? []).map((part) => rangesOf(part));
    return parts.every((part) => part?.family === family) && same(union(...parts.map((part) => part!.ranges)), rangesFor(ranges, family));
  });
}

/** Shown in a command; the rest is counted. */
const SHOWN = 6;

/** As one would type it; which rule has room is seen when it is done. */
export function blockCommands({ added, removed }: BlocksChange): string[] {
  const list = (ranges: readonly BlockedRange[]) => ranges.slice(0, SHOWN).map((range) => powerShellWord(blockText(range))).join(',') + (ranges.length > SHOWN ? `,… (${ranges.length})` : '');
  return [
    ...(added.length ? [`Get-NetFirewallRule -Group '${BLOCK_GROUP}' | Set-NetFirewallRule -RemoteAddress …,${list(added)}`] : []),
    ...(removed.length ? [`Get-NetFirewallRule -Group '${BLOCK_GROUP}' | Set-NetFirewallRule -RemoteAddress … # - ${list(removed)}`] : []),
  ];
}
