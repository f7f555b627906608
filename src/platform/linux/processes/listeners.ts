import { readdirSync, readlinkSync, statSync } from 'node:fs';
import type { Listener } from '../../processes.ts';
import { readOnce } from '../source.ts';
import { readSockets } from './sockets.ts';

const SOCKET = /^socket:\[(\d+)\]$/;

/** Of a process that has more open than this, as a container may have a million, only the first are looked at. */
const OPEN_MOST = 16_384;

/**
 * Numbers that a process has open, and how many there are about; of one with very many the first numbers, whether or not each
 * is open. @throws where that may not be read
 */
export function openNumbers(pid: number | string, most = OPEN_MOST): { numbers: number[]; total: number } {
  const size = Number(/^FDSize:\s+(\d+)/m.exec(readOnce(`/proc/${pid}/status`) ?? '')?.[1] ?? 0);
  if (size <= most) {
    const numbers = readdirSync(`/proc/${pid}/fd`).map(Number);
    return { numbers, total: numbers.length };
  }
  // Linux 6.2 says how many there are, earlier ones only for how many there is room.
  return { numbers: Array.from({ length: most }, (_, fd) => fd), total: statSync(`/proc/${pid}/fd`).size || size };
}

/** Which sockets a process holds; none where that may not be read. */
export function socketsOf(pid: number | string): number[] {
  try {
    return openNumbers(pid).numbers.flatMap((fd) => {
      try {
        const inode = SOCKET.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
        return inode ? [Number(inode)] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** Sockets that nobody holds are the kernel's own (WireGuard, NFS), or of whom the panel may not look into: asked again this late. */
const NOBODY_MS = 60_000;

/**
 * Who holds a socket: inode → pid. To find that, the descriptors of all processes are read, so it is done only for sockets that
 * were not there the time before; a socket that was handed on keeps its first holder until that one ends.
 */
export function createHolders(): (inodes: readonly number[]) => ReadonlyMap<number, number> {
  let holders = new Map<number, number>();
  let nobody = new Map<number, number>();
  return (inodes) => {
    const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
    const alive = new Set(pids.map(Number));
    const before = holders;
    const now = performance.now();
    nobody = new Map(inodes.flatMap((inode) => (now - (nobody.get(inode) ?? -Infinity) < NOBODY_MS ? [[inode, nobody.get(inode)!]] : [])));
    const left = new Set(inodes.filter((inode) => inode > 0 && !nobody.has(inode) && !alive.has(before.get(inode) ?? -1)));
    holders = new Map(inodes.flatMap((inode) => (left.has(inode) || !before.has(inode) ? [] : [[inode, before.get(inode)!]])));
    for (const pid of left.size ? pids : []) {
      for (const inode of socketsOf(pid)) {
        // Children inherit it: the one that was there first is its owner.
        if (left.delete(inode)) holders.set(inode, Number(pid));
      }
      if (left.size === 0) break;
    }
    for (const inode of left) nobody.set(inode, now);
    return holders;
  };
}

/** Who waits for connections. */
export function createListeners(): () => Listener[] {
  const holdersOf = createHolders();
  return () => {
    const found = readSockets('self', (state) => state === 'LISTEN' || state === 'UNCONN');
    const holders = holdersOf(found.map(({ inode }) => inode));
    return found.map(({ protocol, address, port, inode }) => ({ protocol, address, port, pid: holders.get(inode) ?? null }));
  };
}
