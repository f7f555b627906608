import { lstat, readFile, readdir, realpath } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { nameOf } from '../../../lib/file-name.ts';
import { pageOfRows, type Page, type PageQuery } from '../../../lib/page.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { errnoOf } from '../faults.ts';
import { baseOf, isInside, parentOf } from '../paths.ts';
import { rootsOf } from '../reach.ts';
import { NOTE, readNote, type TrashNote } from './note.ts';
import { openTrash, originalPath, readTrashId, trashId, trashTops, type TrashPlace } from './place.ts';

export interface TrashRow {
  id: string;
  /** As it was called, and where. */
  name: string;
  folder: string;
  type: 'file' | 'folder' | 'link' | 'other';
  /** null for folders: what is in them is not counted here. */
  size: number | null;
  deletedAt: number | null;
  /** Who, when it was this panel. */
  by: string | null;
  /** Mount point or drive that it lies on. */
  volume: string;
}

/** What lists of the trash may be sorted by. */
const FIELDS = {
  deletedAt: (row: TrashRow) => row.deletedAt ?? 0,
  name: (row: TrashRow) => row.name.toLowerCase(),
  folder: (row: TrashRow) => row.folder.toLowerCase(),
  size: (row: TrashRow) => row.size ?? -1,
};
export type TrashField = keyof typeof FIELDS;
export const TRASH_FIELDS = Object.keys(FIELDS) as [TrashField, ...TrashField[]];

/** Notes that are read of one trash; more are there until some are gone. */
const NOTES_MOST = 20_000;
/** A share whose server is gone answers never. */
const PATIENCE_MS = 3000;

/** @throws AppError denied */
export async function listTrash(app: App, actor: Actor, query: PageQuery<TrashField>): Promise<Page<TrashRow>> {
  const rows = await allTrash(app, actor);
  return pageOfRows(rows, FIELDS, (row) => Bun.hash.crc32(row.id), query);
}

/** Everything that came from where this person may be, of all file systems. */
export async function allTrash(app: App, actor: Actor): Promise<TrashRow[]> {
  need(actor, 'files.read');
  const { kind } = app.host.files;
  const roots = await Promise.all(rootsOf(app, actor).map((root) => realpath(root).catch(() => root)));
  const tops = await trashTops(app);
  const found = await Promise.all(tops.map((top) => withPatience(rowsOf(app, top, (path) => roots.some((root) => isInside(kind, root, path))))));
  return found.flat();
}

async function withPatience(rows: Promise<TrashRow[]>): Promise<TrashRow[]> {
  const late = Promise.withResolvers<TrashRow[]>();
  const timer = setTimeout(() => late.resolve([]), PATIENCE_MS);
  // One file system that cannot be read must not hide the others.
  return Promise.race([rows.catch(() => []), late.promise]).finally(() => clearTimeout(timer));
}

async function rowsOf(app: App, top: string, mine: (path: string) => boolean): Promise<TrashRow[]> {
  const place = await openTrash(app, top, false);
  if (!place) return [];
  try {
    const rows: TrashRow[] = [];
    for (const { name, note } of await notesOf(place)) {
      const path = originalPath(app, top, note.path);
      const stats = mine(path) ? await lstat(place.files.at(name)).catch(() => null) : null;
      // A note without its entry: a restore or an emptying was cut short. `expireTrash` takes it away.
      if (stats) rows.push(rowOf(app, top, name, path, note, stats));
    }
    return rows;
  } finally {
    await place.close();
  }
}

const rowOf = (app: App, top: string, name: string, path: string, note: TrashNote, stats: import('node:fs').Stats): TrashRow => ({
  id: trashId(top, name),
  name: baseOf(app.host.files.kind, path),
  folder: parentOf(app.host.files.kind, path),
  type: stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other',
  size: stats.isDirectory() ? null : stats.size,
  deletedAt: note.at,
  by: note.by,
  volume: top,
});

/** Notes of one trash, bounded. */
export async function notesOf(place: TrashPlace): Promise<{ name: string; note: TrashNote }[]> {
  const found: { name: string; note: TrashNote }[] = [];
  for (const raw of await readdir(place.info.at(''), { encoding: 'buffer' })) {
    const file = nameOf(raw);
    if (!file.endsWith(NOTE) || found.length >= NOTES_MOST) continue;
    const name = file.slice(0, -NOTE.length);
    const note = await readOne(place, name);
    if (note) found.push({ name, note });
  }
  return found;
}

/** Largest note that is read: a path of 1,000 levels, escaped. */
const NOTE_BYTES = 1 << 20;

async function readOne(place: TrashPlace, name: string): Promise<TrashNote | null> {
  const at = place.info.at(name + NOTE);
  const stats = await lstat(at).catch(() => null);
  return stats?.isFile() && stats.size <= NOTE_BYTES ? readNote(await readFile(at, 'utf8').catch(() => '')) : null;
}

export interface Held {
  id: string;
  name: string;
  /** Where it was. */
  path: string;
  place: TrashPlace;
}

/**
 * Holds what was chosen, each with its trash. The caller closes the places.
 * @throws AppError not_found
 */
export async function holdTrash(app: App, ids: readonly string[]): Promise<{ items: Held[]; close(): Promise<void> }> {
  const places = new Map<string, TrashPlace>();
  const close = async () => void (await Promise.all([...places.values()].map((place) => place.close())));
  const gone = () => new AppError('not_found', (t) => t.trash.errors.gone);
  try {
    const tops = new Set(await trashTops(app));
    const items: Held[] = [];
    for (const id of ids) {
      const { top, name } = readTrashId(id);
      if (!tops.has(top)) throw gone();
      const place = places.get(top) ?? (await openTrash(app, top, false));
      if (!place) throw gone();
      places.set(top, place);
      const note = await readOne(place, name);
      if (!note || (await lstat(place.files.at(name)).catch((error: unknown) => (errnoOf(error) === 'ENOENT' ? null : Promise.reject(error)))) === null) throw gone();
      items.push({ id, name, path: originalPath(app, top, note.path), place });
    }
    return { items, close };
  } catch (error) {
    await close();
    throw error;
  }
}
