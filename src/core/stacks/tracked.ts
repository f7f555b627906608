import { AppError } from '../../lib/errors.ts';
import type { App } from '../app.ts';
import type { Placed } from './deploy.ts';
import { besideOf, pathBeside, readBeside, writeBeside } from './folder.ts';
import { keepGood, listVersions, readGood } from './kept.ts';
import { readTexts, writeTexts, type StackText } from './texts.ts';

/**
 * The files of a stack that are kept and returned to as one: its compose files and `.env`, and of those beside them the ones
 * that were edited here. What lies there else may be data, which runs on by itself.
 * @param more further files beside, by their whole path @throws AppError invalid for what is no text
 */
export async function readTracked(app: App, stack: Placed, more: readonly string[] = []): Promise<StackText[]> {
  const [newest] = await listVersions(app, stack.name);
  const paths = (all: readonly string[]) => new Set(all.flatMap((path) => besideOf(stack, path) ?? []));
  const asked = paths(more);
  const known = paths(newest?.texts.map(({ path }) => path) ?? []);
  const beside = await Promise.all([...asked.union(known)].sort().map(async (path): Promise<StackText[]> => {
    const text = await readBeside(app, stack, path).catch((error: unknown) => {
      // Somebody made something else of it: then it is theirs, and no reason to refuse what has nothing to do with it.
      if (asked.has(path) || !(error instanceof AppError && error.code === 'invalid')) throw error;
      return undefined;
    });
    return text === undefined ? [] : [{ path: pathBeside(stack, path), text }];
  }));
  return [...(await readTexts(stack)), ...beside.flat()];
}

/** Puts them on the disk, each whole or not at all; null takes a file away. */
export async function writeTracked(app: App, stack: Placed, texts: readonly StackText[]): Promise<void> {
  for (const one of texts) {
    const beside = besideOf(stack, one.path);
    if (beside === null) await writeTexts(app.random, [one]);
    else await writeBeside(app, stack, beside, one.text);
  }
}

/** A file that is edited here for the first time: as it was found, it belongs to what ran well last. */
export async function completeGood(app: App, stack: Placed, found: readonly StackText[]): Promise<void> {
  const good = await readGood(app, stack.name);
  const missing = good ? found.filter(({ path }) => !good.some((one) => one.path === path)) : [];
  if (good && missing.length) await keepGood(app, stack.name, [...good, ...missing]);
}
