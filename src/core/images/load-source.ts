import { AppError } from '../../lib/errors.ts';
import { streamOf } from '../../lib/stream-of.ts';
import { formatOfBytes } from '../files/archives/formats.ts';

export type Bytes = ReadableStream<Uint8Array>;
/** All that is asked of one: the kinds of readers that there are differ in the rest. */
interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}
type Pieces = AsyncGenerator<Uint8Array<ArrayBuffer>>;

/** A tar as engines take it themselves, packed or not; zstd only those of 2024 and later: the panel unpacks it. */
type Format = 'engine' | 'zstd';

const HEAD = 512;
const starts = (head: Uint8Array, ...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);

function formatOf(head: Uint8Array): Format | null {
  const known = formatOfBytes(head);
  if (known === 'tar.zst') return 'zstd';
  // gzip, bzip2, xz.
  return known === 'tar' || known === 'tar.gz' || starts(head, 0x42, 0x5a, 0x68) || starts(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0) ? 'engine' : null;
}

/** Looks at the first bytes, and hands all of them on. @throws AppError invalid for what is no archive of images, and when nothing comes */
export async function needArchive(body: Bytes, { quietMs, signal }: { quietMs: number | null; signal: AbortSignal }): Promise<{ pieces: Pieces; format: Format }> {
  const reader = body.getReader();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD) {
    const { value } = await patiently(reader, quietMs, signal);
    if (!value) break;
    first.push(value);
    size += value.length;
  }
  const format = formatOf(Buffer.concat(first));
  if (!format) {
    void reader.cancel().catch(() => {});
    throw new AppError('invalid', (t) => t.imageLoad.noArchive);
  }
  async function* pieces(): Pieces {
    try {
      for (const piece of first.splice(0)) yield piece as Uint8Array<ArrayBuffer>;
      for (;;) {
        const { value } = await patiently(reader, quietMs, signal);
        if (!value) return;
        yield value as Uint8Array<ArrayBuffer>;
      }
    } finally {
      void reader.cancel().catch(() => {});
    }
  }
  return { pieces: pieces(), format };
}

const broken = (cause?: unknown) => new AppError('invalid', (t) => t.imageLoad.broken, { cause });

/** The next piece; a sender that has gone, or says nothing any more, is told so. */
async function patiently(reader: Reader, quietMs: number | null, signal: AbortSignal) {
  signal.throwIfAborted();
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  const timer = quietMs === null ? undefined : setTimeout(() => late.reject(broken()), quietMs);
  const stop = () => late.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([reader.read(), late.promise]);
  } catch (cause) {
    void reader.cancel().catch(() => {});
    throw cause instanceof AppError || signal.aborted ? cause : broken(cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** What the engine is sent. `fault` is what went wrong on the way to it. */
export function unpacked(pieces: Pieces, format: Format, seen: (bytes: number) => void): { data: ReadableStream<Uint8Array<ArrayBuffer>>; fault(): AppError | null } {
  let fault: AppError | null = null;
  async function* counted(): Pieces {
    try {
      for await (const piece of pieces) {
        seen(piece.length);
        yield piece;
      }
    } catch (error) {
      fault ??= error instanceof AppError ? error : broken(error);
      throw error;
    }
  }
  const packed = streamOf(counted());
  if (format === 'engine') return { data: packed, fault: () => fault };
  // A frame that is broken is told by the reader of what comes out.
  const plain = packed.pipeThrough(new DecompressionStream('zstd') as unknown as ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>);
  async function* watched(): Pieces {
    try {
      yield* plain as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>;
    } catch (error) {
      fault ??= error instanceof AppError ? error : new AppError('invalid', (t) => t.imageLoad.badPacking, { cause: error });
      throw error;
    }
  }
  return { data: streamOf(watched()), fault: () => fault };
}
