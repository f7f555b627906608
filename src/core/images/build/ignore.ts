import { posix } from 'node:path';
import { RE2JS } from 're2js';
import { AppError } from '../../../lib/errors.ts';

/** What happens to an entry: it goes in, it stays out, or it stays out and what lies in it is looked at. */
export type Verdict = 'take' | 'leave' | 'enter';

interface Pattern {
  /** Without its `!`. */
  text: string;
  exception: boolean;
  matches(path: string): boolean;
}

export interface IgnoreRules {
  /** @param path relative to the context, with `/`, without one at its end */
  judge(path: string, folder: boolean): Verdict;
}

const MOST = 10_000;
/** Each is held against each file, and this is the panel's time, not the engine's (S22). */
const WILD_MOST = 2000;
/** No path of Linux is longer (PATH_MAX). */
const PATTERN_MOST = 4096;

/** No rules. */
export const TAKE_ALL: IgnoreRules = { judge: () => 'take' };

/**
 * The rules of a `.dockerignore` as Docker itself reads them (moby/patternmatcher, ignorefile and patternmatcher): the last
 * pattern that fits counts, `!` makes an exception, what is said of a folder is said of everything in it.
 * @param kept go in whatever the rules say, as the engine needs them: the Dockerfile, and the file of the rules
 * @throws AppError invalid for a pattern that Docker does not take either
 */
export function readIgnore(text: string, kept: readonly string[] = []): IgnoreRules {
  const lines = linesOf(text);
  if (lines.length > MOST) throw new AppError('invalid', (t) => t.imageBuild.errors.ignoreLong({ n: MOST }));
  if (lines.filter((line) => /[*?[\\]/.test(line)).length > WILD_MOST) throw new AppError('invalid', (t) => t.imageBuild.errors.ignoreWild({ n: WILD_MOST }));
  const long = lines.find((line) => line.length > PATTERN_MOST);
  if (long !== undefined) throw new AppError('invalid', (t) => t.imageBuild.errors.ignorePattern({ pattern: `${long.slice(0, 100)}…` }));
  const patterns = lines.map(patternOf);
  const skips = (path: string) => isIgnored(patterns, path);
  // As `docker build` does it: only what would be left out needs an exception, so that others stay out of the way.
  for (const path of kept) if (skips(path)) patterns.push({ text: path, exception: true, matches: (one) => one === path });
  const exceptions = patterns.filter(({ exception }) => exception).map((one) => `${one.text}/`);
  return {
    judge(path, folder) {
      if (!skips(path)) return 'take';
      // Only a pattern that begins with the folder's own name leads into it.
      return folder && exceptions.some((exception) => exception.startsWith(`${path}/`)) ? 'enter' : 'leave';
    },
  };
}

/** ignorefile.ReadAll: a BOM is none of it, a line that begins with # is a comment, a `/` at the beginning means nothing. */
function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split('\n').flatMap((line) => {
    if (line.startsWith('#')) return [];
    const trimmed = line.trim();
    if (trimmed === '') return [];
    const exception = trimmed.startsWith('!');
    const rest = exception ? trimmed.slice(1).trim() : trimmed;
    const clean = rest === '' ? '' : cleaned(rest);
    return [`${exception ? '!' : ''}${clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean}`];
  });
}

/** filepath.Clean: no `.`, no `..` as far as it can be resolved, no doubled or last `/`. */
const cleaned = (path: string) => posix.normalize(path).replace(/(?<=.)\/$/, '');

function patternOf(line: string): Pattern {
  const exception = line.startsWith('!');
  const text = cleaned(exception ? line.slice(1) : line);
  if (line === '!') throw new AppError('invalid', (t) => t.imageBuild.errors.ignorePattern({ pattern: line }));
  return { text, exception, matches: matcherOf(text) };
}

/** patternmatcher.MatchesOrParentMatches: each pattern in turn, of those that could change what is known so far. */
function isIgnored(patterns: readonly Pattern[], path: string): boolean {
  const above = parentsOf(path);
  let ignored = false;
  for (const { exception, matches } of patterns) {
    if (exception !== ignored) continue;
    if (matches(path) || above.some(matches)) ignored = !exception;
  }
  return ignored;
}

/** `a/b/c` → `a`, `a/b`. */
function parentsOf(path: string): string[] {
  const names = path.split('/');
  return names.slice(0, -1).map((_, i) => names.slice(0, i + 1).join('/'));
}

/** patternmatcher.Pattern.compile, with its kinds: what needs no expression is compared as text. */
function matcherOf(pattern: string): (path: string) => boolean {
  let expression = '';
  let kind: 'exact' | 'prefix' | 'suffix' | 'expression' = 'exact';
  const chars = [...pattern];
  let first = true;
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    if (char === '*' && chars[i + 1] === '*') {
      const begins = first;
      i++;
      if (chars[i + 1] === '/') i++;
      if (i + 1 >= chars.length) {
        // `**` at the end takes everything.
        if (kind === 'exact') kind = 'prefix';
        else [expression, kind] = [`${expression}.*`, 'expression'];
      } else [expression, kind] = [`${expression}(.*/)?`, 'expression'];
      if (begins) kind = 'suffix';
    } else if (char === '*') [expression, kind] = [`${expression}[^/]*`, 'expression'];
    else if (char === '?') [expression, kind] = [`${expression}[^/]`, 'expression'];
    else if ('.+()|{}$'.includes(char)) expression += `\\${char}`;
    else if (char === '\\' && i + 1 < chars.length) [expression, kind] = [`${expression}\\${chars[++i]!}`, 'expression'];
    else if (char === '\\') expression += '\\\\';
    else if (char === '[' || char === ']') [expression, kind] = [expression + char, 'expression'];
    else expression += char;
    first = false;
  }
  if (kind === 'exact') return (path) => path === pattern;
  if (kind === 'prefix') {
    const begin = pattern.slice(0, -2);
    return (path) => path.startsWith(begin);
  }
  if (kind === 'suffix') {
    const end = pattern.slice(2);
    return (path) => path.endsWith(end) || (end.startsWith('/') && path === end.slice(1));
  }
  return expressionOf(pattern, expression);
}

/** Go's expressions are RE2's: no pattern takes longer than its text, whatever somebody writes into a file (S22). */
function expressionOf(pattern: string, expression: string): (path: string) => boolean {
  try {
    const compiled = RE2JS.compile(`^${expression}$`);
    return (path) => compiled.testExact(path);
  } catch (cause) {
    throw new AppError('invalid', (t) => t.imageBuild.errors.ignorePattern({ pattern }), { cause });
  }
}
