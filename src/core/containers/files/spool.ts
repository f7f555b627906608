import { mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import type { App } from '../../app.ts';

export interface Spool {
  bytes: AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Takes in what somebody sends before the engine hears of it: while an engine unpacks into a container it answers nothing else
 * about it, however slow the sender is, and what breaks off half-way would lie there. On the disk, under no name: a panel that is
 * killed leaves nothing.
 * @throws AppError invalid when it is not as long as it was said to be; what `pieces` throws; what the disk says
 */
export async function spool(app: Pick<App, 'config' | 'random'>, pieces: AsyncIterable<Uint8Array>, size: number): Promise<Spool> {
  const folder = join(app.config.dataDir, 'spool');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, app.random.id());
  const handle = await open(path, 'wx+', 0o600);
  // Windows lets nobody take away the name of a file that is open.
  const nameless = await unlink(path).then(() => true, () => false);
  const close = async () => {
    await handle.close();
    if (!nameless) await unlink(path).catch(() => {});
  };
  const otherSize = () => new AppError('invalid', (t) => t.containerFiles.errors.otherSize);
  try {
    let got = 0;
    for await (const piece of pieces) {
      if (got + piece.length > size) throw otherSize();
      for (let at = 0; at < piece.length; ) at += (await handle.write(piece, at, piece.length - at, got + at)).bytesWritten;
      got += piece.length;
    }
    if (got !== size) throw otherSize();
    return { bytes: handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 256 << 10 }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
