import { createReadStream } from 'node:fs';
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AppError } from '../../../lib/errors.ts';
import type { App } from '../../app.ts';
import { formatOfBytes } from '../../files/archives/formats.ts';
import { backupPath, type Backup } from './kept.ts';
import { tarCheck, type TarFacts } from './tar.ts';

const PIECE = 1 << 20;

/**
 * Reads a backup from its first byte to its last, before anything is done with it: it is what was written, and a whole tar.
 * One that nothing is known of is read as if others had made it.
 * @throws AppError invalid
 */
export async function verifyBackup(app: App, { volume, id, facts }: Backup, { signal, progress }: { signal: AbortSignal; progress(bytes: number): void }): Promise<TarFacts> {
  const hash = new Bun.CryptoHasher('sha256');
  let bytes = 0;
  const sum = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      progress((bytes += piece.length));
      done(null, piece);
    },
  });
  const check = tarCheck({ strict: facts === null });
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(backupPath(app, volume, id), { highWaterMark: PIECE }), sum, createZstdDecompress(), check.through, nowhere, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw packingFault(error);
  }
  if (facts && hash.digest('hex') !== facts.sha256) throw new AppError('invalid', (t) => t.volumeBackups.otherSum);
  return check.facts;
}

/** What is in a backup, on its way to an engine; `close` ends it. Read `verifyBackup` first. */
export function unpackBackup(app: App, { volume, id }: Backup, progress: (bytes: number) => void): { data: ReadableStream<Uint8Array>; close(): void } {
  const file = createReadStream(backupPath(app, volume, id), { highWaterMark: PIECE });
  let bytes = 0;
  file.on('data', (piece) => progress((bytes += piece.length)));
  const tar = file.pipe(createZstdDecompress());
  file.on('error', (error) => tar.destroy(error));
  return {
    data: Readable.toWeb(tar) as unknown as ReadableStream<Uint8Array>,
    close() {
      file.destroy();
      tar.destroy();
    },
  };
}

/** A tar as it is, or packed by gzip or zstd, told by its first bytes. @throws AppError invalid for anything else */
export async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let ended = false;
  while (head.length < 512 && !ended) {
    const next = await pieces.next();
    if (next.done) ended = true;
    else head = Buffer.concat([head, next.value]);
  }
  const format = formatOfBytes(head);
  if (format !== 'tar' && format !== 'tar.gz' && format !== 'tar.zst') {
    await pieces.return?.();
    throw new AppError('invalid', (t) => t.volumeBackups.noTar);
  }
  async function* all() {
    yield head;
    try {
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
    } finally {
      await pieces.return?.();
    }
  }
  if (format === 'tar') return yield* all();
  const packed = Readable.from(all(), { objectMode: false });
  const tar = packed.pipe(format === 'tar.gz' ? createGunzip() : createZstdDecompress());
  packed.on('error', (error) => tar.destroy(error));
  try {
    yield* tar as AsyncIterable<Buffer>;
  } catch (error) {
    throw packingFault(error);
  } finally {
    packed.destroy();
    tar.destroy();
  }
}

/** What a decompressor says of bytes that are not what they should be. */
export function packingFault(error: unknown): unknown {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  if (!/^(Z_|ZSTD_|ERR_ZSTD|ERR_BROTLI|ERR__ZSTD)/.test(code) && !/zstd|incorrect header|unexpected end|invalid/i.test(message)) return error;
  return error instanceof AppError ? error : new AppError('invalid', (t) => t.volumeBackups.broken, { cause: error, detail: message });
}
