import { parseRange, rangeText, type AddressRange } from '../../lib/address-range.ts';
import { protectedBy, type Protected, type Protection } from './protection.ts';

/** Lines that a list may have, and bytes. */
export const LINES_MOST = 200_000;
export const TEXT_MOST = 8 << 20;
const LINE_SHOWN = 60;

export interface ListEntry {
  range: AddressRange;
  address: string;
  comment: string;
}

export interface Refused {
  /** From 1. */
  line: number;
  text: string;
  why: Protected | 'notAddress';
}

export interface ParsedList {
  entries: ListEntry[];
  /** Lines that say again what stands above them. */
  repeated: number;
  refused: Refused[];
}

/**
 * A list as they are published: an address, network or range a line; what stands behind `#` or `;` is a comment, empty
 * lines are none. Lists of several columns have the address in the first: "203.0.113.7,2026-11-29", "198.51.100.0/24 ; SBL123".
 */
export function parseList(text: string, protections: readonly Protection[]): ParsedList {
  const parsed: ParsedList = { entries: [], repeated: 0, refused: [] };
  const seen = new Set<string>();
  for (const [i, line] of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/).entries()) {
    const [, words = '', comment = ''] = /^([^#;]*)(?:[#;]+(.*))?$/.exec(line) ?? [];
    if (!words.trim()) continue;
    const range = rangeIn(words.trim());
    const why = range ? protectedBy(range, protections, true) : 'notAddress';
    if (why || !range) {
      parsed.refused.push({ line: i + 1, text: line.trim().slice(0, LINE_SHOWN), why: why ?? 'notAddress' });
      continue;
    }
    const address = rangeText(range);
    if (seen.has(address)) parsed.repeated++;
    else parsed.entries.push({ range, address, comment: plain(comment) });
    seen.add(address);
  }
  return parsed;
}

/** "192.0.2.1 - 192.0.2.9" whole, else the first column. */
function rangeIn(words: string): AddressRange | null {
  const whole = parseRange(words.replace(/\s*-\s*/, '-'));
  return whole ?? (/[\s,]/.test(words) ? parseRange(words.split(/[\s,]/, 1)[0]!) : null);
}

const plain = (comment: string) => comment.replace(/[\p{Cc}\p{Cs}]/gu, ' ').trim().slice(0, 200);
