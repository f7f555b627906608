import { AppError } from '../../../lib/errors.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { partName, renameNew, syncFolder } from '../beside.ts';
import { openFolder } from '../entry.ts';
import { told } from '../faults.ts';
import { joinPath, normalName, normalPath } from '../paths.ts';
import { tellChanged } from './changed.ts';
import type { Selected } from './delete.ts';
import { openGuard, type Guard } from './guard.ts';
import { lstatOf } from './names.ts';
import { renamer, type RenameRules } from './rename-rules.ts';

export const RENAMES_MOST = 5000;

export interface Renaming {
  from: string;
  to: string;
  /** Why it cannot be; null: it can, or stays as it is. */
  problem: 'invalid' | 'twice' | 'taken' | 'gone' | null;
}

/** What the rules would do, without doing it. @throws AppError */
export async function planRenames(app: App, actor: Actor, input: Selected, rules: RenameRules): Promise<Renaming[]> {
  const folder = await openFolder(app, actor, input.folder, 'write');
  try {
    return await plan(app, folder, input.names, rules);
  } finally {
    await folder.close();
  }
}

async function plan(app: App, folder: PinnedFolder, names: readonly string[], rules: RenameRules): Promise<Renaming[]> {
  if (names.length === 0) throw new AppError('invalid', (t) => t.transfers.errors.nothing, { field: 'name' });
  if (names.length > RENAMES_MOST) throw new AppError('invalid', (t) => t.transfers.errors.tooMany({ most: RENAMES_MOST }));
  const { kind } = app.host.files;
  const make = renamer(rules, app.clock.monotonic);
  const items: Renaming[] = [];
  for (const [index, from] of names.entries()) {
    const stats = await lstatOf(folder, normalName(kind, from));
    const to = make(from, stats?.isDirectory() ?? false, index);
    items.push({ from, to, problem: stats ? null : 'gone' });
  }
  await judge(app, folder, items);
  return items;
}

async function judge(app: App, folder: PinnedFolder, items: readonly Renaming[]) {
  const leaving = new Set(items.filter((item) => item.from !== item.to).map((item) => item.from));
  const wanted = new Map<string, number>();
  for (const { to } of items) wanted.set(to, (wanted.get(to) ?? 0) + 1);
  for (const item of items) {
    if (item.problem || item.from === item.to) continue;
    if (!isName(app, item.to)) item.problem = 'invalid';
    else if (wanted.get(item.to)! > 1) item.problem = 'twice';
    else if (!leaving.has(item.to) && (await isTaken(folder, item))) item.problem = 'taken';
  }
}

function isName(app: App, name: string): boolean {
  try {
    normalName(app.host.files.kind, name);
    return true;
  } catch {
    return false;
  }
}

async function isTaken(folder: PinnedFolder, { from, to }: Renaming): Promise<boolean> {
  const there = await lstatOf(folder, to);
  if (!there) return false;
  // "A.txt" → "a.txt" where case does not count is the file itself.
  const itself = await lstatOf(folder, from);
  return !(itself && itself.ino === there.ino && itself.dev === there.dev && from.toLowerCase() === to.toLowerCase());
}

/**
 * Renames all of them, or none: what was done is taken back when one fails. Names that pass to one another (a → b → c,
 * or a ↔ b) are done in the order that frees them; a circle is opened with a hidden name in between.
 * @returns how many were renamed @throws AppError conflict when the plan has problems
 */
export async function renameMany(app: App, actor: Actor, input: Selected, rules: RenameRules): Promise<number> {
  const folder = await openFolder(app, actor, input.folder, 'write');
  try {
    const items = await told(folder.real, () => plan(app, folder, input.names, rules));
    if (items.some((item) => item.problem)) throw new AppError('conflict', (t) => t.transfers.errors.plan);
    const wanted = items.filter((item) => item.from !== item.to);
    check(app, folder, await openGuard(app, actor), wanted);
    await told(folder.real, () => apply(app, folder, wanted));
    await syncFolder(folder);
    for (const { from, to } of wanted) record(app, actor, { action: 'files.rename', target: joinPath(app.host.files.kind, folder.real, from), params: { to } });
    tellChanged(app, folder.real, normalPath(app.host.files.kind, input.folder));
    return wanted.length;
  } finally {
    await folder.close();
  }
}

function check(app: App, folder: PinnedFolder, guard: Guard, items: readonly Renaming[]) {
  for (const { from } of items) guard.check(joinPath(app.host.files.kind, folder.real, from));
}

async function apply(app: App, folder: PinnedFolder, items: readonly Renaming[]) {
  const waiting = new Map(items.map(({ from, to }) => [from, to]));
  const done: [from: string, to: string][] = [];
  const step = async (from: string, to: string) => {
    await renameNew(folder, from, folder, to);
    done.push([from, to]);
  };
  try {
    while (waiting.size) {
      const free = [...waiting].filter(([from, to]) => !waiting.has(to) || from.toLowerCase() === to.toLowerCase());
      for (const [from, to] of free) {
        await step(from, to);
        waiting.delete(from);
      }
      if (free.length || waiting.size === 0) continue;
      // A circle. The name in between is not recorded as a part: what has it is no rest to be swept.
      const [from, to] = waiting.entries().next().value!;
      const between = partName(app.random, from);
      await step(from, between);
      waiting.delete(from);
      waiting.set(between, to);
    }
  } catch (error) {
    // Where somebody took the old name meanwhile the new one stays: nothing is overwritten.
    for (const [from, to] of done.reverse()) await renameNew(folder, to, folder, from).catch(() => {});
    throw error;
  }
}
