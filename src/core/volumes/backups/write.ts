import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { AppError } from '../../../lib/errors.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { tarCheck, type TarFacts } from './tar.ts';

/** Bytes as a log says them. */
export const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const SAY_MS = 2000;

/** Says how far something has come: the bar moves with each piece, the log gets a line now and then. */
export function teller(task: Pick<TaskContext, 'log' | 'progress'>, verb: string, total: number | null) {
  let said = performance.now();
  return (bytes: number) => {
    task.progress(total ? Math.min(0.99, bytes / total) : null);
    if (performance.now() - said < SAY_MS) return;
    said = performance.now();
    task.log(total ? `${mib(bytes)} of ${mib(total)} ${verb}` : `${mib(bytes)} ${verb}`);
  };
}

interface Written extends TarFacts {
  sha256: string;
  /** Bytes of the compressed file. */
  size: number;
}

/**
 * A tar into a new file, compressed, and on the disk when it returns; no more of it is in memory than is on its way.
 * @throws AppError unavailable when the disk is full, invalid when it is no whole tar
 */
export async function writeCompressed(tar: AsyncIterable<Uint8Array>, part: string, { strict, signal, progress }: { strict?: boolean; signal: AbortSignal; progress(bytes: number): void }): Promise<Written> {
  const { through, facts } = tarCheck({ strict: strict === true });
  const hash = new Bun.CryptoHasher('sha256');
  let size = 0;
  const sum = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      size += piece.length;
      progress(facts.bytes);
      done(null, piece);
    },
  });
  try {
    await pipeline(Readable.from(tar, { objectMode: false }), through, createZstdCompress(), sum, createWriteStream(part, { flags: 'wx', mode: 0o600 }), { signal });
    const handle = await open(part, 'r+');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    signal.throwIfAborted();
    throw diskFault(error);
  }
  return { ...facts, sha256: hash.digest('hex'), size };
}

/** What the panel's own disk says, in words. */
export function diskFault(error: unknown): unknown {
  const { code } = (error ?? {}) as { code?: string };
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('unavailable', (t) => t.volumeBackups.full, { cause: error });
  return error;
}
