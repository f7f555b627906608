import { systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import { createTarReader, TarError, type TarHead, type TarReader } from '../../../lib/tar-read.ts';
import { streamDocker } from '../../docker/ask.ts';
import type { DockerApp } from '../../docker/ask.ts';
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
export async function openArchive(app: DockerApp, id: string, path: string, signal?: AbortSignal): Promise<OpenArchive> {
  const stream = await streamDocker(app, { path: archivePath(id, path), timeout: BEGIN_MS, ...(signal ? { signal } : {}) });
  return { stream, tar: createTarReader(stream) };
}

/** What is said of a path, without its bytes. `follow`: of what a link leads to. @throws AppError not_found, unavailable */
export async function headAt(app: DockerApp, id: string, path: string, follow = false): Promise<TarHead> {
  const { stream, tar } = await openArchive(app, id, follow ? `${path === '/' ? '' : path}/.` : path);
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
