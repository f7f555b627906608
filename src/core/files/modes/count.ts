import { lstat } from 'node:fs/promises';
import type { Actor, App } from '../../app.ts';
import { wouldChange } from './entry.ts';
import type { Plan } from './plan.ts';
import { eachEntry, guardOf, type Selection } from './protect.ts';
import { walkTree } from './walk.ts';

/** What a recursive change would do, so far. */
export interface Count {
  /** Files and the like that would change. */
  files: number;
  folders: number;
  /** Symlinks whose own owner would change. */
  links: number;
  /** Entries that are as wanted already. */
  same: number;
  /** Other file systems and the panel's own folder. */
  skipped: number;
  /** Could not be looked at. */
  unknown: number;
  state: 'counting' | 'done' | 'bounded';
}

export const emptyCount = (): Count => ({ files: 0, folders: 0, links: 0, same: 0, skipped: 0, unknown: 0, state: 'counting' });

export const seen = (count: Count) => count.files + count.folders + count.links + count.same;
export const changing = (count: Count) => count.files + count.folders + count.links;

/** As many entries as a preview looks at; a change itself has no bound. */
const MOST = 2_000_000;

/**
 * Counts into `count` while it goes, so that a page may look at it meanwhile.
 * @throws AppError denied; the signal's reason
 */
export async function countChanges(app: App, actor: Actor, selection: Selection, plan: Plan, count: Count, signal?: AbortSignal): Promise<Count> {
  const guard = await guardOf(app, plan);
  const full = new AbortController();
  const stop = signal ? AbortSignal.any([signal, full.signal]) : full.signal;
  const add = (kind: 'files' | 'folders' | 'links' | 'same') => {
    count[kind] += 1;
    if (seen(count) >= MOST) full.abort(full);
  };
  try {
    await eachEntry(app, actor, selection, guard, async (entry) => {
      if (!plan.recursive) {
        const stats = await lstat(entry.at);
        return add(!wouldChange(plan, stats) ? 'same' : stats.isDirectory() ? 'folders' : stats.isSymbolicLink() ? 'links' : 'files');
      }
      await walkTree(entry.folder, entry.name, {
        kind: app.host.files.kind,
        signal: stop,
        keeps: guard.keeps,
        folder: async ({ stats }) => add(wouldChange(plan, stats) ? 'folders' : 'same'),
        other: async (_folder, _name, stats) => add(!wouldChange(plan, stats) ? 'same' : stats.isSymbolicLink() ? 'links' : 'files'),
        onSkipped: () => void (count.skipped += 1),
        onFault: () => void (count.unknown += 1),
      });
    });
    count.state = 'done';
  } catch (error) {
    if (error !== full) throw error;
    count.state = 'bounded';
  }
  return count;
}
