const FIRST = 64 * 1024;

/**
 * The last `limit` bytes of a stream, each known by its offset from the very beginning. Memory grows with what is in it.
 */
export class ByteRing {
  #bytes: Buffer;
  #end = 0;
  #start = 0;

  /** @param onEvict is lent the oldest bytes just before they are written over */
  constructor(
    private readonly limit: number,
    private readonly onEvict: (bytes: Buffer) => void = () => {},
  ) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(FIRST, limit));
  }

  /** Offset of the oldest byte that is still there. */
  get start() {
    return this.#start;
  }

  /** Offset of the next byte that will be written. */
  get end() {
    return this.#end;
  }

  write(bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + this.limit);
      this.#write(piece);
      at += piece.length;
    }
  }

  #write(bytes: Uint8Array) {
    this.#makeRoom(bytes.length);
    const at = this.#end % this.#bytes.length;
    const first = Math.min(bytes.length, this.#bytes.length - at);
    this.#bytes.set(bytes.subarray(0, first), at);
    if (first < bytes.length) this.#bytes.set(bytes.subarray(first), 0);
    this.#end += bytes.length;
  }

  #makeRoom(count: number) {
    const needed = this.#end - this.#start + count;
    if (needed > this.#bytes.length && this.#bytes.length < this.limit) this.#grow(needed);
    const over = needed - this.#bytes.length;
    if (over <= 0) return;
    for (let left = over; left > 0; ) {
      const piece = this.read(this.#start, left);
      this.onEvict(piece);
      this.#start += piece.length;
      left -= piece.length;
    }
  }

  #grow(needed: number) {
    let size = this.#bytes.length;
    while (size < needed && size < this.limit) size *= 2;
    const next = Buffer.allocUnsafeSlow(Math.min(size, this.limit));
    for (let at = this.#start; at < this.#end; ) {
      const piece = this.read(at, this.#end - at);
      // Each byte lies where its offset says, which another size moves; a piece may be cut by the new end.
      const to = at % next.length;
      const fits = piece.subarray(0, next.length - to);
      next.set(fits, to);
      at += fits.length;
    }
    this.#bytes = next;
  }

  /** What lies in one piece from this offset on, at most `most` bytes. A view: it is good until the next write. */
  read(offset: number, most: number): Buffer {
    const at = offset % this.#bytes.length;
    const count = Math.min(most, this.#end - offset, this.#bytes.length - at);
    return this.#bytes.subarray(at, at + Math.max(0, count));
  }
}
