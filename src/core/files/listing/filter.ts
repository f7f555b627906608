/**
 * What a person types to narrow a list down: every word must occur, in any order and case; `*` and `?` stand for any
 * characters and one. null: everything fits.
 */
export function nameFilter(filter: string): ((name: string) => boolean) | null {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean).slice(0, WORDS_MOST).map(wordFilter);
  if (words.length === 0) return null;
  const [only] = words;
  if (words.length === 1) return (name) => only!(name.toLowerCase());
  return (name) => {
    const lower = name.toLowerCase();
    return words.every((fits) => fits(lower));
  };
}

const WORDS_MOST = 20;

function wordFilter(word: string): (lower: string) => boolean {
  if (!/[*?]/.test(word)) return (lower) => lower.includes(word);
  return (lower) => fitsPattern(lower, word);
}

/** Glob without a regular expression: it goes back to the last `*` only, so no pattern takes more than length × length. */
export function fitsPattern(text: string, pattern: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let mark = 0;
  while (at < text.length) {
    if (p < pattern.length && (pattern[p] === '?' || (pattern[p] === text[at] && pattern[p] !== '*'))) {
      at++;
      p++;
    } else if (pattern[p] === '*') {
      star = p++;
      mark = at;
    } else if (star >= 0) {
      p = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
