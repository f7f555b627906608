import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { Listed } from '../containers/container.ts';
import { askDocker } from '../docker/ask.ts';
import { LABEL, OWN_FILE, StackName, stacksFolder, stacksOf, type ImageLabels, type Stack } from './stack.ts';

/** @throws AppError denied, unavailable */
export async function listStacks(app: App, actor: Actor): Promise<Stack[]> {
  need(actor, 'stacks.read');
  return readStacks(app);
}

/** @throws AppError denied, not_found, unavailable */
export async function getStack(app: App, actor: Actor, name: string): Promise<Stack> {
  need(actor, 'stacks.read');
  return readStack(app, name);
}

/** Without asking who wants to know: for what runs as a task. */
export async function readStack(app: App, name: string): Promise<Stack> {
  const found = StackName.safeParse(name).success && (await readStacks(app)).find((stack) => stack.name === name);
  if (!found) throw new AppError('not_found', (t) => t.stacks.errors.notFound);
  return found;
}

async function readStacks(app: App): Promise<Stack[]> {
  const [listed, images] = await Promise.all([
    askDocker(app, { path: '/containers/json', query: { all: true } }, Listed),
    readImageLabels(app),
  ]);
  return stacksOf(app, ownNames(app), listed, images);
}

/** Labels of the images that say that they belong to a stack. */
export async function readImageLabels(app: App): Promise<ImageLabels> {
  const images = await askDocker(app, { path: '/images/json', query: { all: true, filters: { label: [`${LABEL}project`] } } }, Labelled);
  return new Map(images.map(({ Id, Labels }) => [Id, Labels ?? {}]));
}

/** GET /images/json, of each what is used. */
const Labelled = z.array(z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()).nullish() }));

/** Folders of the panel's own that hold a stack. */
function ownNames(app: App): string[] {
  const folder = stacksFolder(app);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.filter((name) => StackName.safeParse(name).success && statSync(join(folder, name, OWN_FILE), { throwIfNoEntry: false })?.isFile());
}
