import { AppError } from '../../lib/errors.ts';
import { lineDiff, type DiffLine } from '../../lib/line-diff.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { changeOf, saveStack } from './change.ts';
import { listVersions, readVersion, type StackVersion } from './kept.ts';
import { getStack } from './stacks.ts';

/** Newest first. @throws AppError denied, not_found */
export async function listStackVersions(app: App, actor: Actor, name: string): Promise<StackVersion[]> {
  need(actor, 'stacks.admin');
  await getStack(app, actor, name);
  return listVersions(app, name);
}

/** @throws AppError denied, not_found */
export async function getStackVersion(app: App, actor: Actor, name: string, id: string): Promise<StackVersion> {
  need(actor, 'stacks.admin');
  await getStack(app, actor, name);
  const version = await readVersion(app, name, id);
  if (!version) throw new AppError('not_found', (t) => t.stacks.errors.noVersion);
  return version;
}

/** A file of a version that is another now; `lines` from what is there to the version, null: too much to be compared. */
export interface VersionDiff {
  path: string;
  lines: DiffLine[] | null;
}

/** What a restore would change. @throws AppError denied, not_found, unsupported */
export async function diffStackVersion(app: App, actor: Actor, name: string, id: string): Promise<VersionDiff[]> {
  const { texts } = await getStackVersion(app, actor, name, id);
  const { texts: found } = await changeOf(app, actor, name, texts.map(({ path }) => ({ path })));
  return texts.flatMap(({ path, text }) => {
    const now = found.find((one) => one.path === path)?.text ?? null;
    return now === text ? [] : [{ path, lines: lineDiff(now ?? '', text ?? '') }];
  });
}

/** Saves a version in place of what is there, and starts nothing. @throws StackFault, AppError; then nothing has changed */
export async function restoreStack(app: App, actor: Actor, name: string, id: string): Promise<void> {
  const { texts } = await getStackVersion(app, actor, name, id);
  await saveStack(app, actor, name, await changeOf(app, actor, name, texts));
}
