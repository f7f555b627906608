import type { Socket } from 'bun';
import { encodeFrame, encodeJson } from './frames.ts';

/** What may wait to be read at the other end before it is cut off: nobody falls so far behind who still reads. */
const WAITING_MOST = 8 << 20;

/** The writing half of a socket: keeps what the other end has not taken yet, and says when it has. */
export class Connection {
  #waiting: Buffer[] = [];
  #bytes = 0;

  constructor(private readonly socket: Socket<unknown>) {}

  /** Is there something that the other end has not taken? Whoever can wait, waits for `onDrain`. */
  get full() {
    return this.#bytes > 0;
  }

  frame(type: number, payload: Uint8Array | string = '') {
    this.#write(encodeFrame(type, payload));
  }

  json(type: number, value: unknown) {
    this.#write(encodeJson(type, value));
  }

  end() {
    this.socket.end();
  }

  #write(frame: Buffer) {
    if (this.#bytes === 0) {
      const taken = Math.max(0, this.socket.write(frame));
      if (taken === frame.length) return;
      frame = frame.subarray(taken);
    }
    this.#waiting.push(frame);
    this.#bytes += frame.length;
    if (this.#bytes > WAITING_MOST) this.socket.terminate();
  }

  /** Call when the socket says `drain`. @returns true when everything is gone */
  drain(): boolean {
    while (this.#waiting.length) {
      const [first] = this.#waiting as [Buffer];
      const taken = Math.max(0, this.socket.write(first));
      this.#bytes -= taken;
      if (taken < first.length) {
        this.#waiting[0] = first.subarray(taken);
        return false;
      }
      this.#waiting.shift();
    }
    return true;
  }
}
