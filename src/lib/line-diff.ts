export interface DiffLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Cells of the table below: two texts of two thousand lines that share nothing. */
const CELLS_MOST = 4_000_000;

/**
 * What differs between two texts, line by line, by their longest common subsequence; null: too much to be compared.
 * Where lines were exchanged, those that went stand before those that came.
 */
export function lineDiff(before: string, after: string): DiffLine[] | null {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return middle && [...a.slice(0, head).map(same), ...middle, ...a.slice(a.length - tail).map(same)];
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function between(a: readonly string[], b: readonly string[]): DiffLine[] | null {
  const width = b.length + 1;
  if ((a.length + 1) * width > CELLS_MOST) return null;
  // How many lines the rests from i and j on have in common.
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  }
  const lines: DiffLine[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i++]! });
      j++;
    } else if (i < a.length && (j === b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) lines.push({ kind: 'removed', text: a[i++]! });
    else lines.push({ kind: 'added', text: b[j++]! });
  }
  return lines;
}
