import { open } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { Semaphore } from '../../../lib/semaphore.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { openFile } from '../entry.ts';
import { told } from '../faults.ts';

/** In the order that they are shown in; MD5 and SHA-1 only to compare with what others publish: neither proves anything any more. */
export const ALGORITHMS = ['sha256', 'sha1', 'md5'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export type Checksums = Record<Algorithm, string> & { size: number };

interface Computing {
  signal: AbortSignal;
  /** Of `total` bytes; a few times a second at most is the caller's business. */
  onProgress?(done: number, total: number): void;
}

/** A few milliseconds of work: between two pieces the panel answers others. */
const PIECE = 1 << 20;

/** Each of them keeps a core and a disk busy. */
const gate = new Semaphore(2, 8);

/**
 * All three at once, in one reading.
 * @throws AppError conflict when the file became shorter or longer meanwhile; unavailable when too many are computed
 */
export async function checksumsOf(app: App, actor: Actor, path: string, computing: Computing): Promise<Checksums> {
  need(actor, 'files.read');
  const file = await openFile(app, actor, path);
  try {
    const done = await gate.run(() => told(path, () => compute(file.at, file.stats.size, computing)));
    if (!done) throw new AppError('unavailable', (t) => t.checksums.busy, { retryAfter: 10 });
    return done.value;
  } finally {
    await file.close();
  }
}

async function compute(at: string, size: number, { signal, onProgress }: Computing): Promise<Checksums> {
  const hashers = ALGORITHMS.map((name) => new Bun.CryptoHasher(name));
  const piece = new Uint8Array(PIECE);
  const handle = await open(at, 'r');
  try {
    let done = 0;
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(piece, 0, PIECE, done);
      if (bytesRead === 0) break;
      for (const hasher of hashers) hasher.update(piece.subarray(0, bytesRead));
      done += bytesRead;
      if (done > size) break;
      onProgress?.(done, size);
    }
    if (done !== size) throw new AppError('conflict', (t) => t.checksums.changed);
    const [sha256 = '', sha1 = '', md5 = ''] = hashers.map((hasher) => hasher.digest('hex'));
    return { sha256, sha1, md5, size };
  } finally {
    await handle.close();
  }
}
