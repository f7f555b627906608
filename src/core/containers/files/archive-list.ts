import { nameOf } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { DockerApp } from '../../docker/ask.ts';
import type { ListedEntry } from '../../files/listing/look.ts';
import { openArchive, told, whole } from './archive.ts';
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
  const { stream, tar } = await openArchive(app, id, `${path === '/' ? '' : path}/.`);
  const until = performance.now() + READ_MS;
  const entries = new Map<string, ListedEntry>();
  const result = (complete: boolean) => ({ entries: [...entries.values()], complete });
  try {
    return await told(async () => {
      const top = whole(await tar.next());
      if (top.type !== 'folder') throw new AppError('invalid', (t) => t.containerFiles.errors.noFolder);
      const above = partsOf(top.name).length;
      for (let head = await tar.next(); head; head = await tar.next()) {
        const parts = partsOf(head.name);
        const name = parts[above];
        // Only what lies in it itself; a name that leads elsewhere belongs to no folder.
        if (name !== undefined && parts.length === above + 1 && name !== '..') entries.set(name, entryOfTar(name, head));
        if (tar.position() > BYTES_MOST || performance.now() > until || entries.size >= ENTRIES_MOST) return result(false);
      }
      return result(true);
    });
  } finally {
    stream.destroy();
  }
}

/** `./etc/ssl/` and `etc/ssl` are the same. */
const partsOf = (name: Buffer) => nameOf(name).split('/').filter((part) => part !== '' && part !== '.');
