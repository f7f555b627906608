import { RE2JS, RE2JSException } from 're2js';
import { AppError } from '../../../lib/errors.ts';

/** Letters of a search: also bounds the program that a regular expression becomes. */
export const PATTERN_MOST = 1000;
/** Instructions of the largest program that is taken, and letters times instructions that are looked at in one go: some 100 ms. */
const PROGRAM_MOST = 6000;
const COST = 6_000_000;
/** Letters of one go, however small the program is; an expression looks no further into a line. */
const BLOCK = 64 << 10;

export interface PatternInput {
  text: string;
  regex: boolean;
  /** Must upper and lower case agree? */
  exact: boolean;
}

/**
 * What is searched for, made once. Both ways take time in proportion to what is searched, and an expression to its program
 * as well: ".{0,1000}" twenty times is thousands of instructions for each letter.
 */
export interface Pattern {
  /** Bytes that may be looked at before others get their turn, and of one line at most. An exact text has no such bound. */
  readonly block: number;
  /** Can there be a match in these bytes of UTF-8? For leaving a file alone without decoding it. */
  may(bytes: Buffer): boolean;
  /** The match itself in UTF-8, when it is always the same: then finding these bytes is all there is to do. */
  readonly bytes: Buffer | null;
  /** The first match in this text at or after `from` that lies within one line. */
  find(text: string, from?: number): { from: number; to: number } | null;
}

/**
 * RE2's syntax and its way (Thompson's automata): no back references, no look-around, and nothing that takes for ever.
 * @throws AppError invalid
 */
export function compile({ text, regex, exact }: PatternInput): Pattern {
  if (text === '' || text.length > PATTERN_MOST) throw new AppError('invalid', (t) => t.search.errors.length({ most: PATTERN_MOST }), { field: 'text' });
  if (!regex && exact) {
    const bytes = Buffer.from(text);
    return { block: Infinity, bytes, may: (where) => where.indexOf(bytes) >= 0, find: (where, from = 0) => literal(where, text, from) };
  }
  try {
    const compiled = RE2JS.compile(regex ? text : RE2JS.quote(text), RE2JS.MULTILINE | (exact ? 0 : RE2JS.CASE_INSENSITIVE));
    const size = compiled.programSize();
    if (size > PROGRAM_MOST) throw new AppError('invalid', (t) => t.search.errors.large, { field: 'text' });
    return { block: Math.min(BLOCK, Math.floor(COST / size)), bytes: null, may: probe(regex ? literalIn(text) : text, exact), find: (where, from = 0) => inOneLine(compiled, where, from) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new AppError('invalid', (t) => t.search.errors.regex({ reason: error.message.slice(0, 200) }), { field: 'text', cause: error });
  }
}

/**
 * Looks for a part of every match. Where case does not count, in the bytes as Latin-1: that is a copy without decoding,
 * and a fixed word has nothing to backtrack over.
 */
function probe(part: string | null, exact: boolean): (bytes: Buffer) => boolean {
  // A letter like É has other bytes than é: such a word is left to the expression itself.
  const cased = part !== null && /[^\x00-\x7f]/.test(part) && [...part].some((char) => char > '\x7f' && char.toLowerCase() !== char.toUpperCase());
  if (part === null || (cased && !exact)) return () => true;
  if (exact) {
    const wanted = Buffer.from(part);
    return (bytes) => bytes.indexOf(wanted) >= 0;
  }
  const word = new RegExp(Buffer.from(part).toString('latin1').replace(/[\\^$.*+?()[\]{}|\/]/g, '\\$&'), 'i');
  return (bytes) => word.test(bytes.toString('latin1'));
}

function literal(where: string, text: string, from: number) {
  const at = where.indexOf(text, from);
  return at < 0 ? null : { from: at, to: at + text.length };
}

/** `[^x]*` and `\s` go over line ends; a line that matches only with its neighbours does not. */
function inOneLine(compiled: RE2JS, where: string, from: number): { from: number; to: number } | null {
  const matcher = compiled.matcher(where);
  if (from > where.length || !matcher.find(from)) return null;
  const found = { from: matcher.start(), to: matcher.end() };
  const end = where.indexOf('\n', found.from);
  if (end < 0 || found.to <= end) return found;
  // From here on each line by itself: looking through the rest again for each of them would take its square.
  for (let at = found.from; at <= where.length; ) {
    const stop = where.indexOf('\n', at);
    const alone = compiled.matcher(where.slice(at, stop < 0 ? undefined : stop));
    if (alone.find()) return { from: at + alone.start(), to: at + alone.end() };
    if (stop < 0) return null;
    at = stop + 1;
  }
  return null;
}

/**
 * The longest run of letters and digits that every match of an expression contains. Only where it is plain to see: no
 * alternatives, no groups, no classes, nothing escaped, and no letter that a quantifier makes optional.
 */
export function literalIn(source: string): string | null {
  const flat = source.replace(/\\[wdsbWDSB.]/g, '.').replace(/\[[^\]\\[]*\]/g, '.').replace(/\{\d+(,\d*)?\}/g, '*');
  if (/[|()[\]{}\\]/.test(flat)) return null;
  const runs = flat.replace(/[^.^$*+?][*?]/gu, '.').split(/[.^$*+?]+/);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  return longest.length >= 2 ? longest : null;
}
