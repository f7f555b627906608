import { existsSync, realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { handoverPlace } from '../../platform/ssh/handover.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { getSetting } from '../settings/settings.ts';
import { isInside } from './paths.ts';

export type Right = 'read' | 'write';

/** Where the demo's made-up files are: the only place that a demo panel touches. */
export const demoFolder = (app: Pick<App, 'config'>) => join(app.config.dataDir, 'demo-files');

/** Folders that the role of this person may see, as configured; empty: none. ["/"] is everything. */
export function rootsOf(app: App, actor: Actor): readonly string[] {
  if (app.config.demo) return [demoFolder(app)];
  if (actor.kind === 'system' || actor.kind === 'cli') return ['/'];
  if (actor.kind !== 'user') return [];
  const key = ({ admin: 'filesRootsAdmin', operator: 'filesRootsOperator', viewer: 'filesRootsViewer' } as const)[actor.role];
  return getSetting(app, key);
}

/**
 * May this person do this at `real`, a path without symlinks? Asked with what the kernel says about something that is
 * held open, so that nothing can be swapped in between.
 * @throws AppError denied
 */
export async function checkReach(app: App, actor: Actor, real: string, right: Right) {
  (await reachOf(app, actor, right))(real);
}

/** The same question for several places that are asked about at once. @throws AppError denied; so does what it returns */
export async function reachOf(app: App, actor: Actor, right: Right): Promise<(real: string) => void> {
  need(actor, right === 'write' ? 'files.write' : 'files.read');
  const roots = await realRoots(rootsOf(app, actor));
  const { kind } = app.host.files;
  const own = app.config.demo ? null : ownFolder(app);
  const lent = handoverPlace(app.config.dataDir);
  return (real) => {
    if (!roots.some((root) => isInside(kind, root, real))) throw new AppError('denied', (t) => t.files.errors.outside);
    if (own === null) return;
    if (kind === 'posix' && actor.kind === 'user' && actor.role !== 'admin' && (isMemory(real) || real.startsWith(lent))) throw new AppError('denied', (t) => t.files.errors.outside);
    if (!isInside(kind, own, real)) return;
    if (right === 'write') throw new AppError('denied', (t) => t.files.errors.ownFolder);
    if (actor.kind === 'user' && actor.role !== 'admin') throw new AppError('denied', (t) => t.files.errors.outside);
  };
}

/**
 * Keys, hashes and the database: whoever reads them is an administrator already, and changing them under the panel breaks
 * it. Asked in this thread, as the database there is: a turn through another takes twice the time, at each of a thousand
 * small files.
 */
function ownFolder({ config }: Pick<App, 'config'>): string {
  try {
    return realpathSync.native(config.dataDir);
  } catch {
    return config.dataDir;
  }
}

/**
 * proc(5): memory of the machine, and all about this very process (its threads are there by their numbers too): the keys are in
 * it. What any process was told, and has in its memory, is for those who may see that of processes: git's has a password in it.
 */
function isMemory(real: string): boolean {
  const [, name, number] = /^\/proc\/(kcore|(\d+))(?:\/|$)/.exec(real) ?? [];
  return name === 'kcore' || /^\/proc\/\d+\/(?:task\/\d+\/)?(?:environ|mem)$/.test(real) || (number !== undefined && existsSync(`/proc/self/task/${number}`));
}

/** A root may itself be reached through a symlink; one that is gone opens nothing. */
async function realRoots(roots: readonly string[]): Promise<string[]> {
  const found = await Promise.all(roots.map((root) => (root === '/' ? '/' : realpath(root).catch(() => null))));
  return found.filter((root): root is string => root !== null);
}
