import { RE2JS } from 're2js';
import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { splitName } from './names.ts';

export const LETTER_CASES = ['keep', 'lower', 'upper'] as const;

const Flag = z.literal('on').optional().transform((value) => value === 'on');

/** How new names are made of old ones; each part left empty changes nothing. Shared by the page and its preview. */
export const RenameRules = z.object({
  find: z.string().max(1000).default(''),
  replace: z.string().max(1000).default(''),
  regex: Flag,
  matchCase: Flag,
  /** "{name} {n}" */
  pattern: z.string().max(255).default(''),
  start: z.coerce.number().int().min(0).max(1_000_000_000).default(1),
  digits: z.coerce.number().int().min(1).max(9).default(1),
  letters: z.enum(LETTER_CASES).default('keep'),
  ending: z.string().max(100).default(''),
});

export type RenameRules = z.output<typeof RenameRules>;

const PATTERN_MOST = 200;
/** All names together may take so long. */
const BUDGET_MS = 1000;

const bad = () => new AppError('invalid', (t) => t.transfers.errors.pattern, { field: 'find' });

/**
 * RE2's expressions, which take time in proportion to the name whatever they are (JavaScript's go back over what they
 * tried: `a?` thirty times is for ever on forty letters). No references back, no look-around.
 * @throws AppError invalid
 */
export function safePattern(source: string, matchCase: boolean): RE2JS {
  if (source.length > PATTERN_MOST) throw bad();
  try {
    return RE2JS.compile(source, matchCase ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch {
    throw bad();
  }
}

/**
 * A function from name to new name. `monotonic`: milliseconds, for the bound on expressions.
 * @throws AppError invalid for an expression that is not taken, or takes too long
 */
export function renamer(rules: RenameRules, monotonic: () => number): (name: string, isFolder: boolean, index: number) => string {
  const find = rules.find === '' ? null : finder(rules);
  const replacement = rules.regex ? rules.replace : rules.replace.replaceAll('$', '$$$$');
  let spent = 0;
  return (name, isFolder, index) => {
    const from = monotonic();
    const replaced = find ? find(name, replacement) : name;
    spent += monotonic() - from;
    if (spent > BUDGET_MS) throw bad();
    const [stem, ending] = isFolder ? [replaced, ''] : splitName(replaced);
    const number = String(rules.start + index).padStart(rules.digits, '0');
    // In one pass: what a name brings in is not a placeholder.
    const numbered = rules.pattern === '' ? stem : rules.pattern.replace(/\{(name|n)\}/g, (_, word: string) => (word === 'n' ? number : stem));
    return lettered(numbered, rules.letters) + (rules.ending === '' ? ending : newEnding(rules.ending));
  };
}

/** Replaces all that is found; "$1" and the like in `by` mean what they mean to String.replace. */
function finder({ find, regex, matchCase }: RenameRules): (name: string, by: string) => string {
  if (!regex) {
    const literal = new RegExp(find.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), matchCase ? 'gu' : 'giu');
    return (name, by) => name.replace(literal, by);
  }
  const pattern = safePattern(find, matchCase);
  return (name, by) => pattern.matcher(name).replaceAll(by);
}

const lettered = (text: string, letters: RenameRules['letters']) => (letters === 'lower' ? text.toLowerCase() : letters === 'upper' ? text.toUpperCase() : text);

const newEnding = (ending: string) => (ending === '.' ? '' : ending.startsWith('.') ? ending : `.${ending}`);
