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
  const paths = [...(newest?.texts.map(({ path }) => path) ?? []), ...more].flatMap((path) => besideOf(stack, path) ?? []);
  const beside = await Promise.all([...new Set(paths)].sort().map(async (path): Promise<StackText> => ({ path: pathBeside(stack, path), text: await readBeside(app, stack, path) })));
  return [...(await readTexts(stack)), ...beside];
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
