import { constants } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { AppError, type Say } from '../../../lib/errors.ts';
import { shownName } from '../../../lib/file-name.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { errnoOf, fileFault } from '../faults.ts';
import { tellChanged } from '../operations/changed.ts';
import { commandsOf } from './commands.ts';
import { countChanges, emptyCount, seen } from './count.ts';
import { type Before, changeEntry, type Held } from './entry.ts';
import { nextMode, planOf, type ModeInput, type Plan } from './plan.ts';
import { eachEntry, entryPath, guardOf, type Guard, type Selection } from './protect.ts';
import { type Walk, walkTree } from './walk.ts';

/** Entries that are changed while the person waits; more are a task. */
const AT_ONCE = 200;
/** Old values that an audit row keeps, and that can be taken back. */
const UNDO_MOST = 50;

export type Kept = Before & { name: string };

export type Outcome =
  | { task: string }
  | { task: null; changed: number; same: number; failed: { name: string; say: Say }[]; before: Kept[] };

/**
 * Changes mode, owner and group of entries of one folder; with `recursive`, or for many, as a task.
 * @throws AppError
 */
export async function changeModes(app: App, actor: Actor, selection: Selection, input: ModeInput): Promise<Outcome> {
  const plan = await planOf(app, actor, input);
  const guard = await guardOf(app, plan);
  let real = selection.folder;
  // Everything is asked before anything is done.
  await eachEntry(app, actor, selection, guard, async (entry) => {
    await lstat(entry.at);
    real = entry.folder.real;
  });
  const tell = () => tellChanged(app, real);
  if (plan.recursive || selection.names.length > AT_ONCE) return { task: startTask(app, actor, selection, plan, guard, tell) };
  return changeNow(app, actor, selection, plan, guard, tell);
}

const actionOf = (plan: Plan) => (plan.mode || plan.fileMode ? 'files.mode' : 'files.owner');

const targetOf = (app: App, { folder, names }: Selection) => shownName(names.length === 1 ? entryPath(app, folder, names[0]!) : folder);

/** What was asked for, without what was left as it is. */
const facts = ({ input }: Plan) => Object.fromEntries(Object.entries(input).filter(([, value]) => value !== '' && value !== false));

async function changeNow(app: App, actor: Actor, selection: Selection, plan: Plan, guard: Guard, tell: () => void): Promise<Outcome> {
  const outcome = { task: null, changed: 0, same: 0, failed: [] as { name: string; say: Say }[], before: [] as Kept[] };
  for (const name of selection.names) {
    try {
      await eachEntry(app, actor, { ...selection, names: [name] }, guard, async (entry) => {
        const file = await entry.folder.open(entry.name, 'nofollow');
        try {
          const before = await changeEntry(plan, file);
          if (before) outcome.before.push({ name, ...before });
          outcome[before ? 'changed' : 'same'] += 1;
        } finally {
          await file.close();
        }
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      outcome.failed.push({ name, say: error.say });
    }
  }
  const { changed, same, failed, before } = outcome;
  if (changed || failed.length) {
    record(app, actor, {
      action: actionOf(plan), target: targetOf(app, selection), result: failed.length ? 'failed' : 'ok', commands: commandsOf(app, selection, plan),
      params: { ...facts(plan), changed, same, failed: failed.length, ...(before.length <= UNDO_MOST ? { before } : {}) },
    });
    tell();
  }
  return before.length <= UNDO_MOST ? outcome : { ...outcome, before: [] };
}

function startTask(app: App, actor: Actor, selection: Selection, plan: Plan, guard: Guard, tell: () => void): string {
  const commands = commandsOf(app, selection, plan);
  const id = app.tasks.start(actor, {
    kind: actionOf(plan), key: `files.mode ${selection.folder}`, steps: ['filesCount', 'filesChange'],
    params: { name: targetOf(app, selection), n: selection.names.length },
    async run(task) {
      for (const command of commands) task.log(`# ${command}`);
      try {
        await runTree(app, actor, selection, plan, guard, task);
      } finally {
        tell();
      }
    },
  });
  record(app, actor, { action: actionOf(plan), target: targetOf(app, selection), params: { ...facts(plan), task: id }, commands });
  return id;
}

/** Lines of faults in a log; the rest is only counted. */
const TOLD = 1000;

async function runTree(app: App, actor: Actor, selection: Selection, plan: Plan, guard: Guard, task: TaskContext): Promise<void> {
  const { signal } = task;
  task.step('filesCount');
  task.progress(null);
  const total = seen(await countChanges(app, actor, selection, plan, emptyCount(), signal));
  task.step('filesChange');
  const sum = { changed: 0, same: 0, skipped: 0, failed: 0 };
  const did = async (held: Held) => {
    sum[(await changeEntry(plan, held)) ? 'changed' : 'same'] += 1;
    if (total) task.progress(Math.min(1, (sum.changed + sum.same) / total));
  };
  const fault = (real: string, error: unknown) => {
    // What is gone meanwhile needs no change.
    if (errnoOf(error) === 'ENOENT') return;
    sum.failed += 1;
    if (sum.failed <= TOLD) task.log(`! ${shownName(real)}: ${wordOf(error)}`);
  };
  const close = (mode: number) => (nextMode(plan, mode, true) ?? mode) & constants.S_IXUSR;
  const other = async (folder: PinnedFolder, name: string) => {
    const file = await folder.open(name, 'nofollow');
    // A folder by now: somebody exchanged it. It was not among what is gone through.
    await (plan.recursive && file.stats.isDirectory() ? Promise.resolve() : did(file)).finally(() => file.close());
  };
  const walk: Walk = {
    kind: app.host.files.kind, signal, keeps: guard.keeps, folder: did, other, onFault: fault,
    // Whoever may not go in any more could not change what is inside.
    late: (stats) => close(stats.mode) === 0,
    onSkipped: (real) => {
      sum.skipped += 1;
      task.log(`- ${shownName(real)}`);
    },
  };
  try {
    await eachEntry(app, actor, selection, guard, async (entry) => {
      signal.throwIfAborted();
      if (plan.recursive) return walkTree(entry.folder, entry.name, walk);
      await other(entry.folder, entry.name).catch((error: unknown) => fault(entry.real, error));
    });
  } finally {
    task.log(`${sum.changed} changed, ${sum.same} as wanted already, ${sum.skipped} passed over (other file systems, the panel's own folder), ${sum.failed} failed`);
  }
  if (sum.failed) throw new AppError('unavailable', (t) => t.modes.errors.some({ failed: sum.failed, changed: sum.changed }));
}

function wordOf(error: unknown): string {
  const told = fileFault(error, '');
  return told instanceof AppError ? errnoOf(told.cause) || told.code : String(error);
}
