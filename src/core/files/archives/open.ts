import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import type { PinnedFile } from '../../../platform/files.ts';
import type { App } from '../../app.ts';
import { formatOfBytes, toolFor, type ReadableFormat } from './formats.ts';
import type { ArchiveSource } from './source.ts';
import { openTar } from './tar-source.ts';
import { openWithTool, type ToolOptions } from './tool-source.ts';
import { openZip } from './zip-source.ts';

export interface OpenArchive extends ArchiveSource {
  format: ReadableFormat;
}

const HEAD = 512;

/** @throws AppError invalid for what is no archive; unsupported where the tool for it is missing */
export async function openArchive(app: App, file: PinnedFile, options: ToolOptions): Promise<OpenArchive> {
  const handle = await open(file.at, 'r');
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(HEAD);
    await handle.read(head, 0, HEAD, 0);
    const format = formatOfBytes(head);
    if (!format) throw new AppError('invalid', (t) => t.archives.errors.unknown, { field: 'path' });
    const source = await sourceOf(app, file, handle, size, format, options);
    return { ...source, format, close: () => source.close().finally(() => handle.close()) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function sourceOf(app: App, file: PinnedFile, handle: FileHandle, size: number, format: ReadableFormat, options: ToolOptions): Promise<ArchiveSource> {
  if (format === 'zip') return openZip(handle, size, options);
  if (format !== '7z' && format !== 'rar') return openTar(file.at, size, format, options);
  const tool = await toolFor(app, format);
  if (!tool) throw new AppError('unsupported', (t) => t.archives.errors.noTool({ format }));
  return openWithTool(app, tool, file.at, size, options);
}
