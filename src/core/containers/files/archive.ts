import { isBroken, nameOf, systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import { createTarReader, TarError, type TarHead, type TarReader } from '../../../lib/tar-read.ts';
import { streamDocker, type DockerApp } from '../../docker/ask.ts';
import { parentOf } from '../../files/paths.ts';
import type { DockerStream } from '../../../platform/docker.ts';

/** `%2Fetc%2Fcaf%E9`: bytes that are no text travel as they are. */
const encoded = (path: string) => [...Buffer.from(systemName(path) as string)].map((byte) => (/[\w.~-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)).join('');

/** Of the engine; what a path says is its own business: links in it are followed inside of the container. */
export const archivePath = (id: string, path: string, more = '') => `/containers/${id}/archive?path=${encoded(path)}${more}`;

export interface OpenArchive {
  stream: DockerStream;
  tar: TarReader;
}

/** Engines need a moment to gather a container that does not run. */
const BEGIN_MS = 60_000;

/** What lies at a path as the engine packs it: `folder/.` is all of a folder, a link is itself. @throws AppError not_found, unavailable */
export const streamArchive = (app: DockerApp, id: string, path: string, signal?: AbortSignal): Promise<DockerStream> =>
  streamDocker(app, { path: archivePath(id, path), timeout: BEGIN_MS, ...(signal ? { signal } : {}) });

/** The same, to be read entry by entry. */
export async function openArchive(app: DockerApp, id: string, path: string, signal?: AbortSignal): Promise<OpenArchive> {
  const stream = await streamArchive(app, id, path, signal);
  return { stream, tar: createTarReader(stream) };
}

export interface OpenEntry extends OpenArchive {
  head: TarHead;
}

/**
 * One entry, ready to be read. An engine loses a name that is no text on the way to the process that packs (it travels as JSON):
 * then it is looked for in what is packed of the folder above.
 * @throws AppError not_found, unavailable
 */
export async function openEntry(app: DockerApp, id: string, path: string, signal?: AbortSignal): Promise<OpenEntry> {
  let folder = path;
  while (isBroken(folder)) folder = parentOf('posix', folder);
  const alone = folder === path;
  const { stream, tar } = await openArchive(app, id, alone ? path : `${folder === '/' ? '' : folder}/.`, signal);
  try {
    const top = whole(await told(() => tar.next()));
    return { stream, tar, head: alone ? top : await told(() => found(tar, top, path.slice(folder === '/' ? 1 : folder.length + 1))) };
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

async function found(tar: TarReader, top: TarHead, wanted: string): Promise<TarHead> {
  const above = partsOf(top.name).length;
  for (let head = await tar.next(); head; head = await tar.next()) if (partsOf(head.name).slice(above).join('/') === wanted) return head;
  throw new AppError('not_found', (t) => t.containerFiles.errors.noFile);
}

/** `./etc/ssl/` and `etc/ssl` are the same. */
export const partsOf = (name: Buffer) => nameOf(name).split('/').filter((part) => part !== '' && part !== '.');

/** What is said of a path, without its bytes. @throws AppError not_found, unavailable */
export async function headAt(app: DockerApp, id: string, path: string): Promise<TarHead> {
  const { stream, head } = await openEntry(app, id, path);
  stream.destroy();
  return head;
}

/** The same of a folder that a link leads to. */
export async function folderHead(app: DockerApp, id: string, path: string): Promise<TarHead> {
  const { stream, tar } = await openArchive(app, id, `${path === '/' ? '' : path}/.`);
  try {
    return whole(await told(() => tar.next()));
  } finally {
    stream.destroy();
  }
}

export function whole(head: TarHead | null): TarHead {
  if (head) return head;
  throw new AppError('unavailable', (t) => t.containerFiles.errors.broken);
}

/** A broken archive in words. */
export async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof TarError ? new AppError('unavailable', (t) => t.containerFiles.errors.broken, { cause, detail: cause.message }) : cause;
  }
}
