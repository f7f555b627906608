import { lstat, mkdir, unlink } from 'node:fs/promises';
import type { ConflictPolicy } from '../../../db/schema/files.ts';
import { AppError } from '../../../lib/errors.ts';
import { shownName } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { syncFolder } from '../beside.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { openFolder } from '../entry.ts';
import { told } from '../faults.ts';
import { baseOf, joinPath, parentOf } from '../paths.ts';
import { checkReach } from '../reach.ts';
import { tellChanged } from '../operations/changed.ts';
import { findConflicts, type Conflict, type Conflicts } from '../operations/conflicts.ts';
import { openGuard } from '../operations/guard.ts';
import { openJournal, settle, type Counts, type Policy } from '../operations/run.ts';
import { transferNames } from '../operations/transfer-tree.ts';
import { holdTrash, type Held } from './list.ts';
import { NOTE } from './note.ts';

export interface RestoreInput {
  ids: readonly string[];
  conflict: ConflictPolicy;
  /** Make folders that are gone meanwhile. */
  recreate: boolean;
  /** By id; all others follow `conflict`. */
  choices?: Readonly<Record<string, Policy>> | undefined;
}

/** `id`: which of those in the trash it is about. */
export type RestoreConflict = Conflict & { id: string };

export type Restored =
  | { state: 'conflicts'; conflicts: RestoreConflict[]; more: boolean }
  /** Folders that are gone: nothing was done. */
  | { state: 'missing'; folders: string[] }
  | { state: 'done'; counts: Counts; folders: string[] }
  | { state: 'task'; id: string };

/** Renames, so many are done while the person waits. */
const AT_ONCE = 500;

/** Puts things back where they were. @throws AppError what is outside of one's reach, or gone */
export async function restoreFromTrash(app: App, actor: Actor, input: RestoreInput): Promise<Restored> {
  if (input.ids.length === 0) throw new AppError('invalid', (t) => t.transfers.errors.nothing, { field: 'id' });
  const held = await holdTrash(app, input.ids);
  const folders = new Map<string, PinnedFolder>();
  const close = async () => void (await Promise.all([held.close(), ...[...folders.values()].map((folder) => folder.close())]));
  let kept = false;
  try {
    const { kind } = app.host.files;
    for (const item of held.items) await checkReach(app, actor, item.path, 'write');
    const missing: string[] = [];
    for (const path of new Set(held.items.map((item) => parentOf(kind, item.path)))) {
      const folder = await openOrMake(app, actor, path, input.recreate);
      if (folder) folders.set(path, folder);
      else missing.push(path);
    }
    if (missing.length) return { state: 'missing', folders: missing };
    const found = input.conflict === 'ask' ? await conflictsOf(app, held.items, folders) : null;
    if (found?.items.some(({ id }) => !input.choices?.[id])) return { state: 'conflicts', conflicts: found.items, more: found.more };
    for (const item of held.items) record(app, actor, { action: 'files.restore', target: item.path });
    const run = (task?: TaskContext) => restoreAll(app, actor, held.items, folders, input, task);
    if (input.ids.length <= AT_ONCE && (await sameDevices(held.items, folders, kind))) {
      return { state: 'done', counts: await run(), folders: [...folders.keys()] };
    }
    const id = app.tasks.start(actor, {
      kind: 'files.restore', key: 'files.restore', steps: ['restore'],
      params: { name: baseOf(kind, held.items[0]!.path), count: input.ids.length },
      async run(task) {
        task.step('restore');
        await run(task).finally(close);
      },
    });
    kept = true;
    return { state: 'task', id };
  } finally {
    if (!kept) await close();
  }
}

/** The folder; null when it is gone and shall not be made again. Each part of the way is checked as it is made. */
async function openOrMake(app: App, actor: Actor, path: string, recreate: boolean): Promise<PinnedFolder | null> {
  try {
    return await openFolder(app, actor, path, 'write');
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
    if (!recreate) return null;
  }
  const { kind } = app.host.files;
  const parent = (await openOrMake(app, actor, parentOf(kind, path), true))!;
  try {
    await checkReach(app, actor, joinPath(kind, parent.real, baseOf(kind, path)), 'write');
    return await told(path, async () => {
      await mkdir(parent.at(baseOf(kind, path)), { mode: 0o755 });
      return parent.child(baseOf(kind, path));
    });
  } finally {
    await parent.close();
  }
}

async function conflictsOf(app: App, items: readonly Held[], folders: ReadonlyMap<string, PinnedFolder>) {
  const { kind } = app.host.files;
  const all: { items: RestoreConflict[]; more: boolean } = { items: [], more: false };
  for (const { id, name, path, place } of items) {
    const found: Conflicts = await findConflicts(place.files, [[name, baseOf(kind, path)]], folders.get(parentOf(kind, path))!);
    all.items.push(...found.items.map((item) => ({ ...item, id, path: shownName(joinPath(kind, parentOf(kind, path), [baseOf(kind, path), ...item.path.split('/').slice(1)].join('/'))) })));
    all.more ||= found.more;
    if (all.items.length >= 200) return { items: all.items.slice(0, 200), more: true };
  }
  return all;
}

async function sameDevices(items: readonly Held[], folders: ReadonlyMap<string, PinnedFolder>, kind: 'posix' | 'windows'): Promise<boolean> {
  for (const { path, place } of items) {
    const [a, b] = await Promise.all([lstat(place.files.at('.')), lstat(folders.get(parentOf(kind, path))!.at('.'))]);
    if (a.dev !== b.dev) return false;
  }
  return true;
}

async function restoreAll(app: App, actor: Actor, items: readonly Held[], folders: ReadonlyMap<string, PinnedFolder>, input: RestoreInput, task?: TaskContext): Promise<Counts> {
  const { kind } = app.host.files;
  const journal = openJournal(task);
  const guard = await openGuard(app, actor);
  const base = { app, guard, move: true, signal: task?.signal ?? new AbortController().signal, ...journal, above: new Set<string>(), links: new Map(), buffer: Buffer.allocUnsafe(1 << 20), clones: true, advance: (bytes: number) => void (journal.counts.bytes += bytes) };
  try {
    for (const [at, { id, name, path, place }] of items.entries()) {
      const policy = input.choices?.[id] ?? (input.conflict === 'ask' ? 'skip' : input.conflict);
      const folder = folders.get(parentOf(kind, path))!;
      const done = await told(path, () => transferNames({ ...base, policyFor: () => policy }, place.files, [[name, baseOf(kind, path)]], folder, ''));
      // Left where it is, it keeps its note.
      if (done) await unlink(place.info.at(name + NOTE)).catch(() => {});
      await syncFolder(place.info);
      task?.progress((at + 1) / items.length);
    }
  } finally {
    tellChanged(app, ...folders.keys(), ...[...folders.values()].map((folder) => folder.real));
  }
  settle(journal.counts);
  return journal.counts;
}
