// How well a few typed letters fit a label. Pure, so that tests can call it.

/**
 * Every word of the query must be found, in any order: at the start of the label, at the start of a word, anywhere,
 * or as letters in sequence (`prc` → **pr**o**c**esses). `words` are found too, but not marked.
 * @returns {{ score: number, marks: [number, number][] } | null}
 */
export function match(query, label, words = '') {
  const text = label.toLowerCase();
  let score = 0;
  const marks = [];
  for (const word of query.toLowerCase().trim().split(/\s+/)) {
    const found =
      whole(word, text) ?? letters(word, text) ?? (words.toLowerCase().includes(word) ? { score: 5, marks: [] } : null);
    if (!found) return null;
    score += found.score;
    marks.push(...found.marks);
  }
  return { score: score - label.length / 100, marks: merged(marks) };
}

function whole(word, text) {
  let at = text.indexOf(word);
  if (at === -1) return null;
  const first = at;
  // The start of a later word is better than the middle of an earlier one.
  while (at !== -1 && at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1])) at = text.indexOf(word, at + 1);
  const start = at === -1 ? first : at;
  return { score: start === 0 ? 100 : at === -1 ? 40 : 70, marks: [[start, start + word.length]] };
}

function letters(word, text) {
  const marks = [];
  let from = 0;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at === -1 || (marks.length === 0 && at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]))) return null;
    marks.push([at, at + letter.length]);
    from = at + letter.length;
  }
  return { score: 20 - (from - word.length) / 10, marks };
}

/** [[0,1],[1,2],[5,6]] → [[0,2],[5,6]] */
function merged(marks) {
  const out = [];
  for (const [start, end] of marks.sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
}
