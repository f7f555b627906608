import { access, constants, lstat } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { systemName } from '../../../lib/file-name.ts';
import type { ConflictPolicy } from '../../../db/schema/files.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { openFolder } from '../entry.ts';
import { told } from '../faults.ts';
import { isInside, joinPath, normalName, normalPath, parentOf } from '../paths.ts';
import { recordNames, tellChanged } from './changed.ts';
import { findConflicts, type Conflicts } from './conflicts.ts';
import { openGuard } from './guard.ts';
import { openJournal, settle, type Counts, type Policy, type Transfer } from './run.ts';
import { amountOf, type Amount } from './scan.ts';
import { reporter } from './report.ts';
import { transferNames } from './transfer-tree.ts';

export interface TransferInput {
  move: boolean;
  /** Folder, and names in it. */
  folder: string;
  names: readonly string[];
  /** Folder they go to. */
  to: string;
  /** One entry may get another name there. */
  rename?: string | undefined;
  conflict: ConflictPolicy;
  /** By the path of a conflict; all others follow `conflict`. */
  choices?: Readonly<Record<string, Policy>> | undefined;
}

export type Outcome = { state: 'conflicts'; conflicts: Conflicts } | { state: 'done'; counts: Counts } | { state: 'task'; id: string };

/** So much is done while the person waits; more is a task. */
const AT_ONCE: Amount = { entries: 200, bytes: 16 << 20 };
const BUFFER = 1 << 20;

/**
 * Copies or moves a selection into a folder. With 'ask' nothing is done when something is in the way.
 * @throws AppError what is refused before anything was done; for what is done at once also what went wrong
 */
export async function transfer(app: App, actor: Actor, input: TransferInput): Promise<Outcome> {
  const plan = await prepare(app, actor, input);
  const { from, to, pairs } = plan;
  try {
    const itself = from.real === to.real && !input.rename;
    if (input.move && itself) return { state: 'done', counts: { entries: 0, bytes: 0, skipped: input.names.length, failed: 0 } };
    // Pasted where it was copied: a second one is what is meant.
    const conflict = itself ? 'keep-both' : input.conflict;
    // A name may be "constructor": only what was really chosen counts.
    const chosen = (path: string) => (input.choices && Object.hasOwn(input.choices, path) ? input.choices[path] : undefined);
    if (conflict === 'ask') {
      const conflicts = await told(to.real, () => findConflicts(from, pairs, to));
      if (conflicts.items.some(({ path }) => !chosen(path))) return { state: 'conflicts', conflicts };
    }
    const renames = input.move && (await sameDevice(from, to));
    const small = renames ? input.names.length <= AT_ONCE.entries : (await amountOf(from, input.names, { most: AT_ONCE })) !== null;
    recordNames(app, actor, input.move ? 'files.move' : 'files.copy', to.real, input.names, { from: from.real });
    const policyFor = (path: string): Policy => chosen(path) ?? (conflict === 'ask' ? 'skip' : conflict);
    if (small) return { state: 'done', counts: await atOnce(app, plan, input.move, policyFor) };
    return { state: 'task', id: start(app, actor, input, plan, policyFor) };
  } finally {
    if (!plan.kept) await plan.close();
  }
}

interface Plan {
  from: PinnedFolder;
  to: PinnedFolder;
  pairs: readonly (readonly [name: string, wanted: string])[];
  guard: Awaited<ReturnType<typeof openGuard>>;
  /** A task has taken over the held folders. */
  kept: boolean;
  close(): Promise<void>;
}

/** Opens both sides and refuses what must not be. @throws AppError */
async function prepare(app: App, actor: Actor, input: TransferInput): Promise<Plan> {
  const { kind } = app.host.files;
  if (input.names.length === 0) throw new AppError('invalid', (t) => t.transfers.errors.nothing, { field: 'name' });
  const names = input.names.map((name) => normalName(kind, name));
  if (input.rename !== undefined && names.length > 1) throw new AppError('invalid', (t) => t.files.errors.badName, { field: 'as' });
  const wanted = input.rename === undefined ? null : normalName(kind, input.rename, 'as');
  const from = await openFolder(app, actor, input.folder, input.move ? 'write' : 'read');
  try {
    const to = await openFolder(app, actor, input.to, 'write').catch((error: unknown) => Promise.reject(error instanceof AppError ? new AppError(error.code, error.say, { field: 'to', detail: normalPath(kind, input.to) }) : error));
    const guard = await openGuard(app, actor);
    const plan: Plan = {
      from, to, guard, kept: false,
      pairs: names.map((name) => [name, wanted ?? name] as const),
      close: async () => void (await Promise.all([from.close(), to.close()])),
    };
    try {
      for (const name of names) await checkEntry(app, plan, joinPath(kind, from.real, name), input.move);
      await told(from.real, () => Promise.all([access(to.at(''), constants.W_OK), input.move ? access(from.at(''), constants.W_OK) : null]));
      return plan;
    } catch (error) {
      await to.close();
      throw error;
    }
  } catch (error) {
    await from.close();
    throw error;
  }
}

async function checkEntry(app: App, { from, to, guard }: Plan, real: string, move: boolean) {
  const { kind } = app.host.files;
  // Where a move ends where it began there is nothing to refuse.
  if (move && from.real !== to.real) guard.check(real);
  if (guard.isOwn(real)) throw new AppError('denied', (t) => t.files.errors.ownFolder, { detail: real });
  const stats = await told(real, () => lstat(from.at(real.slice(from.real.length).replace(/^[\\/]/, ''))));
  if (stats.isDirectory() && isInside(kind, real, to.real)) throw new AppError('conflict', (t) => t.transfers.errors.intoItself, { field: 'to', detail: real });
}

async function sameDevice(from: PinnedFolder, to: PinnedFolder): Promise<boolean> {
  const [a, b] = await Promise.all([lstat(from.at('.')), lstat(to.at('.'))]);
  return a.dev === b.dev;
}

/** "device:inode" of the folder and of all above it. */
async function foldersAbove(app: App, folder: PinnedFolder): Promise<Set<string>> {
  const found = new Set<string>();
  const { kind } = app.host.files;
  for (let path = folder.real; ; path = parentOf(kind, path)) {
    const stats = await lstat(systemName(path)).catch(() => null);
    if (stats) found.add(`${stats.dev}:${stats.ino}`);
    if (path === '/' || parentOf(kind, path) === '/' && kind === 'windows') return found;
  }
}

async function makeRun(app: App, plan: Plan, move: boolean, policyFor: Transfer['policyFor'], signal: AbortSignal, advance: Transfer['advance'], task?: TaskContext): Promise<Transfer> {
  const journal = openJournal(task);
  return {
    app, move, signal, policyFor, guard: plan.guard,
    ...journal,
    above: await foldersAbove(app, plan.to),
    links: new Map(),
    buffer: Buffer.allocUnsafe(BUFFER),
    clones: true,
    advance(bytes, path) {
      journal.counts.bytes += bytes;
      advance(bytes, path);
    },
  };
}

async function atOnce(app: App, plan: Plan, move: boolean, policyFor: Transfer['policyFor']): Promise<Counts> {
  const run = await makeRun(app, plan, move, policyFor, new AbortController().signal, () => {});
  try {
    await told(plan.to.real, () => transferNames(run, plan.from, plan.pairs, plan.to, ''));
  } finally {
    tellChanged(app, plan.to.real, ...(move ? [plan.from.real] : []));
  }
  settle(run.counts);
  return run.counts;
}

function start(app: App, actor: Actor, input: TransferInput, plan: Plan, policyFor: Transfer['policyFor']): string {
  const { from, to, pairs } = plan;
  const verb = input.move ? 'move' : 'copy';
  const id = app.tasks.start(actor, {
    kind: `files.${verb}`,
    key: `files.${verb} ${from.real} ${to.real} ${pairs[0]![0]} ${pairs.length}`.slice(0, 1000),
    params: { name: pairs[0]![0], count: pairs.length, from: from.real, to: to.real },
    steps: ['scan', verb],
    run: (task) => inTask(app, input.move, plan, policyFor, task),
  });
  plan.kept = true;
  return id;
}

async function inTask(app: App, move: boolean, plan: Plan, policyFor: Transfer['policyFor'], task: TaskContext) {
  const { from, to, pairs } = plan;
  try {
    task.step('scan');
    const total = (await amountOf(from, pairs.map(([name]) => name), { signal: task.signal }))!;
    task.step(move ? 'move' : 'copy');
    const report = reporter(app.clock, task, total);
    const run = await makeRun(app, plan, move, policyFor, task.signal, (bytes) => report.advance(bytes, run.counts), task);
    try {
      await told(to.real, () => transferNames(run, from, pairs, to, ''));
    } finally {
      report.end(run.counts);
    }
    settle(run.counts);
  } finally {
    tellChanged(app, to.real, ...(move ? [from.real] : []));
    await plan.close();
  }
}
