/** Bytes that may be on their way to a viewer without its having said that it drew them: at first, at least, at most. */
const FIRST = 64 * 1024;
const LEAST = 16 * 1024;
export const WINDOW_MOST = 192 * 1024;
/** What is on its way delays what Ctrl C has to say: so much longer than its quickest answer a viewer may take, in ms. */
const LATE_MS = 200;
const SOON_MS = 80;

/**
 * How much may be on its way to one viewer: more for a quick line, less for a slow one, told from how long it takes until what
 * was sent has been drawn. The distance to the viewer is in its quickest answer, and is not held against it.
 */
export class SendWindow {
  size = FIRST;
  #quickest = Infinity;
  #full = false;
  /** Something that was sent, and when: the viewer says that it has been drawn. */
  #probe: { offset: number; at: number } | null = null;

  sent(offset: number, now: number) {
    this.#probe ??= { offset, at: now };
  }

  /** There is more than may be on its way: only a window that was full is worth a larger one. */
  full() {
    this.#full = true;
  }

  drawn(offset: number, now: number) {
    if (!this.#probe || offset < this.#probe.offset) return;
    const took = now - this.#probe.at;
    this.#probe = null;
    this.#quickest = Math.min(this.#quickest, took);
    const late = took - this.#quickest;
    if (late > LATE_MS) this.size = Math.max(LEAST, Math.round((this.size * LATE_MS) / late));
    else if (late < SOON_MS && this.#full) this.size = Math.min(WINDOW_MOST, this.size * 2);
    this.#full = false;
  }
}
