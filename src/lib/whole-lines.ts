/** Of a line that has no end, so much is handed on at once. */
const LINE_MOST = 64 << 10;

/** Pieces of output end anywhere; what is handed on ends with a line. */
export function wholeLines(on: (text: string) => void) {
  let begun = '';
  /** Nothing more comes. */
  function end() {
    if (begun) on(begun);
    begun = '';
  }
  function add(text: string) {
    const whole = text.lastIndexOf('\n') + 1;
    if (whole > 0) on(begun + text.slice(0, whole));
    begun = whole > 0 ? text.slice(whole) : begun + text;
    if (begun.length > LINE_MOST) end();
  }
  return { add, end };
}
