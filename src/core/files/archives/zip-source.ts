import type { FileHandle } from 'node:fs/promises';
import { configure, Reader, ZipReader, type FileEntry, type Entry } from '@zip.js/zip.js';
import { nameOf } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import { decodeName, guessEncoding, type NameEncoding } from './names.ts';
import { Refusal } from './refusal.ts';
import { TARGET_MOST, type ArchiveEntry, type ArchiveSource, type OpenOptions } from './source.ts';

const TYPE = 0o170000;
const LINK = 0o120000;
const FOLDER = 0o040000;
const FILE = 0o100000;
/** Names that are looked at to guess their encoding. */
const SAMPLE = 2000;

/** Where the file is read: by position, so that nothing of it is kept. */
class HandleReader extends Reader<FileHandle> {
  constructor(
    private readonly handle: FileHandle,
    size: number,
  ) {
    super(handle);
    this.size = size;
  }
  override async readUint8Array(index: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - index)));
    const { bytesRead } = await this.handle.read(bytes, 0, bytes.length, index);
    return bytes.subarray(0, bytesRead);
  }
}

export async function openZip(handle: FileHandle, size: number, options: OpenOptions): Promise<ArchiveSource> {
  configure({ useWebWorkers: false });
  const zip = new ZipReader(new HandleReader(handle, size), {
    useWebWorkers: false,
    // Names are judged one by one, so that a bad one does not keep the rest in.
    filenameValidation: 'tolerant',
  });
  let position = 0;
  async function* entries(): AsyncGenerator<ArchiveEntry> {
    const encoding = await encodingOf(zip, options.encoding as NameEncoding | undefined);
    for await (const entry of zip.getEntriesGenerator()) {
      options.signal.throwIfAborted();
      yield entryOf(entry, encoding, options);
      position += entry.compressedSize;
    }
  }
  return { entries, position: () => position, size, streamed: false, close: async () => void (await zip.close().catch(() => {})) };
}

async function encodingOf(zip: ZipReader<unknown>, asked: NameEncoding = 'auto') {
  if (asked !== 'auto') return asked;
  const names: Uint8Array[] = [];
  try {
    for await (const entry of zip.getEntriesGenerator()) if (!saysUtf8(entry) && names.push(entry.rawFilename) >= SAMPLE) break;
  } catch (cause) {
    throw new AppError('invalid', (t) => t.archives.errors.broken, { cause });
  }
  return guessEncoding(names);
}

/** Bit 11: the writer says that names are UTF-8. */
const saysUtf8 = (entry: Entry) => entry.filenameUTF8;

function textOf(entry: Entry, encoding: Exclude<NameEncoding, 'auto'>): string {
  if (saysUtf8(entry)) return nameOf(entry.rawFilename);
  const name = decodeName(entry.rawFilename, encoding);
  // Made on DOS or Windows by programs that took the separator of the system.
  return entry.versionMadeBy >> 8 === 0 && !name.includes('/') ? name.replaceAll('\\', '/') : name;
}

function entryOf(entry: Entry, encoding: Exclude<NameEncoding, 'auto'>, options: OpenOptions): ArchiveEntry {
  const mode = entry.unixMode;
  const kind = (mode ?? 0) & TYPE;
  const type = entry.directory || kind === FOLDER ? 'folder' : kind === LINK ? 'link' : kind === 0 || kind === FILE ? 'file' : 'special';
  const read = (take: (piece: Uint8Array) => Promise<void>) => readData(entry as FileEntry, take, options);
  return {
    name: textOf(entry, encoding), type, size: entry.uncompressedSize, packed: entry.compressedSize,
    mode: mode === undefined || mode === 0 ? null : mode & 0o7777,
    modified: entry.lastModDate ? entry.lastModDate.getTime() : null,
    encrypted: entry.encrypted, read,
    async target() {
      if (entry.uncompressedSize > TARGET_MOST) throw new Refusal('linkOutside');
      const parts: Uint8Array[] = [];
      await read(async (piece) => void parts.push(piece));
      return nameOf(Buffer.concat(parts));
    },
  };
}

async function readData(entry: FileEntry, take: (piece: Uint8Array) => Promise<void>, { password, signal }: OpenOptions) {
  let fault: unknown;
  const sink = new WritableStream<Uint8Array>({
    async write(piece) {
      try {
        await take(piece);
      } catch (error) {
        fault = error;
        throw error;
      }
    },
  });
  try {
    await entry.getData(sink, { password: password ?? '', signal, checkSignature: true, checkOverlappingEntry: true, useWebWorkers: false });
  } catch (error) {
    // What the disk said counts, not what the library made of it.
    if (fault) throw fault;
    signal.throwIfAborted();
    const said = error instanceof Error ? error.message : '';
    if (/password|encrypt/i.test(said)) throw new Refusal(password ? 'wrongPassword' : 'needsPassword');
    throw new Refusal(/overlap/i.test(said) ? 'overlap' : 'damaged');
  }
}
