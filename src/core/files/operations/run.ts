import type { App } from '../../app.ts';
import type { ConflictPolicy } from '../../../db/schema/files.ts';
import { AppError, type Say } from '../../../lib/errors.ts';
import { shownName } from '../../../lib/file-name.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { errnoOf, fileFault } from '../faults.ts';
import type { Guard } from './guard.ts';

export type Policy = Exclude<ConflictPolicy, 'ask'>;

export interface Counts {
  /** Entries that were copied, moved or deleted. */
  entries: number;
  bytes: number;
  /** Left alone because something with the name was there. */
  skipped: number;
  failed: number;
  /** The first that failed, and why. */
  fault?: { path: string; say: Say };
}

/** One copy or move under way: what each step of it needs. */
export interface Transfer {
  readonly app: App;
  readonly guard: Guard;
  readonly move: boolean;
  readonly signal: AbortSignal;
  /** What to do about this entry; `path` is relative to the selection, with "/". */
  policyFor(path: string): Policy;
  readonly counts: Counts;
  /** "device:inode" of every folder above the target: copying one of them would copy the copy. */
  readonly above: ReadonlySet<string>;
  /** "device:inode" of a file with several hard links → path of its copy. */
  readonly links: Map<string, { path: string; dev: number; ino: number }>;
  readonly buffer: Buffer;
  /** Does this pair of file systems share blocks between copies? Unknown until it was tried. */
  clones: boolean;
  advance(bytes: number, path?: string): void;
  /** One entry could not be done; the rest goes on. */
  fault(path: string, error: unknown): void;
  note(path: string, say: Say): void;
}

/** Lines about single entries that a log keeps. */
const LINES_MOST = 500;

export interface Journal {
  counts: Counts;
  fault(path: string, error: unknown): void;
  note(path: string, say: Say): void;
}

/** Counts what becomes of entries, and writes what went wrong, a bounded number of lines of it. */
export function openJournal(task?: Pick<TaskContext, 'log' | 'tell'>): Journal {
  const counts: Counts = { entries: 0, bytes: 0, skipped: 0, failed: 0 };
  let lines = 0;
  const write = (path: string, error: AppError) => void (task && lines++ < LINES_MOST && task.log(`${shownName(path)}: ${task.tell(error)}`));
  return {
    counts,
    note: (path, say) => write(path, new AppError('conflict', say)),
    fault(path, error) {
      const told = fileFault(error, path);
      if (!(told instanceof AppError)) throw error;
      counts.failed += 1;
      counts.fault ??= { path, say: told.say };
      write(path, told);
    },
  };
}

/** Faults that every further entry would have too. */
export const isFatal = (error: unknown) => ['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE'].includes(errnoOf(error));

/** Throws what a person reads when some entries failed. @throws AppError */
export function settle(counts: Counts): void {
  const { failed, entries, fault } = counts;
  if (!fault) return;
  throw new AppError('unavailable', (t) => t.transfers.errors.some({ failed, done: entries, name: shownName(fault.path), why: fault.say(t) }), { detail: fault.path });
}
