import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROTOCOL } from './protocol.ts';

/** sockaddr_un.sun_path holds 108 bytes on Linux and 104 elsewhere, with a NUL (unix(7)). */
const LONGEST = 103;

export interface PtyHostPlace {
  /** Folder that only the panel's user may enter. */
  folder: string;
  /** What is listened on. */
  path: string;
  /** Whoever listens holds this file locked. */
  lock: string;
  token: string;
}

/**
 * Where a panel and the process that holds its shells meet. The token is made at first use: the socket lies in a folder that
 * nobody else may enter, a Windows pipe has a name that anybody could take, and neither is enough alone.
 */
export function ptyHostPlace(dataDir: string, runtime?: string): PtyHostPlace {
  const folder = join(dataDir, 'terminals');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `host-${PROTOCOL}.sock`);
  const lock = join(folder, `host-${PROTOCOL}.lock`);
  return { folder, lock, path: process.platform === 'win32' ? pipe(dataDir) : reachable(path, runtime), token: tokenOf(folder) };
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const pipe = (dataDir: string) => `\\\\.\\pipe\\mantou-terminals-${PROTOCOL}-${digest(dataDir.toLowerCase())}`;

/**
 * A data directory far down has no room for the name of a socket in it: then it lies in the user's own run-time folder.
 * @throws Error when that belongs to somebody else
 */
function reachable(path: string, runtime?: string): string {
  if (Buffer.byteLength(path) <= LONGEST) return path;
  const uid = process.getuid?.() ?? 0;
  const folder = join(runtime ?? (uid === 0 ? '/run' : `/run/user/${uid}`), 'mantou');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${folder} is not the panel's own`);
  // One that was there before may be open to others (S20).
  if (found.mode & 0o77) chmodSync(folder, 0o700);
  return join(folder, `${digest(path)}.sock`);
}

/** 256 bits. Less is what a disk that was full, or a machine that went down, left of one; an empty token opens to everybody. */
const TOKEN = /^[\w-]{43}$/;

function tokenOf(folder: string): string {
  const file = join(folder, 'token');
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (TOKEN.test(found)) return found;
  const fresh = randomBytes(32).toString('base64url');
  // It gets its name when it is whole. Only one panel uses a data directory, and it starts the other side.
  const part = `${file}-${process.pid}`;
  try {
    writeFileSync(part, fresh, { mode: 0o600 });
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  return fresh;
}
