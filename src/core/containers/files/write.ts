import { systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { TarHead } from '../../../lib/tar-read.ts';
import { TAR_END, tarHeader, tarPadding, type TarEntry } from '../../../lib/tar-write.ts';
import { streamOf } from '../../../lib/stream-of.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { orMissing, tellDocker } from '../../docker/ask.ts';
import { normalName } from '../../files/paths.ts';
import { piecesOf } from '../../files/text/content.ts';
import { ranIn, spelled, unspell } from '../run-in.ts';
import { archivePath, folderHead, headAt } from './archive.ts';
import { fileHindrance, findPlace, type Place } from './place.ts';
import { realIn } from './real.ts';
import { spool } from './spool.ts';

/** All of it is here by then; the engine has the time it needs. */
const WRITE_MS = 2 ** 31 - 1;
const NEW_FILE = 0o644;
const NEW_FOLDER = 0o755;

/** @throws AppError denied: nothing can be written there, and why */
export function refuseUnwritable(place: Place, path: string) {
  const hindrance = fileHindrance(place, path);
  if (hindrance) throw new AppError('denied', (t) => t.containerFiles.hindrances[hindrance]);
}

/** What lies there, a link as itself; null: nothing. */
export const headOrNull = (app: App, place: Place, path: string) => orMissing(headAt(app, place.id, path));

/** One entry into a folder. Owner and mode are those of the tar. @throws AppError as the engine says: disk full, read only */
export async function putIn(app: App, place: Place, folder: string, entry: Omit<TarEntry, 'name'> & { name: string }, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const sent = { ...entry, name: Buffer.from(systemName(entry.name) as string) };
  async function* tar() {
    yield new Uint8Array(tarHeader(sent));
    let size = 0;
    for await (const piece of bytes) {
      size += piece.length;
      if (size > entry.size) break;
      yield piece;
    }
    if (size !== entry.size) throw new AppError('invalid', (t) => t.containerFiles.errors.otherSize);
    yield new Uint8Array(tarPadding(size));
    yield new Uint8Array(TAR_END);
  }
  await tellDocker(app, { method: 'PUT', path: archivePath(place.id, folder, '&noOverwriteDirNonDir=true'), content: { type: 'application/x-tar', data: streamOf(tar()) }, timeout: WRITE_MS });
}

export interface NewContainerFile {
  path: string;
  /** Bytes that follow. */
  size: number;
  /** Take the place of a file that is there: its owner and mode stay. */
  replace: boolean;
}

/**
 * A file that somebody sends; it ends with the rights of who sends it (S10). A new one belongs to whoever its folder belongs to.
 * @throws AppError denied, conflict (it is there already), invalid, not_found (no such folder), unavailable
 */
export async function writeContainerFile(app: App, actor: Actor, id: string, { path: input, size, replace }: NewContainerFile, body: ReadableStream<Uint8Array> | null): Promise<{ path: string; size: number }> {
  const place = await findPlace(app, actor, id);
  const { path, folder, name } = await realIn(app, place, input);
  normalName('posix', name, 'path');
  refuseUnwritable(place, path);
  const before = await headOrNull(app, place, path);
  if (before && before.type !== 'file') throw new AppError('conflict', (t) => t.containerFiles.errors.notAFile({ name }));
  if (before && !replace) throw new AppError('conflict', (t) => t.containerFiles.errors.there({ name }));
  const owner = before ?? (await folderHead(app, place.id, folder));
  const taken = await spool(app, piecesOf(app, actor, body), size);
  try {
    await putIn(app, place, folder, { name, type: 'file', size, mode: before?.mode ?? NEW_FILE, uid: owner.uid, gid: owner.gid, modified: app.clock.now() }, taken.bytes);
  } catch (error) {
    record(app, actor, { action: 'containers.files.write', target: place.name, params: { path, size }, result: 'failed' });
    if (!before) await forget(app, place, path);
    throw error;
  } finally {
    await taken.close();
  }
  await seen(app, place, path, size);
  record(app, actor, { action: 'containers.files.write', target: place.name, params: { path, size } });
  return { path, size };
}

const FORGET = [unspell('p', 1), '[ -f "$p" ] && rm -f "$p"'].join('\n');

/** What came only in part does not stay, where somebody in the container can take it away. */
async function forget(app: App, place: Place, path: string) {
  if (place.running) await ranIn(app, place.id, FORGET, [spelled(systemName(path))]).catch(() => {});
}

/** Read again: an engine that wrote it elsewhere than where it is looked for has written nothing. */
export async function seen(app: App, place: Place, path: string, size: number): Promise<TarHead> {
  const now = await headOrNull(app, place, path);
  if (now?.type === 'file' && now.size === size) return now;
  throw new AppError('unavailable', (t) => t.containerFiles.errors.notWritten);
}

/** @throws AppError denied, conflict, invalid, not_found, unavailable */
export async function makeContainerFolder(app: App, actor: Actor, id: string, input: string): Promise<{ path: string }> {
  const place = await findPlace(app, actor, id);
  const { path, folder, name } = await realIn(app, place, input);
  normalName('posix', name);
  refuseUnwritable(place, path);
  if (await headOrNull(app, place, path)) throw new AppError('conflict', (t) => t.containerFiles.errors.there({ name }), { field: 'name' });
  const above = await folderHead(app, place.id, folder);
  await putIn(app, place, folder, { name, type: 'folder', size: 0, mode: NEW_FOLDER, uid: above.uid, gid: above.gid, modified: app.clock.now() }, nothing());
  record(app, actor, { action: 'containers.files.folder', target: place.name, params: { path } });
  return { path };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
