import { mkdirSync, readdirSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { App } from '../app.ts';
import { stacksFolder } from './stack.ts';
import { writeNew, type StackText } from './texts.ts';

type Keeps = Pick<App, 'config' | 'engines' | 'random' | 'log'>;

const Texts = z.array(z.object({ path: z.string(), text: z.string().nullable() }));

/** What came of a version: it was saved only, it ran well, or it did not and was taken back. */
export const VERSION_STATES = ['saved', 'good', 'failed', 'found'] as const;

const Version = z.object({ at: z.number(), by: z.string(), state: z.enum(VERSION_STATES), texts: Texts });
export type StackVersion = z.output<typeof Version> & { id: string };

/** A deployment that has begun. `before`: what to return to; null: there was nothing. */
const Begun = z.object({ at: z.number(), by: z.string(), before: Texts.nullable() });
export type Begun = z.output<typeof Begun>;

/** Names that cannot be those of a stack: its folder lies beside theirs. */
const keptFolder = (app: Pick<App, 'config' | 'engines'>, name: string, ...more: string[]) => join(stacksFolder(app), '.kept', name, ...more);
/** What somebody started who may not start anything: what was looked at, and nothing that can change meanwhile. */
export const frozenFile = (app: Pick<App, 'config' | 'engines'>, name: string) => keptFolder(app, name, 'frozen.yml');
const VERSIONS_MOST = 50;

export const VersionId = z.string().regex(/^\d{13}-[0-9a-f]{8}$/);

/** Newest first. */
export async function listVersions(app: Keeps, name: string): Promise<StackVersion[]> {
  const read = await Promise.all(versionIds(app, name).map((id) => readVersion(app, name, id)));
  return read.filter((version) => version !== null);
}

function versionIds(app: Keeps, name: string): string[] {
  try {
    return readdirSync(keptFolder(app, name, 'versions')).map((file) => file.replace(/\.json$/, '')).filter((id) => VersionId.safeParse(id).success).sort().reverse();
  } catch {
    return [];
  }
}

/** null: there is none with this id. */
export async function readVersion(app: Keeps, name: string, id: string): Promise<StackVersion | null> {
  const read = VersionId.safeParse(id).success ? await readJson(app, keptFolder(app, name, 'versions', `${id}.json`), Version) : null;
  return read && { ...read, id };
}

/** Keeps these files, unless they are the newest version already, and lets go of the oldest. @returns its id */
export async function keepVersion(app: Keeps, name: string, version: z.output<typeof Version>): Promise<string> {
  const ids = versionIds(app, name);
  const texts = JSON.stringify(version.texts);
  // What is found as it was kept before is no new version.
  const known = version.state === 'found' ? (await listVersions(app, name)).find((one) => JSON.stringify(one.texts) === texts) : undefined;
  if (known) return known.id;
  const newest = ids[0] ? await readVersion(app, name, ids[0]) : null;
  const same = newest && JSON.stringify(newest.texts) === texts;
  // A version that was saved and then ran is one, and says so.
  const id = same ? newest.id : `${String(Math.max(version.at, Number(ids[0]?.slice(0, 13) ?? 0) + 1)).padStart(13, '0')}-${app.random.id().slice(0, 8)}`;
  const kept = same ? { ...newest, id: undefined, state: version.state === 'saved' ? newest.state : version.state } : version;
  await writeJson(app, keptFolder(app, name, 'versions'), `${id}.json`, kept);
  for (const old of ids.slice(VERSIONS_MOST - 1)) await rm(keptFolder(app, name, 'versions', `${old}.json`), { force: true });
  return id;
}

/** The files that ran well last; null: none of this panel's time. */
export const readGood = async (app: Keeps, name: string): Promise<StackText[] | null> => readJson(app, keptFolder(app, name, 'good.json'), Texts);
export const keepGood = (app: Keeps, name: string, texts: readonly StackText[]) => writeJson(app, keptFolder(app, name), 'good.json', texts);

export const readBegun = async (app: Keeps, name: string): Promise<Begun | null> => readJson(app, keptFolder(app, name, 'begun.json'), Begun);
export const keepBegun = (app: Keeps, name: string, begun: Begun) => writeJson(app, keptFolder(app, name), 'begun.json', begun);
export const endBegun = (app: Keeps, name: string) => rm(keptFolder(app, name, 'begun.json'), { force: true });

/** Puts it there whole. @returns where it lies */
export async function keepFrozen(app: Keeps, name: string, text: string): Promise<string> {
  await writeText(app, keptFolder(app, name), 'frozen.yml', text);
  return frozenFile(app, name);
}

/** Names of stacks with a deployment that has begun and not ended. */
export async function listBegun(app: Keeps): Promise<string[]> {
  let names: string[];
  try {
    names = readdirSync(join(stacksFolder(app), '.kept'));
  } catch {
    return [];
  }
  const found = await Promise.all(names.map(async (name) => ((await readBegun(app, name)) ? name : null)));
  return found.filter((name) => name !== null);
}

export const forgetKept = (app: Keeps, name: string) => rm(keptFolder(app, name), { recursive: true, force: true });

async function readJson<S extends z.ZodType>(app: Keeps, path: string, schema: S): Promise<z.output<S> | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') app.log.warn('a kept file of a stack cannot be read', { path, error: error as Error });
    return null;
  }
}

/** On the disk, and whole, when it returns: it is what is left when the panel is killed. */
const writeJson = (app: Keeps, folder: string, file: string, value: unknown) => writeText(app, folder, file, JSON.stringify(value));

async function writeText(app: Keeps, folder: string, file: string, text: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `.${app.random.id()}.part`);
  await writeNew(part, text);
  await rename(part, join(folder, file));
}
