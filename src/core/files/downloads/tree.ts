import type { Stats } from 'node:fs';
import { lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { nameOf, shownName } from '../../../lib/file-name.ts';
import { newPiece } from '../../../lib/pieces.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { App } from '../../app.ts';
import { isInside, joinPath } from '../paths.ts';

export interface TreeEntry {
  /** In the archive, "/" between names. */
  path: string;
  type: 'folder' | 'file' | 'link';
  stats: Stats;
  /** Where a link leads, as it is written in it. */
  target: string;
  /** Bytes of a file: at most as many as it had when it was found. Empty for the rest. Pieces may be given back (lib/pieces). */
  bytes(): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

export interface TreeFaults {
  /** What is left out, and why. */
  add(path: string, error: unknown): void;
}

interface Walk {
  app: App;
  signal: AbortSignal;
  faults: TreeFaults;
  /** Real paths that are left out: the panel's own folder, file systems that the kernel makes up. */
  left: { path: string; code: string }[];
  takes: Takes;
}

export interface Takes {
  links: boolean;
  hidden: boolean;
  /** Asked for each entry by its path below the folder: it goes in, it stays out, or it stays out and what lies in it is asked for. */
  judge?: (path: string, folder: boolean) => 'take' | 'leave' | 'enter';
}

/** A read at a time; in flight are no more than two of them. */
const PIECE = 64 << 10;

/** File systems whose files are made while they are read: some have no end (proc(5), /proc/kcore). */
const MADE_UP = /^(proc|sysfs|cgroup2?|devtmpfs|devpts|debugfs|tracefs|securityfs|configfs|fusectl|pstore|bpf|efivarfs|mqueue|hugetlbfs|binfmt_misc|rpc_pipefs|autofs|nsfs|selinuxfs)$/;

/**
 * Everything in these entries of a folder, folders before what is in them. Symlinks are told as such and never
 * followed, each folder is held while it is walked, so nothing outside is reached whatever is swapped meanwhile.
 * What cannot be read is a fault and the walk goes on. Devices, pipes and sockets are left out.
 */
export async function* walkTree(app: App, folder: PinnedFolder, names: readonly string[], faults: TreeFaults, signal: AbortSignal, takes: Takes): AsyncGenerator<TreeEntry> {
  const own = await realpath(app.config.dataDir).catch(() => app.config.dataDir);
  const made = (await app.host.files.volumes()).filter(({ type }) => MADE_UP.test(type)).map(({ path }) => path);
  const left = [...(app.config.demo || isInside(app.host.files.kind, own, folder.real) ? [] : [own]), ...made].map((path) => ({ path, code: path === own ? 'EOWN' : 'EMADEUP' }));
  yield* entries({ app, signal, faults, left, takes }, folder, names, '');
}

async function* entries(walk: Walk, folder: PinnedFolder, names: readonly string[], above: string): AsyncGenerator<TreeEntry> {
  for (const name of names) {
    walk.signal.throwIfAborted();
    if (!walk.takes.hidden && name.startsWith('.')) continue;
    const path = above + shownName(name);
    try {
      const stats = await lstat(folder.at(name));
      const verdict = walk.takes.judge?.(path, stats.isDirectory()) ?? 'take';
      if (verdict === 'leave') continue;
      if (stats.isDirectory()) yield* inFolder(walk, folder, name, path, stats, verdict === 'take');
      else if (stats.isFile()) yield { path, type: 'file', stats, target: '', bytes: () => bytesOf(folder, name, stats.size, walk.signal) };
      else if (stats.isSymbolicLink() && !walk.takes.links) continue;
      else if (stats.isSymbolicLink()) {
        const target = shownName(nameOf(await readlink(folder.at(name), { encoding: 'buffer' })));
        yield { path, type: 'link', stats, target, bytes: nothing };
      } else walk.faults.add(path, fault('ESPECIAL'));
    } catch (error) {
      if (walk.signal.aborted) throw error;
      walk.faults.add(path, error);
    }
  }
}

async function* inFolder(walk: Walk, folder: PinnedFolder, name: string, path: string, stats: Stats, itself: boolean): AsyncGenerator<TreeEntry> {
  const { kind } = walk.app.host.files;
  const real = joinPath(kind, folder.real, name);
  const out = walk.left.find((one) => one.path === real);
  if (out) return walk.faults.add(path, fault(out.code));
  if (itself) yield { path: `${path}/`, type: 'folder', stats, target: '', bytes: nothing };
  const child = await folder.child(name);
  try {
    const names = await readdir(child.at(''), { encoding: 'buffer' });
    yield* entries(walk, child, names.map(nameOf), `${path}/`);
  } finally {
    await child.close();
  }
}

const fault = (code: string) => Object.assign(new Error(code), { code });

async function* nothing(): AsyncGenerator<Uint8Array<ArrayBuffer>> {}

/** What was seen by lstat is what is read, and no more of it than there was then. @throws ECHANGED when it is not, or less */
async function* bytesOf(folder: PinnedFolder, name: string, size: number, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await folder.open(name, 'nofollow');
  try {
    if (!file.stats.isFile()) throw fault('ECHANGED');
    const handle = await open(file.at, 'r');
    try {
      for (let at = 0; at < size; ) {
        signal.throwIfAborted();
        // A new piece each time: whoever has the last one may not have written it yet.
        const piece = newPiece(Math.min(PIECE, size - at));
        const { bytesRead } = await handle.read(piece, 0, piece.length, at);
        if (bytesRead === 0) throw fault('ECHANGED');
        yield piece.subarray(0, bytesRead);
        at += bytesRead;
      }
    } finally {
      await handle.close();
    }
  } finally {
    await file.close();
  }
}

/** Its bytes as far as they can be read; what went wrong is a fault of the archive, not its end. */
export async function* whatCanBeRead(entry: TreeEntry, faults: TreeFaults): AsyncGenerator<Uint8Array> {
  try {
    yield* entry.bytes();
  } catch (error) {
    faults.add(entry.path, error);
  }
}
