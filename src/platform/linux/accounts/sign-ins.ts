import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { SignIn } from '../../accounts.ts';

/** lastlog(8): one record for each uid, at its place. int32 time, char line[32], char host[256]. */
const LASTLOG = 292;
/** utmp(5) on every Linux of glibc: 384 bytes, times of 32 bits also where time_t has 64. */
const UTMP = 384;
/** The end of wtmp that is looked through: some 10,000 sign-ins. */
const WTMP_MOST = 4 << 20;
const USER_PROCESS = 7;

const word = (bytes: Buffer, from: number, length: number) => bytes.subarray(from, from + length).toString('utf8').replace(/\0.*$/s, '');

/** What /var/log/lastlog tells of one; null: never, or the file is not there (Debian 13 has none). */
export function readLastlog(uid: number, path = '/var/log/lastlog'): SignIn | null {
  const record = Buffer.alloc(LASTLOG);
  const read = withFile(path, (fd) => readSync(fd, record, 0, LASTLOG, uid * LASTLOG));
  const seconds = record.readInt32LE(0);
  return read === LASTLOG && seconds > 0 ? { at: seconds * 1000, line: word(record, 4, 32), from: word(record, 36, 256) } : null;
}

export interface WtmpRow extends SignIn {
  name: string;
}

/** Sign-ins in a piece of wtmp, newest first. A piece that does not begin at a record is none. */
export function parseWtmp(bytes: Buffer): WtmpRow[] {
  const rows: WtmpRow[] = [];
  for (let at = 0; at + UTMP <= bytes.length; at += UTMP) {
    const record = bytes.subarray(at, at + UTMP);
    if (record.readInt16LE(0) !== USER_PROCESS) continue;
    rows.push({ name: word(record, 44, 32), at: record.readUInt32LE(340) * 1000, line: word(record, 8, 32), from: word(record, 76, 256) });
  }
  return rows.toReversed();
}

/** From the end of /var/log/wtmp; empty where there is none. */
export function readWtmp(path = '/var/log/wtmp'): WtmpRow[] {
  return (
    withFile(path, (fd) => {
      const { size } = fstatSync(fd);
      const length = Math.min(size - (size % UTMP), WTMP_MOST - (WTMP_MOST % UTMP));
      const bytes = Buffer.alloc(length);
      readSync(fd, bytes, 0, length, size - (size % UTMP) - length);
      return parseWtmp(bytes);
    }) ?? []
  );
}

function withFile<T>(path: string, read: (fd: number) => T): T | null {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    return read(fd);
  } catch {
    return null;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
