import { firstCharacter } from '../../lib/utf8.ts';
import type { PtyExit } from '../pty/pty.ts';
import type { Connection } from './connection.ts';
import { clampSize, decodeOffset, decodeSize, encodeOffset, encodeSize, FRAME, type Size } from './frames.ts';
import { ModeTracker } from './modes.ts';
import type { Attached, Presence, ViewerHello } from './protocol.ts';
import { SendWindow } from './send-window.ts';
import type { Terminal } from './terminal.ts';

/** Bytes in one frame: a few screens. */
const PIECE = 32 * 1024;
/** A viewer that draws nothing for so long is asleep: programs do not wait for it. */
const ASLEEP_MS = 5000;
/** How far into what is kept a line end is looked for, so that a replay does not begin inside of a character or a sequence. */
const LINE_WITHIN = 8192;

/** One browser that looks at a terminal. It owns no bytes: all that it has yet to get lies in the terminal's ring. */
export class Viewer {
  readonly name: string;
  readonly readOnly: boolean;
  size: Size | null;
  #sent: number;
  #acked: number;
  /** When it last drew something, or had nothing to draw. */
  #awakeAt: number;
  #toldExit = false;
  readonly #window = new SendWindow();

  constructor(
    private readonly terminal: Terminal,
    private readonly connection: Connection,
    hello: ViewerHello,
    private readonly now: () => number,
  ) {
    this.name = hello.name;
    this.readOnly = hello.readOnly;
    this.size = hello.size && clampSize(hello.size);
    this.#sent = this.#acked = hello.from ?? -1;
    this.#awakeAt = now();
  }

  /** First of all frames; then what it has not seen. */
  begin(attached: Attached) {
    this.connection.json(FRAME.attached, attached);
    const { start, end } = this.terminal.ring;
    if (this.#sent < start || this.#sent > end) this.#restart();
    this.pump();
  }

  /** Sends what there is and what it has room for. */
  pump() {
    const { ring } = this.terminal;
    // What it has to draw begins now: it was not asleep while there was nothing.
    if (this.#sent === this.#acked) this.#awakeAt = this.now();
    while (!this.connection.full && this.#sent < ring.end && this.#sent - this.#acked < this.#window.size) {
      if (this.#sent < ring.start) this.#restart();
      const piece = ring.read(this.#sent, Math.min(PIECE, this.#window.size));
      this.connection.frame(FRAME.output, piece);
      this.#sent += piece.length;
      this.#window.sent(this.#sent, this.now());
    }
    if (this.#sent < ring.end && this.#sent - this.#acked >= this.#window.size) this.#window.full();
    const { exit } = this.terminal;
    if (exit && !this.#toldExit && this.#sent === ring.end) this.#tellExit(exit);
  }

  /** What it was sent has left, or has been drawn: there is room for more, and the program may not have to wait any longer. */
  goOn() {
    this.pump();
    this.terminal.drawn();
  }

  #tellExit(exit: PtyExit) {
    this.#toldExit = true;
    this.connection.json(FRAME.exit, exit);
  }

  /** What it would have to see next is forgotten, or it has seen nothing yet: it begins with the oldest that is kept. */
  #restart() {
    const { ring } = this.terminal;
    const modes = new ModeTracker(this.terminal.modes);
    let from = ring.start;
    if (from > 0) {
      const first = ring.read(from, LINE_WITHIN);
      const skipped = first.subarray(0, first.indexOf(0x0a) + 1 || firstCharacter(first));
      modes.scan(skipped);
      from += skipped.length;
    }
    this.#sent = this.#acked = from;
    this.#awakeAt = this.now();
    this.connection.frame(FRAME.restart, Buffer.concat([encodeOffset(from), Buffer.from(modes.restore())]));
    // An editor draws its screen again when its size changes; what it drew before may be forgotten.
    if (from > 0 && modes.alternate) this.terminal.redraw();
  }

  /** @returns false for a frame that no viewer sends */
  take(type: number, payload: Buffer): boolean {
    switch (type) {
      case FRAME.input:
        if (!this.readOnly) this.terminal.input(payload);
        return true;
      case FRAME.ack:
        return this.#ack(decodeOffset(payload));
      case FRAME.size: {
        const size = decodeSize(payload);
        if (!size) return false;
        this.size = clampSize(size);
        this.terminal.fit();
        return true;
      }
      default:
        return false;
    }
  }

  #ack(offset: number | null): boolean {
    if (offset === null || offset > this.#sent) return false;
    if (offset > this.#acked) this.#acked = offset;
    this.#window.drawn(offset, this.now());
    if (!this.readOnly) this.terminal.answered(offset);
    this.#awakeAt = this.now();
    this.goOn();
    return true;
  }

  /** Everything before this offset is on its way. */
  get sent() {
    return this.#sent;
  }

  get awake() {
    return this.#acked === this.#sent || this.now() - this.#awakeAt < ASLEEP_MS;
  }

  tellSize(size: Size) {
    this.connection.frame(FRAME.size, encodeSize(size));
  }

  tellPresence(presence: Presence) {
    this.connection.json(FRAME.presence, presence);
  }

  end() {
    this.connection.end();
  }
}
