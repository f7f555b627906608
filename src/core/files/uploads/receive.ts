import { writev } from 'node:fs';
import { countLoose, free } from '../../../lib/pieces.ts';
import { tooLong } from './refusal.ts';

/** Bytes that are gathered before they are written: few system calls, and still little to lose or to keep in memory. */
const BATCH = 1 << 18;
/** What a request leaves behind of its stream at most, until it is collected (Bun 1.4.5, seen). */
const LEFT = 2 << 20;
/** writev(2) takes 1,024 pieces at most (IOV_MAX). */
const PIECES = 512;

interface Receive {
  /** Where the first byte goes. */
  at: number;
  /** Bytes that may come. */
  most: number;
  /** Stops at once; what has come by then is written. */
  signal: AbortSignal;
  /** Sees every byte, in order. */
  see?: ((piece: Uint8Array) => void) | undefined;
}

/**
 * Appends a stream to a file. While one batch is written (in another thread: a slow disk does not hold the panel up) the
 * next one is read; the sender is held back meanwhile. What has come is in the file also when this throws.
 * @returns how many bytes came, when the sender was done or `signal` said stop
 * @throws UploadRefusal 413 for a byte more than `most`; what the file system refuses; when the sender goes away
 */
export async function receive(body: ReadableStream<Uint8Array>, fd: number, { at, most, signal, see }: Receive): Promise<number> {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  let written: Promise<void> = Promise.resolve();
  let batch: Uint8Array[] = [];
  let size = 0;
  let came = 0;
  const flush = async () => {
    await written;
    const [pieces, from] = [batch, at];
    at += size;
    batch = [];
    size = 0;
    written = writeAll(fd, pieces, from);
    // Whoever awaits it next hears of it; until then it is nobody's unhandled failure.
    written.catch(() => {});
  };
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) break;
      if (came + value.length > most) throw tooLong();
      see?.(value);
      came += value.length;
      size += value.length;
      batch.push(value);
      if (size >= BATCH || batch.length >= PIECES) await flush();
    }
  } catch (error) {
    stop();
    await flush();
    await written;
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    countLoose(Math.min(came, LEFT));
  }
  await flush();
  await written;
  return came;
}

/** writev(2) may write less than all, near the end of a disk. */
async function writeAll(fd: number, pieces: readonly Uint8Array[], at: number): Promise<void> {
  try {
    let left = pieces.filter((piece) => piece.length > 0);
    while (left.length) {
      const wrote = await writeSome(fd, left, at);
      at += wrote;
      left = after(left, wrote);
    }
  } finally {
    for (const piece of pieces) giveBack(piece);
  }
}

/** Frees the bytes now: a gigabyte a second of garbage is collected late, and a hundred megabytes wait for it. */
function giveBack({ buffer, byteLength }: Uint8Array) {
  if (buffer.byteLength === byteLength) free(buffer);
}

const writeSome = (fd: number, pieces: readonly Uint8Array[], at: number) =>
  new Promise<number>((resolve, reject) => {
    writev(fd, pieces as Uint8Array[], at, (error, wrote) => (error ? reject(error) : resolve(wrote)));
  });

function after(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  for (const piece of pieces) {
    if (bytes >= piece.length) bytes -= piece.length;
    else {
      left.push(bytes ? piece.subarray(bytes) : piece);
      bytes = 0;
    }
  }
  return left;
}
