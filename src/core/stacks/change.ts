import { mkdir, rmdir } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { tasks } from '../../db/schema/tasks.ts';
import { AppError } from '../../lib/errors.ts';
import { hashOf } from '../../lib/text-hash.ts';
import { need } from '../access.ts';
import { actorName, type Actor, type App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { needCompose, needFiles } from './compose.ts';
import { besideOf, partsOf, pathBeside } from './folder.ts';
import { keepVersion } from './kept.ts';
import { OWN_FILE, ownFolder, StackName, stacksFolder, taskKey, textPaths } from './stack.ts';
import { getStack, listStacks } from './stacks.ts';
import { TEXT_MOST } from './sizes.ts';
import { writeTexts, type StackText } from './texts.ts';
import { completeGood, readTracked, writeTracked } from './tracked.ts';
import { validate, type Validated } from './validate.ts';

/** New contents of files of a stack, and what they are based on. */
export interface Change {
  texts: StackText[];
  /** Path → `hashOf` what was there when the change began; a file that is not named is not looked at. */
  base: Readonly<Record<string, string>>;
}

const Text = z.string().max(TEXT_MOST);

export const NewStack = z.strictObject({ name: StackName, compose: Text.min(1), env: Text.default('') });

/** Files as somebody gives them: by their whole path, or from the folder of the stack on. Without a text: as it is. */
export type GivenFile = { path: string; text?: string | null; hash?: string | undefined };

/**
 * These files in place of those that are there; what is not named stays.
 * @throws AppError denied, not_found, unsupported when the files are gone; invalid for a path that leads elsewhere, and for what is no text
 */
export async function changeOf(app: App, actor: Actor, name: string, files: readonly GivenFile[]): Promise<Change> {
  need(actor, 'stacks.admin');
  const stack = await getStack(app, actor, name);
  needFiles(stack);
  const given = new Map(files.map((file) => [isAbsolute(file.path) ? resolve(file.path) : pathBeside(stack, partsOf(app, file.path).join('/')), file]));
  for (const path of given.keys()) if (!textPaths(stack).includes(path) && besideOf(stack, path) === null) throw new AppError('invalid', (t) => t.stacks.errors.noFile({ name: path }), { field: 'files' });
  const found = await readTracked(app, stack, [...given.keys()]);
  return {
    texts: found.map(({ path, text }) => ({ path, text: withText(given.get(path), text) })),
    base: Object.fromEntries(found.map(({ path, text }) => [path, given.get(path)?.hash ?? hashOf(text)])),
  };
}

const withText = (given: GivenFile | undefined, text: string | null) => (given?.text === undefined ? text : given.text);

/** The files of a stack as they are. @throws AppError denied, not_found, unsupported when they are gone */
export async function readStackTexts(app: App, actor: Actor, name: string): Promise<StackText[]> {
  need(actor, 'stacks.admin');
  const stack = await getStack(app, actor, name);
  needFiles(stack);
  return readTracked(app, stack);
}

/** @throws AppError conflict when somebody changed a file meanwhile */
export function checkBase(found: readonly StackText[], { base }: Change) {
  const other = found.find(({ path, text }) => base[path] !== undefined && base[path] !== hashOf(text));
  if (other) throw new AppError('conflict', (t) => t.stacks.errors.changed({ file: basename(other.path) }));
}

/** Does a task work on it now? */
export const isBusy = (app: App, name: string) =>
  Boolean(app.db.select({ id: tasks.id }).from(tasks).where(and(eq(tasks.key, taskKey(app, name)), eq(tasks.state, 'running'))).get());

/** What Compose makes of these files in place of those on the disk. @throws StackFault, AppError */
export async function tryChange(app: App, actor: Actor, name: string, texts: readonly StackText[]): Promise<Validated> {
  need(actor, 'stacks.admin');
  const tool = await needCompose(app);
  const stack = await getStack(app, actor, name);
  needFiles(stack);
  return validate(app, tool, stack, texts);
}

/** Saves and starts nothing. @throws StackFault, AppError; then nothing has changed */
export async function saveStack(app: App, actor: Actor, name: string, change: Change): Promise<void> {
  await tryChange(app, actor, name, change.texts);
  const stack = await getStack(app, actor, name);
  needFiles(stack);
  if (isBusy(app, name)) throw new AppError('conflict', (t) => t.tasks.alreadyRunning);
  const paths = change.texts.map(({ path }) => path);
  const found = await readTracked(app, stack, paths);
  checkBase(found, change);
  await completeGood(app, stack, found);
  await keepVersion(app, name, { at: app.clock.now(), by: actorName(actor), state: 'found', texts: found });
  await writeTracked(app, stack, change.texts);
  await keepVersion(app, name, { at: app.clock.now(), by: actorName(actor), state: 'saved', texts: await readTracked(app, stack, paths) });
  record(app, actor, { action: 'stacks.edit', target: name });
  app.bus.emit('containers.changed', { up: true });
}

/** Makes a folder for a stack with its files; nothing is started yet. @throws StackFault, AppError conflict when the name is taken */
export async function createStack(app: App, actor: Actor, { name, compose, env }: z.output<typeof NewStack>): Promise<void> {
  need(actor, 'stacks.admin');
  const tool = await needCompose(app);
  const taken = () => new AppError('conflict', (t) => t.stacks.errors.taken({ name }), { field: 'name' });
  if ((await listStacks(app, actor)).some((stack) => stack.name === name)) throw taken();
  const folder = ownFolder(app, name);
  await mkdir(stacksFolder(app), { recursive: true, mode: 0o700 });
  await mkdir(folder, { mode: 0o700 }).catch((error: { code?: string }) => {
    throw error.code === 'EEXIST' ? taken() : error;
  });
  const file = join(folder, OWN_FILE);
  const texts: StackText[] = [{ path: file, text: compose }, { path: join(folder, '.env'), text: env || null }];
  try {
    await validate(app, tool, { name, folder, files: [file], env: [] }, texts);
    await writeTexts(app.random, texts);
  } catch (error) {
    // Only while nothing lies in it.
    await rmdir(folder).catch(() => {});
    throw error;
  }
  await keepVersion(app, name, { at: app.clock.now(), by: actorName(actor), state: 'saved', texts });
  record(app, actor, { action: 'stacks.create', target: name });
  app.bus.emit('containers.changed', { up: true });
}
