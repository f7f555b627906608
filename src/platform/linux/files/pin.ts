import { closeSync, constants, open as openAndCall, openSync, readFileSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { nameOf, systemName } from '../../../lib/file-name.ts';
import type { PinnedFile, PinnedFolder } from '../../files.ts';

/** open(2): a handle that names something without reading it; node has no name for it. */
const O_PATH = 0o10000000;
const FOLDER = O_PATH | constants.O_DIRECTORY;
const openFolder: (path: string | Buffer, flags: number) => Promise<number> = promisify(openAndCall);
/** Below the longest path that the kernel takes or tells at once (PATH_MAX, 4096 with the NUL). */
const PIECE = 4000;

/**
 * Folders held by a descriptor. `/proc/self/fd/<n>/name` is openat(2) in path form: the kernel goes on from the folder
 * that was opened, whatever its old path leads to by now. What lies deeper than the kernel can tell is reached one
 * folder at a time, and there symlinks are not followed.
 */
export async function pinFolder(path: string): Promise<PinnedFolder> {
  const [first, rest] = split(path);
  const fd = await openFolder(systemName(first), FOLDER);
  let folder = pinned(fd, realOrClosed(fd));
  for (const name of rest) {
    const next: PinnedFolder = await folder.child(name).finally(() => folder.close());
    folder = next;
  }
  return folder;
}

function pinned(fd: number, real: string): PinnedFolder {
  const base = pathOf(fd);
  let held = true;
  const at = (name: string) => (name === '' ? base : join(base, name));
  const pathTo = (name: string) => (real === '/' ? `/${name}` : `${real}/${name}`);
  const hold = async (name: string, links: 'follow' | 'nofollow'): Promise<PinnedFile> => {
    const file = await open(at(name), O_PATH | (links === 'nofollow' ? constants.O_NOFOLLOW : 0));
    try {
      // What was not followed is where it was found, also where the kernel cannot tell its path any more.
      const found = links === 'nofollow' && name !== '' ? pathTo(name) : realOf(file.fd);
      return { real: found, stats: await file.stat(), at: pathOf(file.fd), close: () => file.close() };
    } catch (error) {
      await file.close();
      throw error;
    }
  };
  return {
    real,
    at,
    child: async (name) => pinned(await openFolder(join(base, name), FOLDER | constants.O_NOFOLLOW), pathTo(name)),
    async below(names) {
      const path = names.join('/');
      const wanted = pathTo(path);
      if (Buffer.byteLength(wanted) > PIECE) return null;
      const found = await openFolder(join(base, path), FOLDER | constants.O_NOFOLLOW).catch(() => null);
      if (found === null) return null;
      // A symlink on the way was followed: then the kernel says another path.
      if (realOrClosed(found) === wanted) return pinned(found, wanted);
      closeSync(found);
      return null;
    },
    open: (name, links) =>
      hold(name, links).catch((error: NodeJS.ErrnoException) => (error.code === 'ENAMETOOLONG' && links === 'follow' ? hold(name, 'nofollow') : Promise.reject(error))),
    // At once: there is nothing to write, and a turn through another thread takes ten times the time.
    async close() {
      if (held) closeSync(fd);
      held = false;
    },
  };
}

const pathOf = (fd: number) => `/proc/self/fd/${fd}`;

/** The kernel tells it from its memory. @throws EACCES for what lies in another mount namespace */
function realOf(fd: number): string {
  if (!isOwnMount(fd)) throw Object.assign(new Error('EACCES: in another mount namespace'), { code: 'EACCES' });
  return nameOf(readlinkSync(pathOf(fd), { encoding: 'buffer' }));
}

let rootMount: string | undefined;

/**
 * A link to `/proc/<pid>/root/…` leads into the mounts of that process, and the kernel tells paths as they are there: any
 * user may have mounted /etc on a folder of theirs in a namespace of their own (unshare -rm), and its files would be
 * told as lying in that folder. The number of a mount is taken while something in it is open, so it is nobody else's.
 */
function isOwnMount(fd: number): boolean {
  const mount = mountOf(fd);
  // Linux before 3.15 does not tell.
  if (mount === null) return true;
  if (rootMount === undefined) {
    const root = openSync('/', FOLDER);
    rootMount = mountOf(root) ?? '';
    closeSync(root);
  }
  // Tables of mounts come in pieces: one that changes meanwhile may miss a line.
  return mount === rootMount || isInTable(mount) || isInTable(mount);
}

/** `pos:\t0 flags:\t012100000 mnt_id:\t1286 ino:\t2`, a line each */
const mountOf = (fd: number) => /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? null;

/** proc_pid_mountinfo(5): `36 35 98:0 / /mnt rw,noatime master:1 - ext3 /dev/root rw` */
const isInTable = (mount: string) => `\n${readFileSync('/proc/self/mountinfo', 'latin1')}`.includes(`\n${mount} `);

function realOrClosed(fd: number): string {
  try {
    return realOf(fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function join(base: string, name: string): string | Buffer {
  const raw = systemName(name);
  return typeof raw === 'string' ? `${base}/${raw}` : Buffer.concat([Buffer.from(`${base}/`), raw]);
}

/** What the kernel takes at once, and the names that follow it. */
function split(path: string): [string, string[]] {
  if (Buffer.byteLength(path) <= PIECE) return [path, []];
  const parts = path.split('/').slice(1);
  let first = '';
  let used = 0;
  while (used < parts.length && Buffer.byteLength(`${first}/${parts[used]}`) <= PIECE) first += `/${parts[used++]}`;
  return [first || '/', parts.slice(used)];
}
