import { rangeText } from '../../../lib/address-range.ts';
import type { BlockedRange, BlocksChange } from '../../blocks.ts';

/** A table of the panel's own: nothing else of the machine's rules is ever touched. */
export const TABLE = 'mantou_blocks';
const FAMILIES = [4, 6] as const;
const setOf = (family: 4 | 6) => `v${family}`;

/** Ten years in seconds: what lasts longer lasts for ever to a kernel that restarts now and then. */
const LONGEST = 10 * 366 * 86_400;
/** Shown in a command; the rest is counted. */
const SHOWN = 6;

/** "192.0.2.7", "192.0.2.0/24 timeout 3600s", "192.0.2.7-192.0.2.9 timeout 1s" */
function element(range: BlockedRange, now: number): string {
  if (range.until === null) return rangeText(range);
  const seconds = Math.min(LONGEST, Math.max(1, Math.ceil((range.until - now) / 1000)));
  return `${rangeText(range)} timeout ${seconds}s`;
}

const listOf = (ranges: readonly BlockedRange[], now: number) => ranges.map((range) => element(range, now)).join(',\n');

/**
 * All of the table, in place of the one before, in one transaction of the kernel. The chain comes before connection
 * tracking and everybody's own rules (nftables wiki, Netfilter hooks: raw is -300), so that what was let in before, and
 * what is sent on to a container, is dropped as well.
 */
export function tableScript(ranges: readonly BlockedRange[], now: number): string {
  // "table" alone makes it where there is none: "delete" would fail.
  const away = `table inet ${TABLE}\ndelete table inet ${TABLE}\n`;
  if (ranges.length === 0) return away;
  const sets = FAMILIES.map((family) => {
    const mine = ranges.filter((range) => range.family === family);
    const elements = mine.length ? `\n    elements = { ${listOf(mine, now)} }` : '';
    return `  set ${setOf(family)} {\n    type ipv${family}_addr\n    flags interval,timeout${elements}\n  }\n`;
  });
  return `${away}table inet ${TABLE} {
${sets.join('')}  chain prerouting {
    type filter hook prerouting priority -310; policy accept;
    ip saddr @v4 counter drop
    ip6 saddr @v6 counter drop
  }
}
`;
}

/** Some in and out of the sets of the table that is there, in one transaction: what is taken out goes first, as the new may overlap it. */
export function changeScript({ added, removed }: BlocksChange, now: number): string {
  const line = (verb: string, ranges: readonly BlockedRange[], write: (ranges: readonly BlockedRange[]) => string) =>
    FAMILIES.map((family) => ranges.filter((range) => range.family === family)).filter((mine) => mine.length)
      .map((mine) => `${verb} element inet ${TABLE} ${setOf(mine[0]!.family)} { ${write(mine)} }\n`).join('');
  return line('delete', removed, (ranges) => ranges.map((range) => rangeText(range)).join(',\n')) + line('add', added, (ranges) => listOf(ranges, now));
}

/** As one would type it. */
export function changeCommands({ added, removed }: BlocksChange): string[] {
  const line = (verb: string, ranges: readonly BlockedRange[]) =>
    FAMILIES.map((family) => ranges.filter((range) => range.family === family)).filter((mine) => mine.length).map((mine) => {
      const more = mine.length > SHOWN ? `, … (${mine.length})` : '';
      return `nft ${verb} element inet ${TABLE} ${setOf(mine[0]!.family)} '{ ${mine.slice(0, SHOWN).map((range) => rangeText(range)).join(', ')}${more} }'`;
    });
  return [...line('delete', removed), ...line('add', added)];
}

/** `nft list tables`: "table ip filter", one a line. */
export const hasTable = (text: string) => text.split('\n').some((line) => line.trim() === `table inet ${TABLE}`);

/**
 * `nft -j list table inet mantou_blocks` → elements of both sets together; null when the chain or its rules are not what
 * they were: {"nftables": [{"set": {"name": "v4", "elem": ["203.0.113.7", {"range": […]}, {"elem": {"val": …, "timeout": 30, "expires": 29}}]}},
 * {"rule": {"chain": "prerouting", "expr": [{"match": …}, {"counter": …}, {"drop": null}]}}]}
 */
export function countElements(json: string): number | null {
  const parsed = JSON.parse(json) as { nftables?: { set?: { name: string; elem?: unknown[] }; rule?: { expr?: object[] } }[] };
  const all = parsed.nftables ?? [];
  const drops = all.filter(({ rule }) => rule?.expr?.some((part) => 'drop' in part)).length;
  if (drops !== 2) return null;
  return all.reduce((sum, { set }) => sum + (set?.elem?.length ?? 0), 0);
}
