import { createReadStream } from 'node:fs';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { nameOf } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { ArchiveEntry, ArchiveEntryType, ArchiveSource, OpenOptions } from './source.ts';

const TYPES: Record<string, ArchiveEntryType> = {
  file: 'file', 'contiguous-file': 'file', directory: 'folder', symlink: 'link', link: 'hard-link',
};

type TarEntry = Readable & { header: Header };

export async function openTar(at: string, size: number, packing: 'tar' | 'tar.gz' | 'tar.zst', { signal }: OpenOptions): Promise<ArchiveSource> {
  let position = 0;
  const file = createReadStream(at, { highWaterMark: 256 << 10 });
  file.on('data', (piece) => void (position += piece.length));
  // Names are bytes: latin1 keeps each of them.
  const tar = extract({ filenameEncoding: 'latin1' } as never);
  // It must be listening before the first bytes come: an entry that nobody hears of is never read, and all wait for it.
  const found = (tar as unknown as AsyncIterable<TarEntry>)[Symbol.asyncIterator]();
  const steps = packing === 'tar' ? [] : [packing === 'tar.gz' ? createGunzip() : createZstdDecompress()];
  let fault: unknown;
  const done = pipeline([file, ...steps, tar as never], { signal }).catch((error: unknown) => void (fault ??= error));

  async function* entries(): AsyncGenerator<ArchiveEntry> {
    try {
      for await (const entry of { [Symbol.asyncIterator]: () => found }) {
        let used = false;
        yield entryOf(entry, () => void (used = true));
        if (!used) entry.resume();
      }
    } catch (error) {
      signal.throwIfAborted();
      throw broken(fault ?? error);
    }
    await done;
    signal.throwIfAborted();
    if (fault) throw broken(fault);
  }
  return {
    entries, size, streamed: packing !== 'tar', position: () => position,
    async close() {
      file.destroy();
      (tar as unknown as Readable).destroy();
      await done;
    },
  };
}

const broken = (cause: unknown) => (cause instanceof AppError ? cause : new AppError('invalid', (t) => t.archives.errors.broken, { cause, detail: String((cause as Error)?.message ?? '') }));

function entryOf(entry: TarEntry, use: () => void): ArchiveEntry {
  const { header } = entry;
  const pax = (header as { pax?: Record<string, string> | null }).pax;
  const text = (raw: string, fromPax: boolean) => (fromPax ? raw : nameOf(Buffer.from(raw, 'latin1')));
  return {
    name: text(header.name, pax?.path !== undefined),
    type: TYPES[header.type ?? 'file'] ?? 'special',
    size: header.size ?? 0, packed: null, mode: (header.mode ?? 0o644) & 0o7777, modified: header.mtime?.getTime() ?? null, encrypted: false,
    target: async () => text(header.linkname ?? '', pax?.linkpath !== undefined),
    async read(take) {
      use();
      for await (const piece of entry) await take(piece as Uint8Array);
    },
  };
}
