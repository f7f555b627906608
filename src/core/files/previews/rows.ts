import Papa from 'papaparse';
import { decode, type TextEncoding } from '../text/encodings.ts';
import { lineEndAfter, unitOf } from '../windows/bounds.ts';
import type { Source } from '../windows/source.ts';

/** Of one page of a table. */
export const ROWS = 200;
export const COLUMNS = 60;
const BYTES = 512 << 10;
const CELL = 500;

export interface Rows {
  from: number;
  /** Where the next rows begin; null at the end. */
  next: number | null;
  rows: string[][];
  /** Were there more columns than are shown? */
  wide: boolean;
}

/** Some rows of CSV or TSV from a byte where a row begins; the delimiter is found from what is there. */
export async function readRows(source: Source, from: number, encoding: TextEncoding, name: string): Promise<Rows> {
  const size = await source.sizeNow();
  const bytes = await source.read(from, BYTES);
  // One kind of line end: where a file mixes them, the reader would take one kind and leave the others in the cells.
  const text = decode(bytes, encoding).text.replaceAll('\r\n', '\n');
  const delimiter = name.toLowerCase().endsWith('.tsv') ? '\t' : '';
  const atEnd = from + bytes.length >= size;
  const parsed = Papa.parse<string[]>(text, { delimiter, newline: '\n', preview: ROWS + 1, skipEmptyLines: false });
  const all = parsed.data;
  const rows = all.slice(0, ROWS);
  // The last row of a piece may be cut: it comes with the next one, unless it is all there is.
  const cut = all.length <= ROWS && !atEnd && rows.length > 1;
  if (cut) rows.pop();
  if (all.length <= ROWS && atEnd) {
    // A line end at the very end begins no row.
    if (rows.at(-1)?.length === 1 && rows.at(-1)![0] === '') rows.pop();
    return shape(rows, from, null);
  }
  // Parsed again with as many rows as are shown, to know where they end.
  const { cursor } = Papa.parse(text, { delimiter: parsed.meta.delimiter, newline: '\n', preview: Math.max(1, rows.length) }).meta;
  return shape(rows, from, from + bytesOf(text.slice(0, cursor), encoding, bytes));
}

const shape = (rows: string[][], from: number, next: number | null): Rows => ({
  from, next, wide: rows.some((row) => row.length > COLUMNS),
  rows: rows.map((row) => row.slice(0, COLUMNS).map((cell) => (cell.length > CELL ? `${cell.slice(0, CELL)}…` : cell).toWellFormed())),
});

/** Counted in line ends, so that neither a byte that does not decode nor a mark at the beginning moves anything. */
function bytesOf(text: string, encoding: TextEncoding, bytes: Buffer): number {
  const unit = unitOf(encoding);
  let at = 0;
  for (let lines = text.split('\n').length - 1; lines > 0; lines--) at = lineEndAfter(bytes, at, encoding) + unit;
  // A row that fills the whole piece is left behind as it is.
  return text.endsWith('\n') ? at : bytes.length;
}
