import { AppError, type ErrorCode, type Say } from '../../lib/errors.ts';

/** errno(3) names as node gives them → what the person is told. */
const KNOWN: Record<string, [ErrorCode, Say]> = {
  ENOENT: ['not_found', (t) => t.files.errors.gone],
  ENOTDIR: ['invalid', (t) => t.files.errors.notFolder],
  EISDIR: ['invalid', (t) => t.files.errors.isFolder],
  ELOOP: ['invalid', (t) => t.files.errors.loop],
  ENAMETOOLONG: ['invalid', (t) => t.files.errors.longName],
  EINVAL: ['invalid', (t) => t.files.errors.systemRefuses],
  EILSEQ: ['invalid', (t) => t.files.errors.badName],
  EACCES: ['denied', (t) => t.files.errors.systemDenies],
  EPERM: ['denied', (t) => t.files.errors.systemDenies],
  EEXIST: ['conflict', (t) => t.files.errors.exists],
  ENOTEMPTY: ['conflict', (t) => t.files.errors.notEmpty],
  EBUSY: ['conflict', (t) => t.files.errors.busy],
  ETXTBSY: ['conflict', (t) => t.files.errors.busy],
  EROFS: ['unavailable', (t) => t.files.errors.readOnly],
  ENOSPC: ['unavailable', (t) => t.files.errors.full],
  EDQUOT: ['unavailable', (t) => t.files.errors.full],
  EFBIG: ['unavailable', (t) => t.files.errors.tooBig],
  EIO: ['unavailable', (t) => t.files.errors.ioError],
  ESTALE: ['unavailable', (t) => t.files.errors.ioError],
  ETIMEDOUT: ['unavailable', (t) => t.files.errors.ioError],
  EMFILE: ['unavailable', (t) => t.files.errors.tooManyOpen],
  ENFILE: ['unavailable', (t) => t.files.errors.tooManyOpen],
  EOPNOTSUPP: ['unsupported', (t) => t.files.errors.systemRefuses],
  ENOTSUP: ['unsupported', (t) => t.files.errors.systemRefuses],
  ENOSYS: ['unsupported', (t) => t.files.errors.systemRefuses],
};

export const errnoOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');

/** A refusal of the file system in words a person can act on; anything else passes unchanged. `detail` names the path. */
export function fileFault(error: unknown, path: string): unknown {
  const known = KNOWN[errnoOf(error)];
  if (error instanceof AppError || !known) return error;
  return new AppError(known[0], known[1], { cause: error, detail: path });
}

/** Runs it and tells the file system's refusals in words. @throws AppError */
export async function told<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw fileFault(error, path);
  }
}
