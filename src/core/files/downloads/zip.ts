import { configure, ZipWriter, type ZipWriterAddDataOptions, type ZipWriterConstructorOptions } from '@zip.js/zip.js';
import { adoptPiece, giveBack } from '../../../lib/pieces.ts';
import { streamOf } from '../../../lib/stream-of.ts';
import { whatCanBeRead, type TreeEntry, type TreeFaults } from './tree.ts';

/** Compressed by their own format: doing it again costs time and saves nothing. */
const PACKED = /\.(7z|aac|apk|avi|avif|br|bz2|cab|deb|docx|epub|flac|gif|gz|heic|iso|jar|jpe?g|lz4|lzma|m4[av]|mkv|mov|mp[34]|mpe?g|od[pst]|ogg|opus|png|pptx|rar|rpm|tgz|txz|war|web[mp]|whl|woff2?|xlsx|xz|zip|zst)$/i;

/**
 * A zip that is made while it is sent: Zip64 where it is needed, names in UTF-8, modes and symlinks as Info-ZIP keeps
 * them. `note` is asked at the end for a last text entry; `lock` has a password and its cipher.
 */
export async function writeZip(entries: AsyncIterable<TreeEntry>, out: WritableStream<Uint8Array>, faults: TreeFaults, note: () => { name: string; text: string } | null, lock: ZipWriterConstructorOptions = {}): Promise<void> {
  configure({ useWebWorkers: false, chunkSize: CHUNK });
  const spent = createSpent();
  const zip = new ZipWriter(spent.seenBy(out), { keepOrder: true, extendedTimestamp: true, msDosCompatible: false, useWebWorkers: false, ...lock });
  for await (const entry of entries) {
    const options = optionsOf(entry);
    const read = whatCanBeRead(entry, faults);
    const pieces = options.level === 0 && !lock.password ? spent.kept(read) : read;
    try {
      await zip.add(entry.path, sourceOf(entry, pieces), options);
    } finally {
      spent.all();
      // When the reader has gone, zip.js leaves its source as it is (2.24.0): the file behind it would stay open.
      await pieces.return(undefined);
    }
  }
  const last = note();
  if (last) await zip.add(last.name, { readable: new Blob([last.text]).stream() }, { level: 6 });
  await zip.close();
}

/** What zip.js makes of bytes that are only stored: copies of this size. (With its own 256 KiB 12 MiB more are in use.) */
const CHUNK = 64 << 10;

/**
 * Pieces of what is only stored, until zip.js has copied them: it goes through them in order, so that a whole chunk which
 * came out says that as much went in. (A header is never as long as a chunk.)
 */
function createSpent() {
  const waiting: Uint8Array[] = [];
  let copied = 0;
  return {
    async *kept(pieces: AsyncGenerator<Uint8Array>) {
      try {
        for await (const piece of pieces) {
          waiting.push(piece);
          yield piece;
        }
      } finally {
        await pieces.return(undefined);
      }
    },
    seenBy(out: WritableStream<Uint8Array>): WritableStream<Uint8Array> {
      const writer = out.getWriter();
      return new WritableStream<Uint8Array>({
        async write(piece) {
          if (piece.length === CHUNK) {
            adoptPiece(piece);
            copied += CHUNK;
            while (waiting.length && waiting[0]!.length <= copied) {
              const piece = waiting.shift()!;
              copied -= piece.length;
              giveBack(piece);
            }
          }
          await writer.write(piece);
        },
        close: () => writer.close(),
        abort: (reason) => writer.abort(reason),
      });
    },
    /** The entry is over. */
    all() {
      waiting.splice(0).forEach(giveBack);
      copied = 0;
    },
  };
}

function sourceOf({ type, target }: TreeEntry, pieces: AsyncGenerator<Uint8Array>) {
  if (type === 'folder') return undefined;
  return { readable: type === 'link' ? new Blob([target]).stream() : streamOf(pieces) };
}

function optionsOf({ type, path, stats }: TreeEntry): ZipWriterAddDataOptions {
  const shared = { lastModDate: new Date(stats.mtimeMs), unixMode: stats.mode };
  if (type === 'folder') return { ...shared, directory: true };
  if (type === 'link') return { ...shared, level: 0 };
  return { ...shared, level: stats.size === 0 || PACKED.test(path) ? 0 : 1, uncompressedSize: stats.size };
}
