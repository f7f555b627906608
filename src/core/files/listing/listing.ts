import { AppError } from '../../../lib/errors.ts';
import { Semaphore } from '../../../lib/semaphore.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { openFolder } from '../entry.ts';
import { told } from '../faults.ts';
import { joinPath, normalPath } from '../paths.ts';
import { readColumn } from './columns.ts';
import { driveEntries, readDrives } from './drives.ts';
import { nameFilter } from './filter.ts';
import { lookAt, type ListedEntry } from './look.ts';
import { FOLDER, readNames, type Names } from './names.ts';
import { firstOf, orderOf, type ListingSort, type Ordering } from './order.ts';
import { readOwners } from './owners.ts';
import { listingsOf, ownerOf } from './store.ts';

export interface ListingOptions {
  path: string;
  sort?: ListingSort | undefined;
  descending?: boolean | undefined;
  foldersFirst?: boolean | undefined;
  /** What names must contain: listing/filter.ts. */
  filter?: string | undefined;
  /** Names that begin with a dot, too. */
  hidden?: boolean | undefined;
  /** Id of a listing of the same folder and order that another filter is put on: the folder is not read again. */
  of?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** One folder as it was when it was opened: positions stay what they are while the folder changes. */
export interface Listing {
  readonly id: string;
  /** As it was asked for, normal; and where that really is. */
  readonly path: string;
  readonly real: string;
  readonly how: Ordering;
  readonly filter: string;
  readonly hidden: boolean;
  readonly total: number;
  /** Of those that are listed; `hidden` ones are not. */
  readonly counts: { folders: number; others: number; hidden: number };
  readonly entries: Names;
  /** Indices of `entries` at these positions. */
  slice(from: number, count: number): Uint32Array;
}

const FIRST = 400;
const SETTLE_MS = 50;
const READING = new WeakMap<App, Semaphore>();

/**
 * Reads a folder and keeps what it found for a minute after its last use.
 * @throws AppError not_found, denied, invalid (no folder), unavailable when too many are being read
 */
export async function openListing(app: App, actor: Actor, options: ListingOptions): Promise<Listing> {
  need(actor, 'files.read');
  const path = normalPath(app.host.files.kind, options.path);
  const how: Ordering = { sort: options.sort ?? 'name', descending: options.descending ?? false, foldersFirst: options.foldersFirst ?? true };
  const narrowed = narrow(app, actor, path, how, options);
  if (narrowed) return narrowed;
  let reading = READING.get(app);
  if (!reading) READING.set(app, (reading = new Semaphore(3, 60)));
  const ran = await reading.run(() => (isAboveDrives(app, path) ? readDrives(app, actor) : readFolder(app, actor, path, how, options.signal)));
  if (!ran) throw new AppError('unavailable', (t) => t.files.errors.tooManyOpen, { retryAfter: 5 });
  return keep(app, actor, { ...ran.value, path, how }, options);
}

/** One that is still kept, and this person's. */
export const getListing = (app: App, actor: Actor, id: string): Listing | null => listingsOf(app).get(ownerOf(actor), id);

/**
 * `count` entries from this position, as they are now; what went meanwhile is `gone`.
 * @throws AppError not_found when the folder is not there any more
 */
export async function listingWindow(app: App, actor: Actor, listing: Listing, from: number, count: number): Promise<ListedEntry[]> {
  const names = [...listing.slice(from, count)].map((index) => listing.entries.names[index]!);
  if (isAboveDrives(app, listing.path)) return driveEntries(app, names);
  // Opened again each time: rights may have changed, and what is not held can be unmounted.
  const folder = await openFolder(app, actor, listing.path);
  try {
    return await told(listing.path, () => lookAt(app, actor, folder, names));
  } finally {
    await folder.close();
  }
}

/** Names of all that is listed, in order. */
export const listedNames = (listing: Listing): string[] => [...listing.slice(0, listing.total)].map((index) => listing.entries.names[index]!);

const isAboveDrives = (app: App, path: string) => app.host.files.kind === 'windows' && path === '/';

interface Read {
  path: string;
  real: string;
  how: Ordering;
  entries: Names;
  figures: Float64Array | null;
}

async function readFolder(app: App, actor: Actor, path: string, how: Ordering, signal?: AbortSignal): Promise<Omit<Read, 'path' | 'how'>> {
  const folder = await openFolder(app, actor, path);
  try {
    return await told(path, async () => {
      const entries = await readNames(folder);
      return { real: folder.real, entries, figures: await figuresOf(app, folder, entries, how.sort, signal) };
    });
  } finally {
    await folder.close();
  }
}

async function figuresOf(app: App, folder: PinnedFolder, { names, kinds }: Names, sort: ListingSort, signal?: AbortSignal): Promise<Float64Array | null> {
  if (sort === 'name' || sort === 'type') return null;
  const figures = await readColumn(folder, names, sort === 'owner' ? 'uid' : sort, signal);
  // What a folder's own table of names takes is nobody's order.
  if (sort === 'size') for (let i = 0; i < figures.length; i++) if (kinds[i] === FOLDER) figures[i] = 0;
  if (sort !== 'owner') return figures;
  const owners = await readOwners(app);
  const ids = [...new Set(figures)];
  const shown = (id: number) => owners.user(id) || String(id);
  const rank = new Map(ids.sort((a, b) => (shown(a) < shown(b) ? -1 : 1)).map((id, i) => [id, i]));
  return figures.map((id) => rank.get(id)!);
}

function narrow(app: App, actor: Actor, path: string, how: Ordering, options: ListingOptions): Listing | null {
  const base = options.of ? getListing(app, actor, options.of) : null;
  if (!base || base.path !== path || JSON.stringify(base.how) !== JSON.stringify(how)) return null;
  const { real, entries } = base;
  return keep(app, actor, { path, real, how, entries, figures: FIGURES.get(base) ?? null }, options);
}

/** What a listing was sorted by; kept beside it for the next filter. */
const FIGURES = new WeakMap<Listing, Float64Array>();

function keep(app: App, actor: Actor, read: Read, { filter = '', hidden = false }: ListingOptions): Listing {
  const { entries, how, figures } = read;
  const { which, counts } = choose(entries, filter, hidden);
  const first = figures ? null : firstOf(entries, which, how, FIRST);
  let order: Uint32Array | null = null;
  const whole = () => (order ??= orderOf(entries, which, how, figures));
  if (!first) whole();
  // The rest is put in order once the first rows are on their way.
  else setTimeout(whole, SETTLE_MS).unref();
  const listing: Listing = {
    id: app.random.id(), path: read.path, real: read.real, how, filter, hidden, total: which.length, counts, entries,
    slice: (from, count) => (!order && first && from + count <= first.length ? first : whole()).subarray(from, from + count),
  };
  if (figures) FIGURES.set(listing, figures);
  listingsOf(app).keep(ownerOf(actor), listing);
  return listing;
}

function choose({ names, kinds }: Names, filter: string, hidden: boolean) {
  const fits = nameFilter(filter);
  const which = new Uint32Array(names.length);
  let used = 0;
  let folders = 0;
  let left = 0;
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    if (fits && !fits(name)) continue;
    if (!hidden && name.charCodeAt(0) === DOT) {
      left++;
      continue;
    }
    which[used++] = i;
    if (kinds[i] === FOLDER) folders++;
  }
  return { which: which.slice(0, used), counts: { folders, others: used - folders, hidden: left } };
}

const DOT = 46;

/** Path of an entry of it. */
export const listedPath = (app: App, listing: Listing, name: string) => joinPath(app.host.files.kind, listing.path, name);
