const ESC = 0x1b;
/** `ESC [ ? 1000 ; 1006 h` (DECSET, DECRST) and `ESC c` (RIS, everything as at first); ECMA-48 writes them so, and programs do. */
const CHANGE = /^\x1b(?:\[\?([\d;]{1,60})([hl])|(c))/;
/** Longer is none of these. */
const LONGEST = 64;

/** Modes that a screen begins with switched on (DECAWM, DECTCEM). */
const ON_FIRST = new Set([7, 25]);
/** The screen that editors and pagers draw on. */
const ALTERNATE = [47, 1047, 1049];
/** More different ones than any terminal has. */
const MODES_MOST = 200;

/**
 * The private modes that a stretch of output leaves behind: alternate screen, mouse, bracketed paste, the cursor. What is
 * forgotten of a long output takes them along, and without them the rest would be drawn on the wrong screen. Reads only what
 * is forgotten, once.
 */
export class ModeTracker {
  #modes: Map<number, boolean>;
  /** The beginning of what may be a change. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(like?: ModeTracker) {
    this.#modes = new Map(like ? like.#modes : []);
    if (like) this.#rest = like.#rest;
  }

  scan(bytes: Uint8Array) {
    const fresh = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const data = this.#rest.length ? Buffer.concat([this.#rest, fresh]) : fresh;
    for (let at = data.indexOf(ESC); at >= 0; at = data.indexOf(ESC, at + 1)) {
      // Colours and moves are most of what there is.
      if (data[at + 1] === 0x5b ? data[at + 2] !== 0x3f : data[at + 1] !== 0x63) continue;
      const found = CHANGE.exec(data.toString('latin1', at, at + LONGEST));
      if (found) this.#change(found);
    }
    const last = data.lastIndexOf(ESC);
    const open = last >= 0 && data.length - last < LONGEST && /^\x1b(\[(\?[\d;]*)?)?$/.test(data.toString('latin1', last));
    this.#rest = open ? Buffer.from(data.subarray(last)) : Buffer.alloc(0);
  }

  #change([, numbers, verb, reset]: RegExpExecArray) {
    if (reset) return this.#modes.clear();
    for (const mode of numbers!.split(';')) if (this.#modes.size < MODES_MOST || this.#modes.has(Number(mode))) this.#modes.set(Number(mode), verb === 'h');
  }

  /** Is what follows drawn on the screen of an editor or a pager? */
  get alternate() {
    return ALTERNATE.some((mode) => this.#modes.get(mode) === true);
  }

  /** What brings an empty screen into this state. */
  restore(): string {
    return [...this.#modes].filter(([mode, on]) => on !== ON_FIRST.has(mode)).map(([mode, on]) => `\x1b[?${mode}${on ? 'h' : 'l'}`).join('');
  }
}
