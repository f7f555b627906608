import { parseRange, rangeText, type AddressRange } from '../../lib/address-range.ts';
import { protectedBy, type Protected, type Protection } from './protection.ts';

/** Lines that a list may have, and bytes. */
export const LINES_MOST = 200_000;
export const TEXT_MOST = 8 << 20;
/** Characters of a line; longer ones are no address, whatever they hold. */
const LINE_MOST = 1000;
const LINE_SHOWN = 60;
const LINE_END = /\r\n|\n|\r/;

/** Whether it has more lines than a list may have, without taking it apart. */
export function hasManyLines(text: string): boolean {
  const end = new RegExp(LINE_END, 'g');
  for (let n = 1; n <= LINES_MOST; n++) if (!end.test(text)) return false;
  return true;
}

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
  for (const [i, line] of text.replace(/^\uFEFF/, '').split(LINE_END).entries()) {
    const { words, comment } = halves(line);
    if (!words) continue;
    const range = line.length > LINE_MOST ? null : rangeIn(words);
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

/** What stands before the first `#` or `;`, and what behind them. */
function halves(line: string): { words: string; comment: string } {
  const at = line.search(/[#;]/);
  if (at < 0) return { words: line.trim(), comment: '' };
  return { words: line.slice(0, at).trim(), comment: line.slice(at).slice(0, LINE_MOST).replace(/^[#;]+/, '') };
}

/** "192.0.2.1 - 192.0.2.9" whole, else the first column. */
function rangeIn(words: string): AddressRange | null {
  // parseRange lets blanks stand around a dash.
  const whole = parseRange(words);
  return whole ?? (/[\s,]/.test(words) ? parseRange(words.split(/[\s,]/, 1)[0]!) : null);
}

const plain = (comment: string) => comment.replace(/[\p{Cc}\p{Cs}]/gu, ' ').trim().slice(0, 200);
