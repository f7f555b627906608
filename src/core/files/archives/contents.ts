import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { openFile } from '../entry.ts';
import { told } from '../faults.ts';
import { partsOf } from './entry-name.ts';
import type { ReadableFormat } from './formats.ts';
import { openArchive } from './open.ts';
import { Refusal, type Reason } from './refusal.ts';
import type { ArchiveEntry, ArchiveEntryType } from './source.ts';

export interface ContentsEntry {
  name: string;
  type: ArchiveEntryType;
  size: number;
  modified: number | null;
  encrypted: boolean;
  /** Why it would not be extracted, as far as its name and kind tell. */
  refused: Reason | null;
}

export interface Contents {
  format: ReadableFormat;
  entries: ContentsEntry[];
  /** Of all that were read, also those not in `entries`. */
  total: number;
  bytes: number;
  refused: number;
  encrypted: boolean;
  /** There may be more: reading took too long, or the archive ends too early. */
  cut: boolean;
}

/** Packed tars are read whole for their names: not for longer than a person waits. */
const READ_MS = 15_000;
const COUNT_MOST = 1_000_000;

export interface ContentsOptions {
  password?: string | undefined;
  encoding?: string | undefined;
  /** Entries that are told. */
  most?: number;
  signal?: AbortSignal | undefined;
}

/** What is in an archive, without unpacking it. @throws AppError */
export async function readContents(app: App, actor: Actor, path: string, { most = 1000, signal, ...options }: ContentsOptions = {}): Promise<Contents> {
  const file = await openFile(app, actor, path);
  const late = AbortSignal.timeout(READ_MS);
  const either = signal ? AbortSignal.any([signal, late]) : late;
  try {
    return await told(path, async () => {
      const archive = await openArchive(app, file, { ...options, signal: either });
      const contents: Contents = { format: archive.format, entries: [], total: 0, bytes: 0, refused: 0, encrypted: false, cut: false };
      try {
        for await (const entry of archive.entries()) {
          if (contents.total >= COUNT_MOST || late.aborted) {
            contents.cut = true;
            break;
          }
          count(app, contents, entry, most);
        }
      } catch (error) {
        signal?.throwIfAborted();
        if (!late.aborted && contents.total === 0) throw error instanceof AppError ? error : new AppError('invalid', (t) => t.archives.errors.broken, { cause: error });
        contents.cut = true;
      } finally {
        await archive.close();
      }
      return contents;
    });
  } finally {
    await file.close();
  }
}

function count(app: App, contents: Contents, entry: ArchiveEntry, most: number) {
  contents.total++;
  contents.bytes += entry.size;
  contents.encrypted ||= entry.encrypted;
  const refused = refusalOf(app, entry);
  if (refused) contents.refused++;
  if (contents.entries.length >= most) return;
  const { name, type, size, modified, encrypted } = entry;
  contents.entries.push({ name, type, size, modified, encrypted, refused });
}

function refusalOf(app: App, entry: ArchiveEntry): Reason | null {
  try {
    partsOf(app.host.files.kind, entry.name);
    return entry.type === 'special' ? 'special' : null;
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}
