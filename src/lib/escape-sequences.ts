const ESC = 0x1b;

/**
 * What terminals act on instead of showing it (ECMA-48, 5.4 and 5.6; XTerm Control Sequences): strings (OSC `ESC ] 0 ; title BEL`,
 * DCS, SOS, PM, APC, ended by BEL or ST), CSI `ESC [ 1 ; 31 m`, and short ones such as `ESC ( B` and `ESC =`.
 */
const SEQUENCE = /\x1b(?:[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\[[0-?]*[ -/]*[@-~]?|[ -/]*[0-Z\\`-~]?)/g;
/** Other control characters but tab and line feed; of a line end `CR LF` that leaves the line feed. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Text of a terminal as a log would have it: no escape sequences, no control characters, lines end with a line feed. */
export const withoutEscapes = (text: string): string => text.replace(SEQUENCE, '').replace(CONTROL, '');

/** The same as SEQUENCE, but only whole ones, from the very beginning. */
const WHOLE = /^\x1b(?:[\]PX^_][^\x07\x1b]*(?:\x07|\x1b[^])|\[[0-?]*[ -/]*[^ -?]|[ -/]*[^ -/[\]PX^_])/;

/** Without the beginning of a sequence at the end, and of a line end: what follows would be taken for text. */
export function wholeSequences(bytes: Buffer): Buffer {
  const last = bytes.lastIndexOf(ESC);
  if (last >= 0) {
    // `ESC \` ends a string that began with the escape before it.
    const before = last > 0 ? bytes.lastIndexOf(ESC, last - 1) : -1;
    const from = before >= 0 && !WHOLE.test(bytes.toString('latin1', before)) ? before : last;
    if (!WHOLE.test(bytes.toString('latin1', from))) return bytes.subarray(0, from);
  }
  return bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
}
