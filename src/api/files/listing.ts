import { z } from 'zod';
import type { Actor, App } from '../../core/app.ts';
import { withEntry } from '../../core/files/entry.ts';
import { getListing, listedNames, listingWindow, openListing, type Listing } from '../../core/files/listing/listing.ts';
import { entryAt, type ListedEntry } from '../../core/files/listing/look.ts';
import { LISTING_SORTS, type ListingSort } from '../../core/files/listing/order.ts';
import { listFields } from '../../http/list.ts';
import { AppError } from '../../lib/errors.ts';
import { endpoint } from '../endpoint.ts';
import { collection, MaybeTime, means } from '../schemas.ts';

const LIMIT_MAX = 1000;
const Type = z.enum(['file', 'dir', 'link', 'other']);

export const FileEntry = z
  .object({
    name: means(z.string(), 'fileName'),
    type: means(Type, 'fileType'),
    size: means(z.number().nullable(), 'fileSize'),
    mode: means(z.string().nullable(), 'fileMode'),
    owner: means(z.string(), 'fileOwner'),
    group: means(z.string(), 'fileGroup'),
    modified: MaybeTime,
    link: means(z.object({ path: z.string(), state: z.enum(['ok', 'broken', 'outside']), type: Type.nullable() }).nullable(), 'fileLink'),
    gone: means(z.boolean(), 'fileGone'),
  })
  .meta({ id: 'FileEntry' });

const apiType = (type: ListedEntry['type']) => (type === 'folder' ? 'dir' : type);

export const showEntry = (entry: ListedEntry): z.input<typeof FileEntry> => ({
  name: entry.name, type: apiType(entry.type), size: entry.size, mode: entry.mode === null ? null : entry.mode.toString(8).padStart(4, '0'),
  owner: entry.owner, group: entry.group, modified: entry.modified, gone: entry.gone,
  link: entry.link && { ...entry.link, type: entry.link.type && apiType(entry.link.type) },
});

const Path = means(z.string().max(300_000), 'filePath');
const fields = listFields(LISTING_SORTS, 'name');

const Query = z.strictObject({
  path: Path,
  sort: fields.sort,
  limit: means(z.coerce.number().int().min(1).max(LIMIT_MAX).default(200), 'limit'),
  cursor: means(z.string().max(4000).optional(), 'cursor'),
  filter: means(z.string().max(300).default(''), 'fileFilter'),
  hidden: means(z.enum(['true', 'false']).default('false'), 'fileHidden'),
});

type ListQuery = z.output<typeof Query>;

// Where to go on: the kept listing with the position in it, and the last name for when it is not kept any more.
const Cursor = z.tuple([z.string(), z.number().int().min(0), z.string()]);

const badCursor = () => new AppError('invalid', (t) => t.listing.badCursor, { field: 'cursor' });

function readCursor(text: string): z.output<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw badCursor();
  }
}

/** The listing to read from, and the position where the page begins. */
async function continued(app: App, actor: Actor, query: ListQuery, signal: AbortSignal): Promise<{ listing: Listing; from: number }> {
  const descending = query.sort.startsWith('-');
  const options = {
    path: query.path, sort: query.sort.replace(/^-/, '') as ListingSort, descending, filter: query.filter, hidden: query.hidden === 'true', signal,
  };
  if (!query.cursor) return { listing: await openListing(app, actor, options), from: 0 };
  const [id, from, last] = readCursor(query.cursor);
  const kept = getListing(app, actor, id);
  if (kept) {
    const same = kept.how.sort === options.sort && kept.how.descending === descending && kept.filter === options.filter && kept.hidden === options.hidden;
    if (!same) throw badCursor();
    return { listing: kept, from };
  }
  const listing = await openListing(app, actor, options);
  const at = listedNames(listing).indexOf(last);
  if (at < 0) throw badCursor();
  return { listing, from: at + 1 };
}

export const fileListing = [
  endpoint({
    id: 'files.list', method: 'get', path: '/files', permission: 'files.read', status: 200,
    query: Query, response: collection(FileEntry), refusals: ['not_found', 'unavailable'],
    example: { query: 'path=/var/log&sort=-modified' },
    async run(app, actor, { query }, c) {
      const { listing, from } = await continued(app, actor, query, c.req.raw.signal);
      const entries = await listingWindow(app, actor, listing, from, query.limit);
      const until = from + entries.length;
      const more = entries.length > 0 && until < listing.total;
      const next = more ? Buffer.from(JSON.stringify([listing.id, until, entries.at(-1)!.name])).toString('base64url') : null;
      return { items: entries.map(showEntry), total: listing.total, next };
    },
  }),
  endpoint({
    id: 'files.stat', method: 'get', path: '/files/stat', permission: 'files.read', status: 200,
    query: z.strictObject({ path: Path }), response: FileEntry, refusals: ['not_found'],
    example: { query: 'path=/etc/hosts' },
    run: (app, actor, { query }) => withEntry(app, actor, query.path, 'read', async (entry) => showEntry(await entryAt(app, actor, entry))),
  }),
];
