import { AppError, type ErrorCode, type Say } from '../../../lib/errors.ts';

/** A refusal with the status that the tus protocol (or WebDAV, RFC 4918) has for it. */
export class UploadRefusal extends AppError {
  constructor(
    code: ErrorCode,
    readonly answer: number,
    say: Say,
    cause?: unknown,
  ) {
    super(code, say, { cause });
  }
}

/** Not 409: that means a wrong offset in tus, and clients go on by themselves with a right one. */
export const taken = () => new UploadRefusal('conflict', 412, (t) => t.uploads.errors.taken);
export const folderThere = () => new UploadRefusal('conflict', 412, (t) => t.uploads.errors.folderThere);
export const full = (cause?: unknown) => new UploadRefusal('unavailable', 507, (t) => t.uploads.errors.full, cause);
export const tooLong = () => new UploadRefusal('invalid', 413, (t) => t.uploads.errors.tooLong);
export const wrongChecksum = () => new UploadRefusal('invalid', 460, (t) => t.uploads.errors.checksum);
export const badChecksum = () => new UploadRefusal('invalid', 400, (t) => t.uploads.errors.badChecksum);
export const badMetadata = (say: Say) => new UploadRefusal('invalid', 400, say);
export const unknown = () => new UploadRefusal('not_found', 404, (t) => t.uploads.errors.unknown);
export const expired = () => new UploadRefusal('not_found', 410, (t) => t.uploads.errors.expired);
export const tooMany = () => new UploadRefusal('conflict', 429, (t) => t.uploads.errors.tooMany);
/** The one who sends is signed out, or may not any more. */
export const over = () => new UploadRefusal('denied', 403, (t) => t.uploads.errors.over);
/** Another request for the same upload took its place, the panel stops, or the line broke. */
export const stopped = () => new UploadRefusal('unavailable', 503, (t) => t.uploads.errors.stopped);
