import { shownName } from '../../lib/file-name.ts';

/** C0 and C1 controls, line and paragraph separators: U+240A is “␊”. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
/** Characters that turn the direction of what follows (“exe.gpj” for “jpg.exe”), or that nobody sees. */
const UNSEEN = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/**
 * A name as people read it: nothing in it is invisible, breaks the line or reorders its neighbours.
 * "a\nb" → `a␊b`, bytes that are no text → `caf\xe9`, U+202E → `\u202e`.
 */
export function label(name: string): string {
  const bidi = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const control = (char: string) => {
    const code = char.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : bidi(char);
  };
  return shownName(name).replace(CONTROL, control).replace(UNSEEN, bidi);
}
