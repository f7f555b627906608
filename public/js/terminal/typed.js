// What of one terminal's keys is said to others, and how.

/**
 * What a screen says by itself: who it is, where its cursor is, that it has the focus, where the mouse is. Each screen says
 * that for itself. (xterm, "Control Sequences": DA, DSR, DECRPM, focus, mouse, window and colour reports.)
 */
const REPLY = /^\x1b(?:\[[?>=]?[\d;]*[cnR]|\[\??[\d;]*\$y|\[[IO]$|\[M|\[<|\[\d+;\d+;\d+[Mt]|\].|P.)/;
export const isReply = (text) => REPLY.test(text);

/** Cursor keys as the other program asked for them (DECCKM). */
export const translated = (text, applicationKeys) => text.replace(/^\x1b[[O]([A-DFH])$/, (_whole, key) => `\x1b${applicationKeys ? 'O' : '['}${key}`);

/**
 * Of a text that was pasted: controls would be keys, ESC [ 201 ~ the end of a paste (bracketed paste) whose rest is then typed.
 * Line ends and tabs are meant.
 */
export const withoutKeys = (text) => text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, '');

/** How many lines are entered at the most: a carriage return alone is the Enter key. One at the end makes no further line. */
export const linesOf = (text) => text.replace(/(?:\r\n?|\n)$/, '').split(/\r\n?|\n/).length;

/**
 * A text as it is, for questions: what turns its direction around or does not show stands as its number, and of a long one the
 * end is shown as well as the beginning.
 */
export function shownText(text, most) {
  const cut = text.length > most ? [text.slice(0, most * 0.75), `⋯ ${text.length - most} ⋯`, text.slice(-most / 4)].join('\n') : text;
  return cut.toWellFormed().replace(/\r\n?/g, '\n').replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu, (char) => (/[\n\t]/.test(char) ? char : `⟨U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`));
}
