import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { desc, eq } from 'drizzle-orm';
import { fileVersions } from '../../../db/schema/files.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { openFile } from '../entry.ts';
import { put, type Saved } from '../text/save.ts';
import { readBytes, sha256, TEXT_MOST } from '../text/open.ts';
import { withTarget } from '../text/replace.ts';
import { dropVersions, versionFile, versionWhere } from './keep.ts';

export type VersionRow = typeof fileVersions.$inferSelect;

export interface VersionList {
  path: string;
  real: string;
  /** SHA-256 of what is on the disk now; null when it is larger than any version. */
  now: string | null;
  versions: VersionRow[];
}

const unpack = promisify(zstdDecompress);

/** Kept contents of a file, newest first: for whoever may read the file itself now. @throws AppError */
export async function listVersions(app: App, actor: Actor, path: string): Promise<VersionList> {
  const file = await openFile(app, actor, path);
  try {
    const now = await readBytes(file).then(sha256, () => null);
    const versions = app.db.select().from(fileVersions).where(eq(fileVersions.path, file.real)).orderBy(desc(fileVersions.at)).all();
    return { path, real: file.real, now, versions };
  } finally {
    await file.close();
  }
}

/** @throws AppError not_found for another file's version too: the right to read one file says nothing about another (S12) */
export async function readVersion(app: App, actor: Actor, path: string, id: string): Promise<{ version: VersionRow; bytes: Buffer }> {
  const file = await openFile(app, actor, path);
  await file.close();
  return contentsOf(app, file.real, id);
}

/** @throws AppError not_found: none of that file has this id, or it was damaged */
export async function contentsOf(app: App, real: string, id: string): Promise<{ version: VersionRow; bytes: Buffer }> {
  const version = app.db.select().from(fileVersions).where(versionWhere(real, id)).get();
  if (!version) throw new AppError('not_found', (t) => t.editor.errors.noVersion);
  const bytes = await readFile(versionFile(app, id)).then((packed) => unpack(packed, { maxOutputLength: TEXT_MOST })).catch(() => null);
  if (!bytes || sha256(bytes) !== version.sha256) throw new AppError('not_found', (t) => t.editor.errors.noVersion);
  return { version, bytes };
}

/** Puts a version back: a save like any other, so what is there now is a version afterwards. */
export async function restoreVersion(app: App, actor: Actor, path: string, id: string): Promise<Saved> {
  return withTarget(app, actor, path, async (target) => {
    if (!target.stats) throw new AppError('not_found', (t) => t.files.errors.gone);
    const { version, bytes } = await contentsOf(app, target.real, id);
    const before = await readBytes({ at: target.at as string, stats: target.stats });
    return put(app, actor, target, before, bytes, { action: 'files.restore_version', params: { at: version.at } });
  });
}

/** Forgets all versions of a file. @returns how many there were */
export async function clearVersions(app: App, actor: Actor, path: string): Promise<number> {
  return withTarget(app, actor, path, async (target) => {
    const rows = app.db.select({ id: fileVersions.id }).from(fileVersions).where(eq(fileVersions.path, target.real)).all();
    await dropVersions(app, rows.map((row) => row.id));
    record(app, actor, { action: 'files.clear_versions', target: target.real, params: { count: rows.length } });
    return rows.length;
  });
}
