import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Mount } from '../metrics.ts';
import { readOnce } from './source.ts';

export interface MountEntry {
  /** "254:0": the same for every mount of one file system. */
  device: string;
  /** What of the file system is mounted; not "/" for bind mounts. */
  root: string;
  path: string;
  type: string;
  source: string;
  readOnly: boolean;
}

/** Types that hold files of people although their source is no /dev/…. */
const KEPT = new Set(['btrfs', 'zfs', 'bcachefs', 'nfs', 'nfs4', 'cifs', 'smb3', '9p', 'virtiofs', 'ceph', 'glusterfs', 'fuse.glusterfs', 'fuse.sshfs', 'fuse.mergerfs', 'ubifs']);
/** Always full, by their nature. */
const IMAGES = new Set(['squashfs', 'iso9660', 'udf', 'erofs', 'cramfs', 'romfs']);

/**
 * /proc/self/mountinfo (proc(5)); spaces in paths are written `\040`.
 *
 *     27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
 *     42 27 254:0 /var/lib/docker /var/lib/docker rw,relatime - ext4 /dev/vda rw,discard
 */
export function parseMountinfo(text: string): MountEntry[] {
  const plain = (word: string) => word.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return text.split('\n').flatMap((line) => {
    const words = line.split(' ');
    const dash = words.indexOf('-', 6);
    if (dash < 0) return [];
    const [, , device = '', root = '', path = '', options = ''] = words;
    return [{
      device, root: plain(root), path: plain(path), type: words[dash + 1] ?? '', source: plain(words[dash + 2] ?? ''),
      readOnly: options.split(',').includes('ro'),
    }];
  });
}

/**
 * Real file systems, each once: of several mounts of one the whole of it, then the shortest path.
 * The overlay at / is a container's own disk; overlays elsewhere are those of containers that run here.
 */
export function realMounts(entries: readonly MountEntry[]): MountEntry[] {
  const real = entries.filter(({ type, source, path }) =>
    !IMAGES.has(type) && (source.startsWith('/dev/') || KEPT.has(type) || (type === 'overlay' && path === '/')));
  const weight = (entry: MountEntry) => (entry.root === '/' ? 0 : 10_000) + entry.path.length;
  const best = new Map<string, MountEntry>();
  for (const entry of real) {
    // Each data set of ZFS is a file system of its own, and so is each share of one server.
    const key = entry.device.startsWith('0:') && entry.type !== 'btrfs' ? `${entry.device} ${entry.source}` : entry.device;
    const known = best.get(key);
    if (!known || weight(entry) < weight(known)) best.set(key, entry);
  }
  return [...best.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A share whose server is gone answers never; the others must not wait for it. */
const PATIENCE_MS = 2000;

export function createMounts() {
  const waiting = new Set<string>();
  async function measure(entry: MountEntry): Promise<Mount | null> {
    if (waiting.has(entry.path)) return null;
    waiting.add(entry.path);
    const asked = statfs(entry.path).finally(() => waiting.delete(entry.path));
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => late.resolve(null), PATIENCE_MS);
    const stat = await Promise.race([asked.catch(() => null), late.promise]).finally(() => clearTimeout(timer));
    if (!stat || stat.blocks === 0) return null;
    const { bsize, blocks, bfree, bavail, files, ffree } = stat;
    return {
      path: entry.path, device: entry.source, type: entry.type, total: blocks * bsize, used: (blocks - bfree) * bsize, free: bavail * bsize,
      inodes: files > 0 ? files : null, inodesUsed: files > 0 ? files - ffree : null, readOnly: entry.readOnly,
    };
  }
  return async (): Promise<Mount[]> => {
    const entries = realMounts(parseMountinfo(readOnce('/proc/self/mountinfo', 1 << 20) ?? ''));
    const network = (entry: MountEntry) => !entry.source.startsWith('/dev/');
    // Docker mounts single files into containers (/etc/hosts); their disk is the host's.
    const folders = entries.filter((entry) => network(entry) || statSync(entry.path, { throwIfNoEntry: false })?.isDirectory());
    return (await Promise.all(folders.map(measure))).filter((mount) => mount !== null);
  };
}
