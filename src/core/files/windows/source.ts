import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Actor, App } from '../../app.ts';
import { openFile } from '../entry.ts';
import { errnoOf, told } from '../faults.ts';
import { normalPath } from '../paths.ts';

/** What is read of a file whose size the kernel does not tell (/proc, /sys): far more than any of them says. */
export const VIRTUAL_MOST = 4 << 20;

/** A file held open for reading here and there. Nothing of it is kept but what the kernel has no size for. */
export interface Source {
  readonly path: string;
  readonly real: string;
  /** Device and inode: another one under the same name is another file. */
  readonly id: string;
  /** Bytes when it was opened; it may grow and shrink meanwhile. */
  readonly size: number;
  /** ms since 1970 */
  readonly modified: number;
  /** Its bytes are made as they are read, and were read once. */
  readonly virtual: boolean;
  /**
   * Up to `length` bytes from `from`; fewer only where the file ends. `into` is used again and again by who reads much:
   * new megabytes for every piece cost more than reading them from the cache.
   */
  read(from: number, length: number, into?: Buffer): Promise<Buffer>;
  /** How large it is now. */
  sizeNow(): Promise<number>;
  close(): Promise<void>;
}

/**
 * A regular file for reading. O_NONBLOCK: some files of /proc wait for news (kmsg, trace_pipe), and nothing here may wait.
 * @throws AppError
 */
export async function openSource(app: App, actor: Actor, path: string): Promise<Source> {
  const normal = normalPath(app.host.files.kind, path);
  const file = await openFile(app, actor, normal);
  try {
    const handle = await told(normal, () => open(file.at, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
    const { size, mtimeMs, dev, ino } = file.stats;
    const common = { path: normal, real: file.real, id: `${dev}:${ino}`, modified: Math.floor(mtimeMs), close: () => handle.close() };
    const read = (from: number, length: number, into?: Buffer) => told(normal, () => readFully(handle, from, length, into));
    const plain = { ...common, size, virtual: false, read, sizeNow: async () => (await handle.stat()).size };
    if (size > 0) return plain;
    const all = await read(0, VIRTUAL_MOST).catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
    if (all.length === 0) return plain;
    return { ...common, size: all.length, virtual: true, read: async (from, length) => all.subarray(from, from + length), sizeNow: async () => all.length };
  } finally {
    await file.close();
  }
}

interface Handle {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

/** @throws errno of node */
async function readFully(handle: Handle, from: number, length: number, into?: Buffer): Promise<Buffer> {
  const buffer = into ?? Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, from + filled).catch((error: unknown) => {
      // Nothing there yet, in a file that would wait for it.
      if (errnoOf(error) === 'EAGAIN') return { bytesRead: 0 };
      throw error;
    });
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Runs with the source and closes it. @throws AppError */
export async function withSource<T>(app: App, actor: Actor, path: string, run: (source: Source) => Promise<T>): Promise<T> {
  const source = await openSource(app, actor, path);
  try {
    return await run(source);
  } finally {
    await source.close();
  }
}
