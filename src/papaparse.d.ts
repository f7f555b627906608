/** The part of papaparse (which brings no types) that reads a whole text. */
declare module 'papaparse' {
  interface Options {
    delimiter?: string;
    newline?: '\n';
    preview?: number;
    skipEmptyLines?: boolean;
  }
  interface Parsed<Row> {
    data: Row[];
    meta: { delimiter: string; cursor: number };
  }
  const Papa: { parse<Row = string[]>(text: string, options?: Options): Parsed<Row> };
  export default Papa;
}
