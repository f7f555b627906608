import { access, constants } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { syncFolder } from '../beside.ts';
import { openFolder } from '../entry.ts';
import { told } from '../faults.ts';
import { joinPath, normalName } from '../paths.ts';
import { removeTree } from '../remove-tree.ts';
import { recordNames, tellChanged } from './changed.ts';
import { openGuard, type Guard } from './guard.ts';
import { exists } from './names.ts';
import { reporter } from './report.ts';
import { isFatal, openJournal, settle, type Counts } from './run.ts';
import { amountOf, type Amount } from './scan.ts';

export interface Selected {
  folder: string;
  names: readonly string[];
}

const AT_ONCE: Amount = { entries: 1000, bytes: Infinity };

export type Deleted = { state: 'done'; counts: Counts } | { state: 'task'; id: string };

/**
 * A selection that may be taken away, held open; names that are gone already are left out. The caller closes the folder.
 * @throws AppError not_found when all of them are gone
 */
export async function holdSelected(app: App, actor: Actor, { folder: path, names }: Selected): Promise<{ folder: PinnedFolder; guard: Guard; names: string[] }> {
  if (names.length === 0) throw new AppError('invalid', (t) => t.transfers.errors.nothing, { field: 'name' });
  const { kind } = app.host.files;
  for (const name of names) normalName(kind, name);
  const folder = await openFolder(app, actor, path, 'write');
  try {
    const guard = await openGuard(app, actor);
    const there: string[] = [];
    for (const name of names) {
      const real = joinPath(kind, folder.real, name);
      guard.check(real);
      if (await told(real, () => exists(folder, name))) there.push(name);
    }
    if (there.length === 0) throw new AppError('not_found', (t) => t.files.errors.gone, { detail: joinPath(kind, folder.real, names[0]!) });
    await told(folder.real, () => access(folder.at(''), constants.W_OK));
    return { folder, guard, names: there };
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Deletes for good. What is refused is refused before anything is gone. @throws AppError */
export async function deleteForGood(app: App, actor: Actor, input: Selected): Promise<Deleted> {
  const { folder, guard, names } = await holdSelected(app, actor, input);
  let kept = false;
  try {
    const small = await amountOf(folder, names, { most: AT_ONCE });
    recordNames(app, actor, 'files.delete', folder.real, names);
    if (small) return { state: 'done', counts: await atOnce(app, folder, guard, names) };
    const id = app.tasks.start(actor, {
      kind: 'files.delete',
      key: `files.delete ${folder.real} ${names[0]} ${names.length}`.slice(0, 1000),
      params: { name: names[0]!, count: names.length, from: folder.real },
      steps: ['scan', 'delete'],
      run: (task) => inTask(app, folder, guard, names, task),
    });
    kept = true;
    return { state: 'task', id };
  } finally {
    if (!kept) await folder.close();
  }
}

async function atOnce(app: App, folder: PinnedFolder, guard: Guard, names: readonly string[]): Promise<Counts> {
  const journal = openJournal();
  try {
    await told(folder.real, () => removeAll(folder, guard, names, journal, () => {}));
  } finally {
    tellChanged(app, folder.real);
  }
  settle(journal.counts);
  return journal.counts;
}

async function removeAll(folder: PinnedFolder, guard: Guard, names: readonly string[], journal: ReturnType<typeof openJournal>, advance: (bytes: number) => void, signal?: AbortSignal) {
  for (const name of names) {
    await removeTree(folder, name, {
      signal, sizes: true,
      keeps: (real) => guard.isMount(real) || guard.isOwn(real),
      onRemoved(bytes) {
        journal.counts.entries += 1;
        journal.counts.bytes += bytes;
        advance(bytes);
      },
      onFault(path, error) {
        if (isFatal(error)) throw error;
        journal.fault(path, error);
      },
    });
  }
  await syncFolder(folder);
}

async function inTask(app: App, folder: PinnedFolder, guard: Guard, names: readonly string[], task: TaskContext) {
  try {
    task.step('scan');
    const total = (await amountOf(folder, names, { signal: task.signal }))!;
    task.step('delete');
    const report = reporter(app.clock, task, total);
    const journal = openJournal(task);
    try {
      await told(folder.real, () => removeAll(folder, guard, names, journal, (bytes) => report.advance(bytes, journal.counts), task.signal));
    } finally {
      report.end(journal.counts);
    }
    settle(journal.counts);
  } finally {
    tellChanged(app, folder.real);
    await folder.close();
  }
}
