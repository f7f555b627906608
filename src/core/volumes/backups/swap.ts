import { chmodSync, chownSync, lstatSync, readdirSync, renameSync, utimesSync } from 'node:fs';
import { AppError } from '../../../lib/errors.ts';
import type { Begun, Swap } from './begun.ts';

/** Every entry of one folder into another of the same file system, by its name alone: nothing is read, nothing is written. */
function move(from: string, to: string) {
  for (const name of readdirSync(from, { encoding: 'buffer' })) {
    renameSync(Buffer.concat([Buffer.from(`${from}/`), name]), Buffer.concat([Buffer.from(`${to}/`), name]));
  }
}

/** Owner, mode and time of the folder itself. */
function dress(target: string, like: string) {
  const { uid, gid, mode, atime, mtime } = lstatSync(like);
  chownSync(target, uid, gid);
  chmodSync(target, mode & 0o7777);
  utimesSync(target, atime, mtime);
}

const isFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Exchanges what is in a volume: the old goes into `aside`, the new comes in. No step reads or copies, so neither a full disk
 * nor a long way can end it in the middle; one that is ended all the same goes on where it was (`endSwap`).
 * @throws what the file system says; then the old is back
 */
export function swap(begun: Begun, folders: Omit<Swap, 'phase'>): void {
  begun.note({ swap: { ...folders, phase: 'aside' } });
  endSwap(begun);
}

/**
 * Goes on with an exchange that was begun; nothing to do without one.
 * @throws AppError unavailable when it cannot be: then the old is back
 */
export function endSwap(begun: Begun): void {
  const { swap: now } = begun.notes;
  if (!now) return;
  const { target, fresh, aside } = now;
  const gone = [target, fresh, aside].find((path) => !isFolder(path));
  if (gone) throw new AppError('unavailable', (t) => t.volumeBackups.folderGone({ path: gone }));
  if (now.phase === 'back' || now.phase === 'home') return giveUp(begun, now);
  try {
    if (now.phase === 'aside') {
      move(target, aside);
      dress(aside, target);
      begun.note({ swap: { ...now, phase: 'in' } });
    }
    move(fresh, target);
    dress(target, fresh);
  } catch (error) {
    // Before anything new came in there is nothing to be taken out.
    giveUp(begun, { ...now, phase: begun.notes.swap!.phase === 'aside' ? 'home' : 'back' });
    throw new AppError('unavailable', (t) => t.volumeBackups.notSwapped, { cause: error, detail: (error as Error).message });
  }
  begun.note({ swap: null });
}

function giveUp(begun: Begun, now: Swap) {
  const { target, fresh, aside } = now;
  begun.note({ swap: now });
  if (now.phase === 'back') {
    move(target, fresh);
    dress(target, aside);
    begun.note({ swap: { ...now, phase: 'home' } });
  }
  move(aside, target);
  begun.note({ swap: null });
}
