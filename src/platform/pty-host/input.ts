/** What is given to the program at a time, before it has taken it. */
const PIECE = 16 * 1024;
/** What may wait for a program that does not read. Nobody types so much; what is pasted beyond it is dropped. */
export const INPUT_MOST = 4 << 20;
/** Keys that come one by one are kept in pieces of so much: each alone would take a hundred times its size. */
const GATHERED = 1024;

/** Keys on their way to a program. A terminal takes any amount into memory at once, so what it is given is counted here. */
export class InputQueue {
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #given = 0;

  constructor(private readonly write: (bytes: Uint8Array) => void) {}

  /** @returns false when it is full and nothing was taken */
  push(bytes: Uint8Array): boolean {
    if (this.#bytes + bytes.length > INPUT_MOST) return false;
    if (this.#bytes === 0 && this.#given + bytes.length <= PIECE) {
      this.#give(bytes);
      return true;
    }
    const last = this.#waiting.at(-1);
    if (last && last.length + bytes.length <= GATHERED) this.#waiting[this.#waiting.length - 1] = Buffer.concat([last, bytes]);
    else this.#waiting.push(Uint8Array.from(bytes));
    this.#bytes += bytes.length;
    if (this.#given === 0) this.#next();
    return true;
  }

  /** The program has taken all that it was given. */
  drained() {
    this.#given = 0;
    this.#next();
  }

  #next() {
    const first = this.#waiting.shift();
    if (!first) return;
    const piece = first.subarray(0, PIECE);
    if (piece.length < first.length) this.#waiting.unshift(first.subarray(PIECE));
    this.#bytes -= piece.length;
    this.#give(piece);
  }

  #give(bytes: Uint8Array) {
    this.#given += bytes.length;
    this.write(bytes);
  }
}
