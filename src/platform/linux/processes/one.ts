import { constants, readlinkSync } from 'node:fs';
import type { Exec } from '../../exec.ts';
import { FILES_SHOWN, type OpenFile, type ProcessDetail, type ProcessRow } from '../../processes.ts';
import { readOnce, readSome } from '../source.ts';
import { openNumbers, socketsOf } from './listeners.ts';
import { readSockets } from './sockets.ts';
import { parseIo } from './stat.ts';
import { readTraffic } from './traffic.ts';

/** What the kernel tells of one process; what the account of the panel may not read is null. */
export async function readProcess(exec: Exec, row: ProcessRow): Promise<ProcessDetail> {
  const { pid } = row;
  return {
    row, executable: link(`/proc/${pid}/exe`), folder: link(`/proc/${pid}/cwd`),
    disk: parseIo(readOnce(`/proc/${pid}/io`) ?? ''), environment: readEnvironment(pid), files: readFiles(pid), sockets: await readOwnSockets(exec, pid),
  };
}

/** Of a file that was taken away meanwhile the kernel adds " (deleted)", and so it is shown. */
function link(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

const ENVIRONMENT_MOST = 1 << 20;

/** `PATH=/usr/bin\0HOME=/root\0`. A process may say that all of its memory is that (prctl(2), PR_SET_MM_MAP). */
const readEnvironment = (pid: number): string[] | null => readSome(`/proc/${pid}/environ`, ENVIRONMENT_MOST)?.toString().split('\0').filter(Boolean) ?? null;

function readFiles(pid: number): ProcessDetail['files'] {
  try {
    const { numbers, total } = openNumbers(pid);
    const shown = numbers.toSorted((a, b) => a - b).slice(0, FILES_SHOWN).flatMap((fd): OpenFile[] => {
      const target = link(`/proc/${pid}/fd/${fd}`);
      // Closed meanwhile.
      return target === null ? [] : [{ fd, target, kind: kindOf(pid, fd, target) }];
    });
    const limit = Number(/^Max open files\s+(\d+)/m.exec(readOnce(`/proc/${pid}/limits`) ?? '')?.[1]);
    return { total, limit: Number.isNaN(limit) ? null : limit, shown };
  } catch {
    return null;
  }
}

function kindOf(pid: number, fd: number, target: string): OpenFile['kind'] {
  if (target.startsWith('socket:')) return 'socket';
  if (target.startsWith('pipe:')) return 'pipe';
  if (!target.startsWith('/')) return 'other';
  if (target.startsWith('/dev/')) return 'device';
  // Not by stat(2), which waits for a file system that does not answer, and all of the panel with it.
  const flags = Number.parseInt(/^flags:\s+(\d+)/m.exec(readOnce(`/proc/${pid}/fdinfo/${fd}`) ?? '')?.[1] ?? '0', 8);
  return flags & constants.O_DIRECTORY ? 'folder' : 'file';
}

async function readOwnSockets(exec: Exec, pid: number): Promise<ProcessDetail['sockets']> {
  const mine = new Set(socketsOf(pid));
  if (mine.size === 0) return link(`/proc/${pid}/fd/0`) === null && link(`/proc/${pid}/exe`) === null ? null : [];
  const found = readSockets(String(pid), (_, inode) => mine.has(inode));
  const carried = found.some(({ protocol, remote }) => protocol === 'tcp' && remote) ? await readTraffic(exec, pid) : null;
  return found.map(({ inode, ...socket }) => ({ ...socket, ...(socket.remote && carried?.get(inode) ? carried.get(inode)! : { received: null, sent: null }) }));
}
