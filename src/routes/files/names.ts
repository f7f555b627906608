import { Hono } from 'hono';
import { z } from 'zod';
import type { Actor, App } from '../../core/app.ts';
import { openFolder } from '../../core/files/entry.ts';
import { readColumn } from '../../core/files/listing/columns.ts';
import { getListing, type Listing } from '../../core/files/listing/listing.ts';
import { FILE, FOLDER, readNames } from '../../core/files/listing/names.ts';
import { joinPath, normalPath } from '../../core/files/paths.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readBody } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { AppError } from '../../lib/errors.ts';

const Place = z.coerce.number().int().min(0).max(2 ** 31);
const RangeQuery = z.object({ listing: z.string().max(100), from: Place, count: Place });
const FindQuery = z.object({ listing: z.string().max(100), name: z.string().max(4096).optional(), prefix: z.string().max(255).optional(), after: Place.default(0) });
const OfQuery = z.object({ listing: z.string().max(100) });
const CompleteQuery = z.object({ path: z.string().max(300_000) });

const COMPLETIONS = 50;

/** What the page asks of rows that it has not loaded: which names lie in a range, where one is, how large all are together. */
export function names(app: App) {
  const r = new Hono<Env>();

  r.get('/files/names', allow('files.read'), (c) => {
    const { listing: id, from, count } = readQuery(c, RangeQuery);
    const listing = listingOf(app, actorOf(c), id);
    const { names: all, kinds } = listing.entries;
    return c.json({ items: [...listing.slice(from, count)].map((index) => [all[index], kindOf(kinds[index]!)]) });
  });

  r.get('/files/names/find', allow('files.read'), (c) => {
    const { listing: id, name, prefix, after } = readQuery(c, FindQuery);
    const listing = listingOf(app, actorOf(c), id);
    return c.json({ index: name === undefined ? next(listing, prefix ?? '', after) : indexOf(listing, name) });
  });

  r.get('/files/names/total', allow('files.read'), async (c) => {
    const listing = listingOf(app, actorOf(c), readQuery(c, OfQuery).listing);
    return c.json({ bytes: await totalOf(app, actorOf(c), listing, c.req.raw.signal) });
  });

  r.get('/files/names/complete', allow('files.read'), async (c) => c.json({ items: await complete(app, actorOf(c), readQuery(c, CompleteQuery).path) }));

  // A form, because a selection may be longer than an address.
  r.post('/files/names/present', allow('files.read'), async (c) => {
    const body = await readBody(c, { all: true });
    const listing = listingOf(app, actorOf(c), String(body.listing ?? ''));
    const wanted = new Set([body.name ?? []].flat().filter((name): name is string => typeof name === 'string'));
    const { names: all } = listing.entries;
    return c.json({ items: [...listing.slice(0, listing.total)].map((index) => all[index]!).filter((name) => wanted.has(name)) });
  });

  return r;
}

function listingOf(app: App, actor: Actor, id: string): Listing {
  const listing = getListing(app, actor, id);
  if (!listing) throw new AppError('not_found', (t) => t.listing.expired);
  return listing;
}

const kindOf = (kind: number) => (kind === FOLDER ? 'folder' : kind === FILE ? 'file' : 'other');

/** Position of a name; -1 when it is not listed. */
function indexOf(listing: Listing, name: string): number {
  const index = listing.entries.names.indexOf(name);
  return index < 0 ? -1 : listing.slice(0, listing.total).indexOf(index);
}

/** The first name from `after` on that begins so, going round; -1: none does. */
function next(listing: Listing, prefix: string, after: number): number {
  const wanted = prefix.toLowerCase();
  const order = listing.slice(0, listing.total);
  const { names: all } = listing.entries;
  for (let i = 0; i < order.length; i++) {
    const at = (after + i) % order.length;
    if (all[order[at]!]!.toLowerCase().startsWith(wanted)) return at;
  }
  return -1;
}

/** Bytes of all files that are listed (not of what lies in folders). */
async function totalOf(app: App, actor: Actor, listing: Listing, signal: AbortSignal): Promise<number> {
  const { names: all, kinds } = listing.entries;
  const files = [...listing.slice(0, listing.total)].filter((index) => kinds[index] === FILE).map((index) => all[index]!);
  const folder = await openFolder(app, actor, listing.path);
  try {
    const sizes = await readColumn(folder, files, 'size', signal);
    return sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  } finally {
    await folder.close();
  }
}

/** "/srv/w" → ["/srv/web", "/srv/www"]: folders whose path begins so. What cannot be read completes to nothing. */
async function complete(app: App, actor: Actor, text: string): Promise<string[]> {
  const { kind } = app.host.files;
  const cut = Math.max(text.lastIndexOf('/'), kind === 'windows' ? text.lastIndexOf('\\') : -1) + 1;
  if (cut === 0) return [];
  const start = text.slice(cut).toLowerCase();
  try {
    const parent = normalPath(kind, text.slice(0, cut));
    const folder = await openFolder(app, actor, parent);
    try {
      const found = await readNames(folder);
      const folders = found.names.filter((name, i) => found.kinds[i] === FOLDER && name.toLowerCase().startsWith(start) && (start !== '' || !name.startsWith('.')));
      return folders.sort().slice(0, COMPLETIONS).map((name) => joinPath(kind, parent, name));
    } finally {
      await folder.close();
    }
  } catch {
    return [];
  }
}
