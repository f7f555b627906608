import { mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../../lib/errors.ts';

/** Writes a file whole or not at all. @throws AppError denied when the account of the panel may not */
export async function place(path: string, text: string, mode: number): Promise<void> {
  const part = `${path}.mantou-part`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: mode === 0o600 ? 0o700 : 0o755 });
    await rm(part, { force: true });
    const handle = await open(part, 'wx', mode);
    // Whatever the mask of the panel's account is.
    await handle.chmod(mode).then(() => handle.writeFile(text)).then(() => handle.sync()).finally(() => handle.close());
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw refusal(error);
  }
}

/** Takes it away, and its folder when that is empty then. */
export async function displace(path: string, folder = false): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw refusal(error);
  }
  if (folder) await rmdir(dirname(path)).catch(() => {});
}

function refusal(cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return new AppError('denied', (t) => t.services.mayNot, { cause, detail: message });
  return new AppError('unavailable', (t) => t.services.notWritten, { cause, detail: message });
}
