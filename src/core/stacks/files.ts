import { sep } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { hashOf } from '../../lib/text-hash.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { isBusy } from './change.ts';
import { needFiles } from './compose.ts';
import type { Placed } from './deploy.ts';
import { addBeside, besideOf, dropBeside, FilePath, listBeside, moveBeside, partsOf, pathBeside, readBeside, type FolderEntry } from './folder.ts';
import { getStack } from './stacks.ts';
import type { StackText } from './texts.ts';

/** Files of a stack's folder beside those that make the stack; those are edited, never moved nor deleted here. */
export const MoveFile = z.strictObject({ path: FilePath, to: FilePath });
export const NamedFile = z.strictObject({ path: FilePath });

/** @throws AppError denied, not_found, unsupported when the files of the stack are gone */
async function placed(app: App, actor: Actor, name: string): Promise<Placed> {
  need(actor, 'stacks.admin');
  const stack = await getStack(app, actor, name);
  needFiles(stack);
  return stack;
}

/** What lies in the folder of a stack. @throws AppError */
export async function listStackFiles(app: App, actor: Actor, name: string): Promise<{ entries: FolderEntry[]; more: boolean }> {
  return listBeside(app, await placed(app, actor, name));
}

/** One text of it. @throws AppError not_found; invalid for a way out, a link, and what is no text */
export async function readStackFile(app: App, actor: Actor, name: string, path: string): Promise<StackText & { text: string; hash: string }> {
  const stack = await placed(app, actor, name);
  const text = await readBeside(app, stack, path);
  if (text === null) throw new AppError('not_found', (t) => t.stacks.errors.noFile({ name: path }), { field: 'path' });
  return { path: pathBeside(stack, path), text, hash: hashOf(text) };
}

/** @throws AppError conflict: while a task works on the stack, and for a file that makes it */
function mayChange(app: App, stack: Placed, path: string) {
  if (isBusy(app, stack.name)) throw new AppError('conflict', (t) => t.tasks.alreadyRunning);
  const whole = pathBeside(stack, partsOf(app, path).join('/'));
  // Also a folder that one of them lies in.
  if (besideOf(stack, whole) === null || stack.files.some((file) => file.startsWith(whole + sep))) throw new AppError('conflict', (t) => t.stacks.errors.ownFile({ name: path }), { field: 'path' });
}

/** A new file, of any kind; folders on the way are made. @throws AppError conflict when there is one */
export async function addStackFile(app: App, actor: Actor, name: string, path: string, bytes: Uint8Array): Promise<void> {
  const stack = await placed(app, actor, name);
  mayChange(app, stack, path);
  await addBeside(app, stack, path, bytes);
  record(app, actor, { action: 'stacks.addFile', target: name, params: { path } });
}

/** @throws AppError conflict when the new name is taken */
export async function moveStackFile(app: App, actor: Actor, name: string, { path, to }: z.output<typeof MoveFile>): Promise<void> {
  const stack = await placed(app, actor, name);
  mayChange(app, stack, path);
  mayChange(app, stack, to);
  await moveBeside(app, stack, path, to);
  record(app, actor, { action: 'stacks.moveFile', target: name, params: { path, to } });
}

/** A file, or a folder in which nothing lies. @throws AppError conflict for a folder with something in it */
export async function dropStackFile(app: App, actor: Actor, name: string, { path }: z.output<typeof NamedFile>): Promise<void> {
  const stack = await placed(app, actor, name);
  mayChange(app, stack, path);
  await dropBeside(app, stack, path);
  record(app, actor, { action: 'stacks.dropFile', target: name, params: { path } });
}
