/** Slower than this in bytes a second, a line gains by compression; a quicker one loses time with it. */
const SLOW = 2_000_000;
/** What is looked at, at least, in bytes of the program: less says little about a line. */
const MEASURE = 64 * 1024;
/**
 * So much is on its way when the line is what everything waits for, and not the program: more than a browser draws before it
 * says so (32 KiB, while more comes), and less than a viewer is sent ahead at first (64 KiB, pty-host/send-window.ts).
 */
const BUSY = 62 * 1024;
/** Marks are so far apart: small pieces do not make a long list. */
const APART = 16 * 1024;

/** Where the program's output was, and how many bytes had been put on the wire for it. */
interface Mark {
  offset: number;
  wire: number;
}

/** How fast a line is, told from the acknowledgements of the browser at its end, while there is more to send than it takes. */
export class LinePace {
  #sent: Mark = { offset: 0, wire: 0 };
  /** What is on its way, the oldest first. */
  #marks: Mark[] = [];
  #drawn: Mark = { offset: 0, wire: 0 };
  /** Where measuring began, and when; null: nothing is measured. */
  #began: (Mark & { at: number }) | null = null;
  #slow = false;

  constructor(private readonly now: () => number) {}

  get isSlow() {
    return this.#slow;
  }

  /** Everything before this offset is on its way; the last of it took `wire` bytes. */
  sent(offset: number, wire: number) {
    this.#sent = { offset, wire: this.#sent.wire + wire };
    const last = this.#marks.at(-2);
    if (last && offset - last.offset < APART) this.#marks.pop();
    this.#marks.push(this.#sent);
  }

  /** Everything before this offset has been drawn. */
  drawn(offset: number) {
    while (this.#marks[0] && this.#marks[0].offset <= offset) this.#drawn = this.#marks.shift()!;
    const began = this.#began;
    if (began && this.#drawn.offset - began.offset >= MEASURE) {
      this.#slow = ((this.#drawn.wire - began.wire) / Math.max(1, this.now() - began.at)) * 1000 < SLOW;
      this.#began = null;
    }
    // A program that says little leaves the line empty: how long that took says nothing about the line.
    if (this.#sent.offset - offset < BUSY) this.#began = null;
    else this.#began ??= { ...this.#drawn, at: this.now() };
  }
}
