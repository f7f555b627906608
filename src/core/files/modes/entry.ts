import { chmod, chown, lchown, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import type { PinnedFolder } from '../../../platform/files.ts';
import { MODE_BITS } from './mode.ts';
import { nextMode, type Plan } from './plan.ts';

/** What an entry was, for taking a change back. */
export interface Before {
  mode: number;
  uid: number;
  gid: number;
}

/** Something held open: a file, or a folder by itself. */
export interface Held {
  at: string;
  stats: Stats;
}

export async function heldFolder(folder: PinnedFolder): Promise<Held> {
  const at = folder.at('') as string;
  return { at, stats: await stat(at) };
}

/** Would it change at all? */
export function wouldChange(plan: Plan, stats: Stats): boolean {
  if (plan.uid !== null && plan.uid !== stats.uid) return true;
  if (plan.gid !== null && plan.gid !== stats.gid) return true;
  if (stats.isSymbolicLink()) return false;
  const mode = nextMode(plan, stats.mode, stats.isDirectory());
  return mode !== null && mode !== (stats.mode & MODE_BITS);
}

/**
 * Gives one entry its owner, then its mode. A symlink has an owner of its own and no mode; where it leads is never touched.
 * @returns what it was, or null when nothing had to be changed
 * @throws what the file system refuses
 */
export async function changeEntry(plan: Plan, { at, stats }: Held): Promise<Before | null> {
  if (!wouldChange(plan, stats)) return null;
  const [uid, gid] = [plan.uid ?? stats.uid, plan.gid ?? stats.gid];
  const owned = uid !== stats.uid || gid !== stats.gid;
  if (owned) await (stats.isSymbolicLink() ? chownLink : chown)(at, uid, gid);
  if (!stats.isSymbolicLink()) {
    const mode = nextMode(plan, stats.mode, stats.isDirectory());
    // chown(2) takes setuid and setgid from files: a new owner must not hand out rights by an old bit. What was asked for is set after it.
    if (mode !== null && (owned || mode !== (stats.mode & MODE_BITS))) await chmod(at, mode);
  }
  return { mode: stats.mode & MODE_BITS, uid: stats.uid, gid: stats.gid };
}

/** On Linux the descriptor is the link itself, and lchown would change the name of it below /proc. */
const chownLink = (at: string, uid: number, gid: number) => (at.startsWith('/proc/self/fd/') ? chown(at, uid, gid) : lchown(at, uid, gid));
