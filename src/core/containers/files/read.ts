import { isBroken, systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { TarHead } from '../../../lib/tar-read.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { baseOf } from '../../files/paths.ts';
import { runIn, spelled, unspell } from '../run-in.ts';
import { openEntry, streamArchive } from './archive.ts';
import { findPlace, isUnseen, pathIn, type Place } from './place.ts';
import { realPath } from './real.ts';

export interface ContainerFile {
  name: string;
  /** Bytes; null where nobody knows before they are read (/proc). */
  size: number | null;
  /** What the archive says of it; null where there is none. */
  head: TarHead | null;
  bytes: AsyncGenerator<Uint8Array>;
  /** For who does not read it to the end. */
  close(): void;
}

/** Bytes of a file, through links inside of the container. Who read what is written down. @throws AppError denied, invalid (no file), not_found, unavailable */
export async function openContainerFile(app: App, actor: Actor, id: string, input: string, signal?: AbortSignal): Promise<ContainerFile> {
  const place = await findPlace(app, actor, id);
  const file = await openIn(app, place, pathIn(input), signal);
  record(app, actor, { action: 'containers.files.read', target: place.name, params: { path: pathIn(input) } });
  return file;
}

export async function openIn(app: App, place: Place, path: string, signal?: AbortSignal): Promise<ContainerFile> {
  const real = await realPath(app, place, path);
  const name = baseOf('posix', path);
  if (place.running && isUnseen(place, real)) return byShell(app, place, real, name, signal);
  const { stream, tar, head } = await openEntry(app, place.id, real, signal);
  try {
    if (head.type === 'folder') throw new AppError('invalid', (t) => t.files.errors.isFolder);
    if (head.type !== 'file') throw new AppError('invalid', (t) => t.files.errors.special);
    async function* bytes() {
      try {
        yield* tar.body();
      } finally {
        stream.destroy();
      }
    }
    return { name, size: head.size, head, bytes: bytes(), close: () => stream.destroy() };
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

const READ = [unspell('p', 1), '[ -e "$p" ] || exit 3', '[ -f "$p" ] || exit 4', 'exec cat "$p"'].join('\n');

/** What only the container itself sees. Its first bytes tell whether there is anything. */
async function byShell(app: App, place: Place, path: string, name: string, signal?: AbortSignal): Promise<ContainerFile> {
  const over = new AbortController();
  const { frames, code } = await runIn(app, place.id, READ, [spelled(systemName(path))], signal ? AbortSignal.any([signal, over.signal]) : over.signal);
  const out = (async function* () {
    for await (const { stream, bytes } of frames) if (stream === 'stdout') yield new Uint8Array(bytes);
  })();
  const first = await out.next();
  if (first.done) {
    const ended = await code();
    if (ended === 3) throw new AppError('not_found', (t) => t.containerFiles.errors.noFile);
    if (ended === 4) throw new AppError('invalid', (t) => t.files.errors.special);
    if (ended !== 0) throw new AppError('unsupported', (t) => t.containerFiles.errors.unseen);
  }
  async function* bytes() {
    if (!first.done) yield first.value;
    yield* out;
  }
  return { name, size: null, head: null, bytes: bytes(), close: () => over.abort() };
}

/** A folder or a file as the tar that the engine makes of it. @throws AppError denied, not_found, unavailable */
export async function packContainerFolder(app: App, actor: Actor, id: string, input: string, signal: AbortSignal): Promise<{ name: string; tar: AsyncIterable<Uint8Array> }> {
  const place = await findPlace(app, actor, id);
  const path = pathIn(input);
  const real = await realPath(app, place, path);
  if (place.running && isUnseen(place, real)) throw new AppError('unsupported', (t) => t.containerFiles.errors.notPacked);
  const tar = await streamArchive(app, place.id, isBroken(real) ? `${real}/.` : real, signal);
  record(app, actor, { action: 'containers.files.read', target: place.name, params: { path } });
  return { name: baseOf('posix', path) || place.name, tar };
}
