import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { App } from '../app.ts';
import type { ComposeFiles } from './compose.ts';
import { stacksFolder, type Stack } from './stack.ts';
import { writeNew, type StackText } from './texts.ts';

/**
 * Gives `run` a folder that looks like that of the stack, with these texts in it as if they were saved already: what does
 * not change is a link to what is there. @returns what `run` does; nothing is left
 */
export async function inMirror<T>(app: App, stack: Pick<Stack, 'name' | 'folder' | 'files' | 'env'>, texts: readonly StackText[], run: (mirror: string, placed: ComposeFiles) => Promise<T>): Promise<T> {
  const folder = stack.folder!;
  const kept = join(stacksFolder(app), '.kept');
  await mkdir(kept, { recursive: true, mode: 0o700 });
  const mirror = await mkdtemp(join(kept, '.check-'));
  try {
    const changed = new Map(texts.flatMap(({ path, text }) => (isWithin(folder, path) ? [[relative(folder, path), text] as const] : [])));
    await fill(folder, mirror, changed);
    const moved = (path: string) => (isWithin(folder, path) ? join(mirror, relative(folder, path)) : path);
    return await run(mirror, { name: stack.name, folder: mirror, files: stack.files.map(moved), env: stack.env.map(moved) });
  } finally {
    await rm(mirror, { recursive: true, force: true });
  }
}

/** More in one folder is data, and not linked one by one. */
const ENTRIES_MOST = 2000;

/** Links need no right on these systems, all compose files lie in the folder, and those folders are small that these texts lie in. */
export async function canMirror(app: App, { folder, files, env }: Pick<Stack, 'folder' | 'files' | 'env'>, texts: readonly StackText[]): Promise<boolean> {
  if (app.host.files.kind !== 'posix' || folder === null || ![...files, ...env].every((file) => isWithin(folder, file))) return false;
  const folders = new Set([folder]);
  for (const { path } of texts) for (let at = dirname(path); isWithin(folder, at); at = dirname(at)) folders.add(at);
  for (const one of folders) if ((await readdir(one).catch(() => [])).length > ENTRIES_MOST) return false;
  return true;
}

const isWithin = (folder: string, path: string) => {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
};

async function fill(folder: string, into: string, changed: ReadonlyMap<string, string | null>) {
  const below = Map.groupBy([...changed].filter(([path]) => path.includes('/')), ([path]) => path.slice(0, path.indexOf('/')));
  for (const name of await readdir(folder).catch(() => [])) if (!changed.has(name) && !below.has(name)) await symlink(join(folder, name), join(into, name));
  for (const [name, text] of changed) if (!name.includes('/') && text !== null) await writeNew(join(into, name), text);
  for (const [name, inside] of below) {
    await mkdir(join(into, name));
    await fill(join(folder, name), join(into, name), new Map(inside.map(([path, text]) => [path.slice(name.length + 1), text])));
  }
}

/** What a panel that was killed in a try left behind. */
export async function sweepMirrors(app: App): Promise<void> {
  const kept = join(stacksFolder(app), '.kept');
  for (const name of await readdir(kept).catch(() => [])) if (name.startsWith('.check-')) await rm(join(kept, name), { recursive: true, force: true });
}
