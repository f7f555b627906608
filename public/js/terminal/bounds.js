// What a program may make a screen do at once. xterm.js does a thing as often as it is told and puts as many marks on a letter as
// come: a few bytes of a file that somebody looks at would keep the page busy for hours, and again with each reload.

/** As many lines or columns as the largest screen has (src/platform/pty-host/frames.ts): more would change nothing. */
const TIMES_MOST = 1000;
/** What takes its number for a loop: CHT, IL, DL, SU, SD, CBT, REP (ECMA-48, 8.3). */
const COUNTED = ['I', 'L', 'M', 'S', 'T', 'Z', 'b'];
/** Marks on one letter; Tibetan and Vedic have a dozen. What comes after them stands by itself. */
const MARKS_MOST = 30;

/** Widths as `unicode` has them, an addon that registers one version. Call when the terminal has been made. */
export function bound(term, unicode) {
  for (const final of COUNTED) term.parser.registerCsiHandler({ final }, ([times]) => times > TIMES_MOST);
  unicode.activate({ unicode: { register: (widths) => term.unicode.register(bounded(widths)) } });
  term.unicode.activeVersion = 'bounded';
}

/** Properties of a character in xterm.js: bit 0 joins the one before, bits 1 and 2 are its width, above them is room for a count. */
const bounded = (widths) => ({
  version: 'bounded',
  wcwidth: (code) => widths.wcwidth(code),
  charProperties(code, before) {
    const found = widths.charProperties(code, before);
    if (!(found & 1)) return found;
    const marks = (before >> 3) + 1;
    return marks > MARKS_MOST ? 1 << 1 : (found & 7) | (marks << 3);
  },
});
