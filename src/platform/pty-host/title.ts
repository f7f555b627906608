const OSC = Buffer.from('\x1b]');
const MOST = 200;
const NOTHING = Buffer.alloc(0);

/**
 * Reads the title that a program sets: OSC 0 and 2, ended by BEL or ST (`ESC ] 0 ; vim notes.md BEL`). xterm, "Operating
 * System Commands". It is text from the program: whoever shows it escapes it.
 */
export class TitleReader {
  #rest: Buffer = NOTHING;

  constructor(private readonly onTitle: (title: string) => void) {}

  scan(bytes: Uint8Array) {
    const data = this.#rest.length ? Buffer.concat([this.#rest, bytes]) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#rest = NOTHING;
    for (let at = data.indexOf(OSC); at >= 0; at = data.indexOf(OSC, at + 2)) {
      // Most of what a program says in this way is something else.
      if (at + 2 < data.length && data[at + 2] !== 0x30 && data[at + 2] !== 0x32) continue;
      const text = data.toString('utf8', at + 2, at + 2 + MOST * 4);
      const found = /^[02];([^\x07\x1b]*)(\x07|\x1b\\)/.exec(text);
      if (found) {
        this.onTitle(cleanTitle(found[1]!));
      } else if (/^([02](;[^\x07\x1b]*\x1b?)?)?$/.test(text)) {
        // Longer than any title, or cut in the middle: then the rest comes with the next piece, or never.
        if (data.length - at - 2 >= MOST * 4) continue;
        this.#rest = Buffer.from(data.subarray(at));
        return;
      }
    }
    if (data[data.length - 1] === 0x1b) this.#rest = Buffer.from([0x1b]);
  }
}

/** Without control characters and what turns the direction of text around; not longer than a line of a list. */
export const cleanTitle = (title: string): string =>
  title.replace(/[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim().slice(0, MOST);
