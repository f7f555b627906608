import { close, fchmod, fchown, fstat, fsync, ftruncate, futimes, open, read, type Stats } from 'node:fs';
import { promisify } from 'node:util';

/** A file that is open, by its number: making node's FileHandle takes longer than all else about opening one (Bun 1.4.5). */
export interface HeldFile {
  readonly fd: number;
  stat(): Promise<Stats>;
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  truncate(size: number): Promise<void>;
  chown(uid: number, gid: number): Promise<void>;
  chmod(mode: number): Promise<void>;
  utimes(accessed: Date, modified: Date): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

const call = {
  open: promisify(open) as (at: string | Buffer, flags: number, mode?: number) => Promise<number>,
  stat: promisify(fstat) as (fd: number) => Promise<Stats>,
  read: promisify(read) as (fd: number, into: Uint8Array, offset: number, length: number, position: number) => Promise<{ bytesRead: number }>,
  truncate: promisify(ftruncate) as (fd: number, size: number) => Promise<void>,
  chown: promisify(fchown),
  chmod: promisify(fchmod),
  utimes: promisify(futimes),
  sync: promisify(fsync),
  close: promisify(close),
};

/** @throws what the file system refuses */
export async function openHeld(at: string | Buffer, flags: number, mode?: number): Promise<HeldFile> {
  const fd = await call.open(at, flags, mode);
  return {
    fd,
    stat: () => call.stat(fd),
    read: (into, offset, length, position) => call.read(fd, into, offset, length, position),
    truncate: (size) => call.truncate(fd, size),
    chown: (uid, gid) => call.chown(fd, uid, gid),
    chmod: (bits) => call.chmod(fd, bits),
    utimes: (accessed, modified) => call.utimes(fd, accessed, modified),
    sync: () => call.sync(fd),
    close: () => call.close(fd),
  };
}
