import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { can } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { askDocker } from '../docker/ask.ts';
import { VolumeName } from '../volumes/volume.ts';
import type { ComposeFiles, ComposeTool } from './compose.ts';
import type { Placed } from './deploy.ts';
import { keepFrozen } from './kept.ts';
import { bindFolders, breachesOf, volumeNames, type Breach } from './policy.ts';
import { changeable, readsOf } from './reads.ts';
import type { Rendered } from './rendered.ts';
import { readTexts } from './texts.ts';
import { StackFault, validate, type Validated } from './validate.ts';

/** Whoever may make any container may start any stack. */
export const startsAnything = (actor: Actor) => can(actor, 'containers.admin');

/**
 * Who may not make containers may still start a stack that an administrator wrote, as far as it gives nobody more than a
 * container has; and only of the panel's own folder, where nobody else can change what is started (S18).
 * @throws AppError denied, with what is too much
 */
export async function checkMayStart(app: App, actor: Actor, tool: ComposeTool, stack: Placed) {
  if (startsAnything(actor)) return;
  if (!stack.own) throw new AppError('denied', (t) => t.stacks.errors.notOwn);
  const { rendered } = await validate(app, tool, stack, null).catch((error: unknown) => {
    // Its words tell lines of files that only administrators read.
    throw error instanceof StackFault ? new AppError('invalid', (t) => t.stacks.errors.fault, { cause: error }) : error;
  });
  await checkRendered(app, actor, stack, rendered);
}

/**
 * Asked again when it starts: files may have changed since somebody pressed the button. What was looked at is what runs:
 * the tool gets that very text, as a file below the folder of the data that only the panel reaches, and none of those that a
 * container may have in a volume (`env_file`, `extends`, `include`).
 * @returns what the tool is to run on @throws AppError denied
 */
export async function frozen(app: App, actor: Actor, stack: Placed, { rendered, text }: Validated): Promise<ComposeFiles> {
  if (startsAnything(actor)) return stack;
  await checkRendered(app, actor, stack, rendered);
  return { name: stack.name, folder: stack.folder, files: [await keepFrozen(app, stack.name, text)] };
}

/** @throws AppError denied */
async function checkRendered(app: App, actor: Actor, stack: Placed, rendered: Rendered) {
  // A link in place of a file that Compose reads would tell the container what is in any file of the host.
  const reads = changeable(await readsOfStack(stack), bindFolders(rendered, stack.folder));
  const breaches = [
    ...breachesOf(rendered, stack.folder), ...(await volumeBreaches(app, stack.name, rendered)), ...reads.map((what) => ({ service: 'files', what: `${what} in a volume` })),
  ];
  if (breaches.length === 0) return;
  const what = breaches.slice(0, 5).map((one) => `${one.service}: ${one.what}`).join('; ');
  record(app, actor, { action: 'stacks.up', target: stack.name, result: 'refused', params: { what } });
  throw new AppError('denied', (t) => t.stacks.errors.tooMuch({ what }));
}

const readsOfStack = async (stack: Placed) => readsOf(stack.folder, await readTexts({ ...stack, folder: null }));

/**
 * What Compose says of files that a container may have changed, in warnings of any run, may be what a link there leads to: who
 * is no administrator is not told it. Elsewhere than in the panel's own folder that may be all of them (`.:/app`), and what
 * they include is fetched from wherever they say.
 */
export async function tellsOfOthers(app: App, actor: Actor, tool: ComposeTool, stack: Placed): Promise<boolean> {
  if (startsAnything(actor)) return false;
  if (!stack.own) return true;
  try {
    const reads = await readsOfStack(stack);
    return reads.length > 0 && changeable(reads, bindFolders((await validate(app, tool, stack, null)).rendered, stack.folder)).length > 0;
  } catch (error) {
    if (error instanceof AppError) return true;
    throw error;
  }
}

const Volume = z.object({ Driver: z.string(), Options: z.record(z.string(), z.string()).nullish() });

/** A volume that is there already is what somebody made it, whatever the file says: `-o type=none -o o=bind -o device=/etc` is a folder of the host. */
async function volumeBreaches(app: App, project: string, rendered: Rendered): Promise<Breach[]> {
  // Others are refused by the file, and none of them is asked for.
  const names = volumeNames(rendered, project).filter((name) => VolumeName.safeParse(name).success);
  const found = await Promise.all(names.map(async (name) => {
    const volume = await askDocker(app, { path: `/volumes/${encodeURIComponent(name)}` }, Volume).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'not_found') return null;
      throw error;
    });
    if (!volume || (volume.Driver === 'local' && Object.keys(volume.Options ?? {}).length === 0)) return [];
    return [{ service: 'volumes', what: volume.Driver === 'local' ? `${name}: ${Object.entries(volume.Options ?? {}).map(([key, value]) => `${key}=${value}`).join(',')}` : `${name}: driver ${volume.Driver}` }];
  }));
  return found.flat();
}
