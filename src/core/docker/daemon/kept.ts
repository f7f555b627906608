import { mkdirSync, readdirSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { App } from '../../app.ts';

type Keeps = Pick<App, 'config' | 'random' | 'log'>;

/** What came of a version: somebody else wrote it, it was only saved, the engine ran with it, or it did not. */
export const DAEMON_STATES = ['found', 'saved', 'good', 'failed'] as const;

const Version = z.object({ at: z.number(), by: z.string(), state: z.enum(DAEMON_STATES), text: z.string().nullable() });
export type DaemonVersion = z.output<typeof Version> & { id: string };
export const DaemonVersionId = z.string().regex(/^\d{13}-[0-9a-f]{8}$/);

const Container = z.object({ id: z.string(), name: z.string(), starts: z.boolean(), removesItself: z.boolean() });
/** One that ran before. `starts`: the engine starts it again by itself, or does not stop it. */
export type Ran = z.output<typeof Container>;

/** A change that has begun, and what to return to. */
const Begun = z.object({
  at: z.number(), by: z.string(), path: z.string(), before: z.string().nullable(), after: z.string().nullable(), how: z.enum(['reload', 'restart']), startAgain: z.boolean(), ran: z.array(Container),
  /** The file is being written, the engine told, waited for; or the file of before is put back. */
  phase: z.enum(['write', 'tell', 'wait', 'back']),
});
export type Begun = z.output<typeof Begun>;

const folder = (app: Keeps, ...more: string[]) => join(app.config.dataDir, 'docker-daemon', ...more);
const VERSIONS_MOST = 50;

function ids(app: Keeps): string[] {
  try {
    return readdirSync(folder(app, 'versions')).map((file) => file.replace(/\.json$/, '')).filter((id) => DaemonVersionId.safeParse(id).success).sort().reverse();
  } catch {
    return [];
  }
}

/** Newest first. */
export async function listDaemonVersions(app: Keeps): Promise<DaemonVersion[]> {
  const read = await Promise.all(ids(app).map((id) => readDaemonVersion(app, id)));
  return read.filter((version) => version !== null);
}

/** null: there is none with this id. */
export async function readDaemonVersion(app: Keeps, id: string): Promise<DaemonVersion | null> {
  const read = DaemonVersionId.safeParse(id).success ? await readJson(app, folder(app, 'versions', `${id}.json`), Version) : null;
  return read && { ...read, id };
}

/** Keeps this text, unless it is the newest version already (then that one says what came of it), and lets go of the oldest. */
export async function keepDaemonVersion(app: Keeps, version: z.output<typeof Version>): Promise<void> {
  const all = await listDaemonVersions(app);
  const known = version.state === 'found' ? all.find(({ text }) => text === version.text) : undefined;
  if (known) return;
  const [newest] = all;
  const same = newest?.text === version.text ? newest : null;
  const id = same?.id ?? `${String(Math.max(version.at, Number(newest?.id.slice(0, 13) ?? 0) + 1)).padStart(13, '0')}-${app.random.id().slice(0, 8)}`;
  await writeJson(app, folder(app, 'versions'), `${id}.json`, same ? { ...same, id: undefined, state: version.state === 'saved' ? same.state : version.state } : version);
  for (const { id: old } of all.slice(VERSIONS_MOST - 1)) await rm(folder(app, 'versions', `${old}.json`), { force: true });
}

export const readDaemonBegun = (app: Keeps): Promise<Begun | null> => readJson(app, folder(app, 'begun.json'), Begun);
export const keepDaemonBegun = (app: Keeps, begun: Begun) => writeJson(app, folder(app), 'begun.json', begun);
export const endDaemonBegun = (app: Keeps) => rm(folder(app, 'begun.json'), { force: true });

async function readJson<S extends z.ZodType>(app: Keeps, path: string, schema: S): Promise<z.output<S> | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') app.log.warn('a kept file of the engine’s configuration cannot be read', { path, error: error as Error });
    return null;
  }
}

/** On the disk, and whole, when it returns: it is what is left when the panel is killed. */
async function writeJson(app: Keeps, to: string, file: string, value: unknown) {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const part = join(to, `.${app.random.id()}.part`);
  const handle = await open(part, 'wx', 0o600);
  await handle.writeFile(JSON.stringify(value)).then(() => handle.sync()).finally(() => handle.close());
  await rename(part, join(to, file));
}
