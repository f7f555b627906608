const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;
/** Ends of sequences that put the cursor elsewhere: what follows is another line (CUP, HVP, VPA, CUU, CUD, CNL, CPL). */
const ELSEWHERE = new Set(['H', 'f', 'd', 'A', 'B', 'E', 'F']);
/** Further right in the same line (CUF, CHA). */
const RIGHT = new Set(['C', 'G']);
/** Longer lines are taken as several: what is found in them is shown with a few words around it anyway. */
const LINE_MOST = 4096;

type State = 'text' | 'escape' | 'csi' | 'string';

/** A line, and when each of its parts was written: from which column, in seconds. */
export interface PlainLine {
  text: string;
  parts: { column: number; seconds: number }[];
}

/**
 * What a terminal showed as lines of text: without escape sequences (ECMA-48), with characters that were taken back taken
 * back. It is what people look for, not what a screen would look like: that only a terminal knows.
 */
export class PlainText {
  #state: State = 'text';
  #line = '';
  #parts: PlainLine['parts'] = [];

  constructor(private readonly onLine: (line: PlainLine) => void) {}

  push(text: string, seconds: number) {
    for (let at = 0; at < text.length; ) {
      if (this.#state !== 'text') {
        at = this.#sequence(text, at);
        continue;
      }
      CONTROL.lastIndex = at;
      const found = CONTROL.exec(text);
      const end = found?.index ?? text.length;
      if (end > at) this.#write(text.slice(at, end), seconds);
      if (!found) return;
      this.#control(found[0], seconds);
      at = end + 1;
    }
  }

  /** The line that has not ended yet. */
  end() {
    this.#break();
  }

  #write(text: string, seconds: number) {
    if (this.#line.length > LINE_MOST) this.#break();
    if (this.#parts.at(-1)?.seconds !== seconds) this.#parts.push({ column: this.#line.length, seconds });
    this.#line += text;
  }

  #control(char: string, seconds: number) {
    if (char === '\x1b') this.#state = 'escape';
    else if (char === '\x9b') this.#state = 'csi';
    else if (/[\x90\x98\x9d-\x9f]/.test(char)) this.#state = 'string';
    else if (/[\n\v\f\r\x84\x85]/.test(char)) this.#break();
    else if (char === '\b') this.#back();
    else if (char === '\t') this.#write(' ', seconds);
  }

  /** Takes a character back, and the part that began with it. */
  #back() {
    this.#line = this.#line.slice(0, -1);
    while (this.#parts.length > 0 && this.#parts.at(-1)!.column >= this.#line.length) this.#parts.pop();
  }

  /** Inside of a sequence. @returns where to go on */
  #sequence(text: string, at: number): number {
    const char = text[at]!;
    if (this.#state === 'escape') {
      if (char === '[') this.#state = 'csi';
      else if (/[\]PX^_]/.test(char)) this.#state = 'string';
      // ESC and what stands between it and its end.
      else if (!/[\x1b -/]/.test(char)) this.#state = 'text';
      return at + 1;
    }
    if (this.#state === 'csi') return this.#csi(char, at);
    // OSC, DCS and the like: until BEL, ST, or an ESC that begins the two-byte ST.
    while (at < text.length && !/[\x07\x1b\x9c]/.test(text[at]!)) at++;
    if (at < text.length) this.#state = text[at] === '\x1b' ? 'escape' : 'text';
    return at + 1;
  }

  #csi(char: string, at: number): number {
    if (char === '\x1b') this.#state = 'escape';
    else if (/[@-~]/.test(char)) {
      this.#state = 'text';
      if (ELSEWHERE.has(char)) this.#break();
      else if (RIGHT.has(char) && this.#line && !this.#line.endsWith(' ')) this.#line += ' ';
    } else if (!/[ -?]/.test(char)) {
      // No part of a sequence: it has been given up.
      this.#state = 'text';
      return at;
    }
    return at + 1;
  }

  #break() {
    if (this.#line.trim()) this.onLine({ text: this.#line, parts: this.#parts });
    this.#line = '';
    this.#parts = [];
  }
}

/** When the character before this column was written. */
export function secondsAt({ parts }: PlainLine, column: number): number {
  return parts.findLast((part) => part.column < column)?.seconds ?? parts[0]?.seconds ?? 0;
}
