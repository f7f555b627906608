import { mkdirSync, readdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { and, asc, desc, eq, inArray, sum } from 'drizzle-orm';
import { fileVersions } from '../../../db/schema/files.ts';
import { actorName, type Actor, type App } from '../../app.ts';
import { getSetting } from '../../settings/settings.ts';
import { isInside } from '../paths.ts';

export const versionsFolder = (app: Pick<App, 'config'>) => join(app.config.dataDir, 'versions');
export const versionFile = (app: Pick<App, 'config'>, id: string) => join(versionsFolder(app), `${id}.zst`);

/** What no number may grow beyond, whatever the settings say: one file of this size is not worth a version. */
const MIB = 1 << 20;

/**
 * Keeps these contents of a file as its newest version, unless they are that already, and lets go of the oldest. The
 * bytes are on the disk before the row says so. A version that cannot be kept is no reason to refuse a save: it is logged.
 * @param by '' as it was found on the disk; `at` in ms since 1970
 * @returns the id; null when none was kept
 */
export async function keepVersion(app: App, real: string, bytes: Buffer, by: { actor: Actor | ''; at: number }): Promise<string | null> {
  const most = getSetting(app, 'versionsKept');
  if (most === 0 || (!app.config.demo && isInside(app.host.files.kind, app.config.dataDir, real))) return null;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const newest = app.db.select().from(fileVersions).where(eq(fileVersions.path, real)).orderBy(desc(fileVersions.at), desc(fileVersions.id)).get();
  if (newest?.sha256 === sha256) return newest.id;
  try {
    const id = app.random.id();
    const packed = zstdCompressSync(bytes);
    if (packed.length > getSetting(app, 'versionsMiB') * MIB) return null;
    await writeNew(app, id, packed);
    // What is found on the disk is older than what is saved over it, whatever its own clock says; and newer than the last.
    const at = Math.max(Math.min(by.at, app.clock.now()), (newest?.at ?? 0) + 1);
    app.db.insert(fileVersions).values({ id, path: real, at, actor: by.actor && actorName(by.actor), size: bytes.length, stored: packed.length, sha256 }).run();
    await letGo(app, real, most);
    return id;
  } catch (error) {
    app.log.warn('a version of a file could not be kept', { error: error as Error });
    return null;
  }
}

async function writeNew(app: App, id: string, bytes: Buffer) {
  mkdirSync(versionsFolder(app), { recursive: true, mode: 0o700 });
  const path = versionFile(app, id);
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** The oldest of this file beyond its number, then the oldest of all beyond the quota. */
async function letGo(app: App, real: string, most: number) {
  const own = app.db.select({ id: fileVersions.id }).from(fileVersions).where(eq(fileVersions.path, real)).orderBy(desc(fileVersions.at)).all();
  await dropVersions(app, own.slice(most).map((row) => row.id));
  const quota = getSetting(app, 'versionsMiB') * MIB;
  for (let used = usedBytes(app); used > quota; used = usedBytes(app)) {
    const oldest = app.db.select({ id: fileVersions.id }).from(fileVersions).orderBy(asc(fileVersions.at)).limit(20).all();
    if (oldest.length === 0) return;
    await dropVersions(app, oldest.slice(0, used > 2 * quota ? 20 : 1).map((row) => row.id));
  }
}

export const usedBytes = (app: Pick<App, 'db'>) => Number(app.db.select({ sum: sum(fileVersions.stored) }).from(fileVersions).get()?.sum ?? 0);

export async function dropVersions(app: Pick<App, 'db' | 'config'>, ids: readonly string[]) {
  if (ids.length === 0) return;
  app.db.delete(fileVersions).where(inArray(fileVersions.id, [...ids])).run();
  for (const id of ids) await rm(versionFile(app, id), { force: true });
}

/** Files without a row: the panel was killed between the two. Once a day is enough. */
export async function dropStrayVersions(app: Pick<App, 'db' | 'config'>) {
  let names: string[];
  try {
    names = readdirSync(versionsFolder(app));
  } catch {
    return;
  }
  const known = new Set(app.db.select({ id: fileVersions.id }).from(fileVersions).all().map((row) => `${row.id}.zst`));
  for (const name of names) if (!known.has(name)) await rm(join(versionsFolder(app), name), { force: true });
}

export const versionWhere = (real: string, id: string) => and(eq(fileVersions.path, real), eq(fileVersions.id, id));
