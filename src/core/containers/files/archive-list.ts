import { AppError } from '../../../lib/errors.ts';
import { createTarReader, type TarReader } from '../../../lib/tar-read.ts';
import type { DockerApp } from '../../docker/ask.ts';
import type { ListedEntry } from '../../files/listing/look.ts';
import { partsOf, streamArchive, told, whole } from './archive.ts';
import { entryOfTar } from './entries.ts';

/** The engine packs all that lies below a folder; so much of it is read, for so long. */
const BYTES_MOST = 1 << 30;
const READ_MS = 6000;
const ENTRIES_MOST = 100_000;

export interface ArchiveListing {
  entries: ListedEntry[];
  /** false: there is more than was looked through. */
  complete: boolean;
}

/** Lists a folder from the archive that the engine makes of it: everything below passes by. @throws AppError not_found, invalid (no folder), unavailable */
export async function listByArchive(app: DockerApp, id: string, path: string): Promise<ArchiveListing> {
  const stream = await streamArchive(app, id, `${path === '/' ? '' : path}/.`);
  const entries = new Map<string, ListedEntry>();
  let enough = false;
  /** It ends in the middle of whatever it holds: one file in it may be larger than anybody waits for. */
  async function* bounded() {
    const until = performance.now() + READ_MS;
    let size = 0;
    for await (const piece of stream) {
      yield piece;
      size += piece.length;
      enough = size > BYTES_MOST || performance.now() > until || entries.size >= ENTRIES_MOST;
      if (enough) return;
    }
  }
  try {
    await told(() => gather(createTarReader(bounded()), entries));
    return { entries: [...entries.values()], complete: true };
  } catch (error) {
    if (!enough) throw error;
    return { entries: [...entries.values()], complete: false };
  } finally {
    stream.destroy();
  }
}

async function gather(tar: TarReader, entries: Map<string, ListedEntry>) {
  const top = whole(await tar.next());
  if (top.type !== 'folder') throw new AppError('invalid', (t) => t.containerFiles.errors.noFolder);
  const above = partsOf(top.name).length;
  for (let head = await tar.next(); head; head = await tar.next()) {
    const parts = partsOf(head.name);
    const name = parts[above];
    // Only what lies in it itself; a name that leads elsewhere belongs to no folder.
    if (name !== undefined && parts.length === above + 1 && !parts.includes('..')) entries.set(name, entryOfTar(name, head));
  }
}
