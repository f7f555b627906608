import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { Actor, App } from '../../core/app.ts';
import { listFavourites, setFavourite } from '../../core/files/favourites.ts';
import { openListing, listingWindow, type Listing } from '../../core/files/listing/listing.ts';
import { openFolder } from '../../core/files/entry.ts';
import { isInside, normalPath, parentOf } from '../../core/files/paths.ts';
import { rootsOf } from '../../core/files/reach.ts';
import { listRecents, rememberRecent } from '../../core/files/recents.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { readPreference, writePreference } from '../../http/cookies.ts';
import type { Env } from '../../http/env.ts';
import { readForm } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { listingFields, listingOptions } from '../../http/listing-query.ts';
import { isHtmx, localPath, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import type { Volume } from '../../platform/files.ts';
import { folderHref } from '../../views/files/href.ts';
import { BrowsePage, PAGE_ROWS, type BrowseModel } from '../../views/files/page.tsx';
import { FolderFault, NoRoots, Roots } from '../../views/files/states.tsx';

const PageQuery = z.object({
  ...listingFields,
  path: listingFields.path.optional(),
  /** First row, for paging without JavaScript. */
  from: z.coerce.number().int().min(0).max(2 ** 31).default(0),
  /** A listing of the same folder that only another filter is put on. */
  of: z.string().max(100).optional(),
});
type PageInput = z.output<typeof PageQuery>;

const FavouriteForm = z.object({ path: z.string().max(300_000), on: z.enum(['on', 'off']) });
const ViewForm = z.object({ hidden: z.enum(['on', 'off']).optional(), view: z.enum(['list', 'grid']).optional(), next: z.string().max(300_000).optional() });

/** The page of folders, and what a person keeps of them. Further rows: routes/files/rows.tsx. */
export function browse(app: App) {
  const r = new Hono<Env>();

  r.get('/files', allow('files.read'), async (c) => {
    const actor = actorOf(c);
    const query = readQuery(c, PageQuery);
    const base = baseModel(app, c, actor, query);
    if (base.roots.length === 0) return show(c, { ...base, state: <NoRoots ui={uiOf(c)} /> });
    if (!base.path) return show(c, { ...base, state: <Roots ui={uiOf(c)} roots={base.roots} /> });
    try {
      const listing = await openListing(app, actor, { ...listingOptions({ ...query, path: base.path }), hidden: base.hidden, of: query.of, signal: c.req.raw.signal });
      const from = Math.min(query.from, Math.max(0, listing.total - 1));
      const entries = await listingWindow(app, actor, listing, from, PAGE_ROWS);
      // A refresh of the page by its own scripts, or another filter, is no visit.
      if (!c.req.header('x-refresh') && !query.filter) rememberRecent(app, actor, listing.path, true);
      return show(c, { ...base, path: listing.path, listing, entries, from, volume: await volumeOf(app, listing) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const nearest = await nearestOf(app, actor, base.path, base.roots);
      return show(c, { ...base, state: <FolderFault ui={uiOf(c)} error={error} path={base.path} nearest={nearest} /> }, error);
    }
  });

  r.post('/files/favourites', allow('files.read'), async (c) => {
    const form = await readForm(c, FavouriteForm, uiOf(c).t);
    if (!form.ok) throw new AppError('invalid', (t) => t.errors.badRequest);
    setFavourite(app, actorOf(c), form.input.path, form.input.on === 'on');
    return isHtmx(c) ? c.body(null, 204) : c.redirect(folderHref(form.input.path), 303);
  });

  r.post('/files/view', allow('files.read'), async (c) => {
    const form = await readForm(c, ViewForm, uiOf(c).t);
    if (!form.ok) throw new AppError('invalid', (t) => t.errors.badRequest);
    const { hidden, view, next } = form.input;
    if (hidden) writePreference(c, 'mantou_files_hidden', hidden);
    if (view) writePreference(c, 'mantou_files_view', view);
    return isHtmx(c) ? c.body(null, 204) : c.redirect(localPath(next, '/files'), 303);
  });

  return r;
}

/** The same status as the refusal has everywhere: whoever reads the address by a program is not told 200. */
const show = (c: Context<Env>, model: BrowseModel, error?: AppError) => page(c, <BrowsePage ui={uiOf(c)} model={model} />, error?.status);

function baseModel(app: App, c: Context<Env>, actor: Actor, query: PageInput): BrowseModel {
  const roots = rootsOf(app, actor);
  const { kind } = app.host.files;
  return {
    kind, roots,
    path: query.path ?? (roots.length === 1 || roots.includes('/') ? normalPath(kind, roots.includes('/') ? '/' : roots[0]!) : ''),
    listing: null, entries: [], from: 0, sort: query.sort, filter: query.filter, volume: null,
    hidden: readPreference(c, 'mantou_files_hidden') === 'on',
    view: readPreference(c, 'mantou_files_view') === 'grid' ? 'grid' : 'list',
    favourites: listFavourites(app, actor),
    recents: listRecents(app, actor),
  };
}

/** The file system a folder lies on: the longest mount point above it. */
async function volumeOf(app: App, { real }: Listing): Promise<Volume | null> {
  const { files } = app.host;
  const above = (await files.volumes().catch(() => [])).filter(({ path }) => isInside(files.kind, path, real));
  return above.sort((a, b) => b.path.length - a.path.length)[0] ?? null;
}

/** The closest folder above that can be opened: the way out of one that cannot. */
async function nearestOf(app: App, actor: Actor, path: string, roots: readonly string[]): Promise<string | null> {
  const { kind } = app.host.files;
  let at: string;
  try {
    at = normalPath(kind, path);
  } catch {
    return null;
  }
  for (let steps = 0; steps < 64 && at !== parentOf(kind, at); steps++) {
    at = parentOf(kind, at);
    if (!roots.some((root) => isInside(kind, root, at))) return null;
    const folder = await openFolder(app, actor, at).catch(() => null);
    if (!folder) continue;
    await folder.close();
    return at;
  }
  return null;
}
