import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { getListing, listingWindow, openListing } from '../../core/files/listing/listing.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { listingFields, listingOptions } from '../../http/listing-query.ts';
import { uiOf } from '../../http/ui.ts';
import { Row } from '../../views/files/row.tsx';

export const ROWS_MOST = 500;

const Query = z.object({
  ...listingFields,
  /** Id of the listing; without one, or when it is not kept any more, the folder is read again. */
  listing: z.string().max(100).optional(),
  from: z.coerce.number().int().min(0).max(2 ** 31).default(0),
  count: z.coerce.number().int().min(1).max(ROWS_MOST).default(200),
  /** Put this filter on the listing instead of reading the folder again. */
  narrow: z.literal('on').optional(),
});

/**
 * A window of a listing as rows, for scrolling. The body of the table says what it is of: `data-listing`, `data-total`,
 * `data-from`. When `data-listing` is not the one that was asked for, positions may have moved.
 */
export function rows(app: App) {
  const r = new Hono<Env>();
  r.get('/files/rows', allow('files.read'), async (c) => {
    const query = readQuery(c, Query);
    const actor = actorOf(c);
    const kept = query.listing && !query.narrow ? getListing(app, actor, query.listing) : null;
    const listing = kept ?? (await openListing(app, actor, { ...listingOptions(query), of: query.narrow && query.listing, signal: c.req.raw.signal }));
    const from = Math.min(query.from, Math.max(0, listing.total - 1));
    const entries = await listingWindow(app, actor, listing, from, query.count);
    const ui = uiOf(c);
    return c.html(String(
      <table>
        <tbody
          data-listing={listing.id}
          data-total={listing.total}
          data-folders={listing.counts.folders}
          data-hidden={listing.counts.hidden}
          data-from={from}
        >
          {entries.map((entry, i) => <Row ui={ui} kind={app.host.files.kind} folder={listing.path} entry={entry} index={from + i} />)}
        </tbody>
      </table>,
    ));
  });
  return r;
}
