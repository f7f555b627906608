import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { isInside, joinPath } from '../../files/paths.ts';
import type { ListedEntry } from '../../files/listing/look.ts';
import { listByArchive } from './archive-list.ts';
import { findPlace, hindranceAt, isUnseen, pathIn, type Hindrance, type Place } from './place.ts';
import { listByShell } from './shell-list.ts';

export const CONTAINER_FILE_SORTS = ['name', 'size', 'modified', 'owner', 'mode'] as const;
export type ContainerFileSort = (typeof CONTAINER_FILE_SORTS)[number];

export interface ContainerFolder {
  place: Place;
  /** As it was asked for, and without links where that is known. */
  path: string;
  real: string;
  /** Folders first, then by name. */
  entries: ListedEntry[];
  /** false: the folder holds more than could be looked through. */
  complete: boolean;
  /** 'shell': the container itself told it, and its files can be renamed and removed. 'archive': the engine packed it. */
  by: 'shell' | 'archive';
  /** Why nothing can be written here; null: it can. */
  hindrance: Hindrance | null;
}

/** Files of a container, running or not. @throws AppError denied, invalid, not_found, unsupported, unavailable */
export async function listContainerFolder(app: App, actor: Actor, id: string, input: string): Promise<ContainerFolder> {
  const place = await findPlace(app, actor, id);
  const path = pathIn(input);
  const { real = path, by, ...found } = await look(app, place, path);
  const mounts = new Map(place.mounts.filter(({ path: at }) => at !== real && isInside('posix', real, at)).map((mount) => [mount.path, mount]));
  const entries = found.entries.map((entry): ListedEntry => {
    const mount = mounts.get(joinPath('posix', real, entry.name));
    return mount && mount.kind !== 'kernel' && mount.kind !== 'engine' ? { ...entry, mount: { type: mount.kind, readOnly: !mount.writable } } : entry;
  });
  return { place, path, real, entries: entries.toSorted(byName), complete: found.complete, by, hindrance: hindranceAt(place, real) };
}

async function look(app: App, place: Place, path: string): Promise<{ real?: string; entries: ListedEntry[]; complete: boolean; by: ContainerFolder['by'] }> {
  const told = place.running ? await listByShell(app, place.id, path).catch(stopped) : null;
  if (told) return { ...told, by: 'shell' };
  if (place.running && isUnseen(place, path)) throw new AppError('unsupported', (t) => t.containerFiles.errors.unseen);
  return { ...(await listByArchive(app, place.id, path)), by: 'archive' };
}

/** It stopped meanwhile, or is paused: the engine can still pack it. */
function stopped(error: unknown): null {
  if (error instanceof AppError && error.code === 'conflict') return null;
  throw error;
}

const collator = new Intl.Collator('en', { numeric: true });
const isFolder = ({ type, link }: ListedEntry) => Number(type === 'folder' || link?.type === 'folder');
export const byName = (a: ListedEntry, b: ListedEntry) => isFolder(b) - isFolder(a) || collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1);

/** In another order: `-size` descends. Folders stay first. */
export function sorted(entries: readonly ListedEntry[], sort: string): ListedEntry[] {
  const down = sort.startsWith('-');
  const column = sort.replace(/^-/, '') as ContainerFileSort;
  const sign = down ? -1 : 1;
  if (column === 'name') return entries.toSorted((a, b) => isFolder(b) - isFolder(a) || sign * byName(a, b));
  const value = (entry: ListedEntry) => (column === 'owner' ? entry.owner : (entry[column] ?? -1));
  return entries.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    return isFolder(b) - isFolder(a) || sign * (typeof x === 'string' ? collator.compare(x, y as string) : x - (y as number)) || byName(a, b);
  });
}
