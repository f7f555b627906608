import { readdir, readFile } from 'node:fs/promises';
import { nameOf } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { App } from '../../app.ts';
import { writeTar } from '../../files/downloads/tar.ts';
import { walkTree, type TreeEntry } from '../../files/downloads/tree.ts';
import { errnoOf, fileFault } from '../../files/faults.ts';
import { readIgnore, TAKE_ALL, type IgnoreRules } from './ignore.ts';

/** A file of rules is a few lines. */
const RULES_MOST = 1 << 20;

export interface Context {
  /** Which file said what stays out; null: none is there. */
  rules: string | null;
  tar: AsyncGenerator<Uint8Array>;
}

interface ContextOptions {
  /** Relative, with `/`. */
  dockerfile: string;
  signal: AbortSignal;
  log(text: string): void;
  /** Bytes and files that went in, now and then. */
  seen(bytes: number, files: number): void;
}

/**
 * What an engine builds from: a folder as a tar, made while it is sent, without what its `.dockerignore` names. Links stay
 * links, whoever owns a file it comes as root's, and nothing outside of the folder goes in.
 * @throws AppError invalid when there is no such Dockerfile; in the stream, for what cannot be read: no image is built of half a folder
 */
export async function contextOf(app: App, folder: PinnedFolder, options: ContextOptions): Promise<Context> {
  const { dockerfile, signal, log, seen } = options;
  await needDockerfile(folder, dockerfile);
  const { rules, from } = await rulesOf(folder, dockerfile);
  const names = (await readdir(folder.at(''), { encoding: 'buffer' })).map(nameOf).toSorted();
  const faults = {
    add(path: string, error: unknown) {
      const code = errnoOf(error);
      // Sockets, devices, what the kernel makes up, and the panel's own folder.
      if (['ESPECIAL', 'EOWN', 'EMADEUP'].includes(code)) return log(`left out, no file or folder: ${path}`);
      throw code === 'ECHANGED' ? new AppError('conflict', (t) => t.imageBuild.errors.changed({ path })) : fileFault(error, path);
    },
  };
  const entries = walkTree(app, folder, names, faults, signal, { links: true, hidden: true, judge: (path, isFolder) => rules.judge(path, isFolder) });
  return { rules: from, tar: writeTar(counted(entries, seen), faults, () => null) };
}

async function* counted(entries: AsyncIterable<TreeEntry>, seen: ContextOptions['seen']): AsyncGenerator<TreeEntry> {
  let [bytes, files] = [0, 0];
  for await (const entry of entries) {
    // As docker(1) sends it: what is built does not depend on who has checked it out.
    yield { ...entry, stats: Object.assign(Object.create(entry.stats) as typeof entry.stats, { uid: 0, gid: 0 }) };
    if (entry.type === 'file') seen((bytes += entry.stats.size), (files += 1));
  }
}

/** The folder below, through no link: one could lead out. The caller closes what it gets. @throws AppError not_found */
async function descend(folder: PinnedFolder, names: readonly string[]): Promise<PinnedFolder[]> {
  const held: PinnedFolder[] = [];
  try {
    for (const name of names) held.push(await (held.at(-1) ?? folder).child(name));
    return held;
  } catch (error) {
    for (const one of held) await one.close();
    throw error;
  }
}

/** A folder below another one. @throws AppError invalid when it is not there, or a link */
export async function subfolder(folder: PinnedFolder, path: string): Promise<PinnedFolder> {
  const names = path.split('/').filter(Boolean);
  try {
    const held = await descend(folder, names);
    for (const one of held.slice(0, -1)) await one.close();
    return held.at(-1)!;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid', (t) => t.imageBuild.errors.noFolder({ path }), { cause, field: 'folder' });
  }
}

/** Text of a small file of the context; null when there is none. A link is not followed: the engine would not find it either. */
async function readSmall(folder: PinnedFolder, path: string): Promise<string | null> {
  const names = path.split('/');
  let held: PinnedFolder[] = [];
  try {
    held = await descend(folder, names.slice(0, -1));
    const file = await (held.at(-1) ?? folder).open(names.at(-1)!, 'nofollow');
    try {
      if (!file.stats.isFile()) return null;
      if (file.stats.size > RULES_MOST) throw new AppError('invalid', (t) => t.imageBuild.errors.tooLong({ path }));
      return await readFile(file.at, 'utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error))) return null;
    throw error instanceof AppError ? error : fileFault(error, path);
  } finally {
    for (const one of held) await one.close();
  }
}

async function needDockerfile(folder: PinnedFolder, dockerfile: string) {
  const names = dockerfile.split('/');
  const missing = (cause?: unknown) => new AppError('invalid', (t) => t.imageBuild.errors.noDockerfile({ path: dockerfile }), { cause, field: 'dockerfile' });
  let held: PinnedFolder[] = [];
  try {
    held = await descend(folder, names.slice(0, -1));
    const file = await (held.at(-1) ?? folder).open(names.at(-1)!, 'nofollow');
    await file.close();
    if (!file.stats.isFile() && !file.stats.isSymbolicLink()) throw missing();
  } catch (error) {
    throw error instanceof AppError ? error : missing(error);
  } finally {
    for (const one of held) await one.close();
  }
}

/** Of this Dockerfile alone (`Dockerfile.dockerignore`), else of the folder. Both files and the Dockerfile go in: the engine asks for them. */
async function rulesOf(folder: PinnedFolder, dockerfile: string): Promise<{ rules: IgnoreRules; from: string | null }> {
  for (const name of [`${dockerfile}.dockerignore`, '.dockerignore']) {
    const text = await readSmall(folder, name);
    if (text !== null) return { rules: readIgnore(text, [dockerfile, ...(name === '.dockerignore' ? [name] : [])]), from: name };
  }
  return { rules: TAKE_ALL, from: null };
}
