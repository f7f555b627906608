/**
 * Large buffers that pass through: filled once, written once, and nobody's afterwards. The runtime does not see how much
 * memory they hold and collects late (Bun 1.4.5): more than 100 MiB gather. So they are given back at once where they can
 * be, and what cannot is counted and collected.
 */

/** A collection takes some 15 ms, reading so much from a fast disk about the same. */
const MOST = 16 << 20;

/** Promises and requests around a piece stay when it is given back: so much of it is counted all the same. */
const AROUND = 0.1;

const made = new WeakSet<ArrayBufferLike>();
let loose = 0;

/** A new buffer to read into. */
export function newPiece(bytes: number): Uint8Array<ArrayBuffer> {
  const piece = new Uint8Array(bytes);
  made.add(piece.buffer);
  countLoose(bytes);
  return piece;
}

/** A buffer that a library has made for this one write. */
export function adoptPiece({ buffer, byteLength }: Uint8Array) {
  if (buffer.byteLength !== byteLength) return;
  made.add(buffer);
  countLoose(byteLength);
}

/**
 * Frees what `newPiece` made, when it is whole; anything else is left alone, as somebody else may still read it. For whoever
 * had the last look at it: afterwards it is empty.
 */
export function giveBack({ buffer, byteLength }: Uint8Array) {
  if (buffer.byteLength !== byteLength || !made.delete(buffer)) return;
  loose = Math.max(0, loose - byteLength * (1 - AROUND));
  free(buffer);
}

/** Bytes that nobody needs any more and that cannot be given back. */
export function countLoose(bytes: number) {
  loose += bytes;
  if (loose < MOST) return;
  loose = 0;
  Bun.gc(true);
}

/** Empties a buffer that is the caller's alone. */
export const free = (buffer: ArrayBufferLike) => void (buffer instanceof ArrayBuffer && buffer.transfer(0));
