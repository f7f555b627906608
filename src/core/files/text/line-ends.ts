export const LINE_ENDS = ['lf', 'crlf', 'cr'] as const;
export type LineEnd = (typeof LINE_ENDS)[number];

const BYTES: Readonly<Record<LineEnd, string>> = { lf: '\n', crlf: '\r\n', cr: '\r' };

/** How lines of a text end; 'mixed' when in more than one way, 'lf' when there is only one line. */
export function lineEndOf(text: string): LineEnd | 'mixed' {
  const seen = new Set<string>();
  for (const [end] of text.matchAll(/\r\n?|\n/g)) {
    seen.add(end);
    if (seen.size > 1) return 'mixed';
  }
  return LINE_ENDS.find((name) => seen.has(BYTES[name])) ?? 'lf';
}

/** Every line ended that way; 'mixed' leaves each as it is. */
export const withLineEnds = (text: string, end: LineEnd | 'mixed') => (end === 'mixed' ? text : text.replace(/\r\n?|\n/g, BYTES[end]));
