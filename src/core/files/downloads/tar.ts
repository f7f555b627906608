import { pack, type Pack } from 'tar-stream';
import { whatCanBeRead, type TreeEntry, type TreeFaults } from './tree.ts';

/**
 * A tar (POSIX.1-2001, long names and sizes in pax headers) that is made while it is sent. `note` is asked at the end
 * for a last text entry.
 */
export async function* writeTar(entries: AsyncIterable<TreeEntry>, faults: TreeFaults, note: () => { name: string; text: string } | null): AsyncGenerator<Uint8Array> {
  const tar = pack();
  // A reader that has gone takes nothing any more: whoever waits for it to is told.
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => {});
  const filled = fill({ tar, gone: gone.promise }, entries, faults, note).catch((error: Error) => tar.destroy(error));
  try {
    yield* tar as AsyncIterable<Uint8Array>;
  } finally {
    gone.reject(new Error('the reader has gone'));
    tar.destroy(undefined as never);
    await filled;
  }
}

interface Filling {
  tar: Pack;
  gone: Promise<never>;
}

async function fill(filling: Filling, entries: AsyncIterable<TreeEntry>, faults: TreeFaults, note: () => { name: string; text: string } | null) {
  for await (const entry of entries) {
    if (entry.type === 'file') await addFile(filling, entry, faults);
    else await whole(filling, { ...headerOf(entry), type: entry.type === 'folder' ? 'directory' : 'symlink', ...(entry.type === 'link' ? { linkname: entry.target } : {}) });
  }
  const last = note();
  if (last) await whole(filling, { name: last.name }, last.text);
  filling.tar.finalize();
}

const headerOf = ({ path, stats }: TreeEntry) => ({ name: path, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, mtime: new Date(stats.mtimeMs) });

function whole({ tar, gone }: Filling, header: Parameters<Pack['entry']>[0], text = '') {
  const written = new Promise<void>((resolve, reject) => void tar.entry(header, text, (error) => (error ? reject(error) : resolve())));
  return Promise.race([written, gone]);
}

/** A header says how long the file is before the first byte: what is missing at its end is filled up, and the note says so. */
async function addFile({ tar, gone }: Filling, entry: TreeEntry, faults: TreeFaults) {
  const { size } = entry.stats;
  const ended = Promise.withResolvers<void>();
  const sink = tar.entry({ ...headerOf(entry), size, type: 'file' }, (error) => (error ? ended.reject(error) : ended.resolve()));
  ended.promise.catch(() => {});
  // What broke is told by the archive itself; an entry that nobody listens to would end the process with it.
  sink.on('error', () => {});
  let sent = 0;
  const send = async (piece: Uint8Array) => {
    sent += piece.length;
    if (!sink.write(piece)) await Promise.race([new Promise<void>((resolve) => sink.once('drain', resolve)), ended.promise, gone]);
  };
  for await (const piece of whatCanBeRead(entry, faults)) await send(piece);
  while (sent < size) await send(new Uint8Array(Math.min(64 << 10, size - sent)));
  sink.end(undefined);
  await Promise.race([ended.promise, gone]);
}
