/**
 * winget prints for people: a table whose headings are in the language of the system, and after it sentences that are, too.
 * What is the same everywhere is the ruler below the headings, the order of the columns, and that a cell begins where its heading does.
 * A letter of Chinese is two columns wide; a bar that moves is overwritten by a carriage return.
 *
 *     名称                                          ID                                            版本                源
 *     -----------------------------------------------------------------------------------------------------------------------
 *     阿里云盘                                      Alibaba.aDrive                                2.2.8               winget
 *
 * (microsoft/winget-cli#1618). `winget upgrade` has Name, Id, Version, Available and, with more than one source, Source; a second
 * table may follow, of those that are updated only when asked for by name.
 */
export interface WingetTable {
  /** Each with its cells, as many as there are headings. */
  rows: string[][];
}

const RULER = /^-{8,}$/;

/** What was printed last of each line. */
const linesOf = (text: string) => text.split('\n').map((line) => line.replace(/\r+$/, '').split('\r').at(-1)!.trimEnd());

export function wingetTables(text: string): WingetTable[] {
  const lines = linesOf(text);
  return lines.flatMap((line, at) => {
    if (at === 0 || !RULER.test(line)) return [];
    const headings = wordStarts(spread(lines[at - 1]!));
    // A row has something where at least the first three cells begin; a sentence has not.
    const after = lines.slice(at + 1).map(spread);
    const end = after.findIndex((row) => headings.filter((start) => begins(row, start)).length < Math.min(3, headings.length));
    const rows = end < 0 ? after : after.slice(0, end);
    // A heading of two words ("사용 가능") is one column: no cell begins at its second word, or one goes on across it.
    const starts = headings.filter((start) => start === 0 || (rows.every((row) => (row[start - 1] ?? ' ') === ' ') && rows.some((row) => begins(row, start))));
    return rows.length ? { rows: rows.map((row) => starts.map((start, i) => row.slice(start, starts[i + 1]).join('').trim())) } : [];
  });
}

/** A letter for each column; behind a wide one stands an empty one. */
function spread(line: string): string[] {
  return [...line].flatMap((letter) => (Bun.stringWidth(letter) === 2 ? [letter, ''] : Bun.stringWidth(letter) === 0 ? [] : [letter]));
}

const begins = (row: readonly string[], at: number) => (row[at] ?? ' ').trim() !== '' && (at === 0 || row[at - 1] === ' ');
const wordStarts = (row: readonly string[]) => row.flatMap((_, at) => (begins(row, at) ? [at] : []));
