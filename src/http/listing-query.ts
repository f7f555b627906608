import { z } from 'zod';
import type { ListingOptions } from '../core/files/listing/listing.ts';
import { LISTING_SORTS, type ListingSort } from '../core/files/listing/order.ts';

const SORTS = LISTING_SORTS.flatMap((sort) => [sort, `-${sort}` as const]);

/** What a listing is opened with, in a query; the rows of it are asked for with the same words. */
export const listingFields = {
  path: z.string().max(300_000),
  sort: z.enum(SORTS as [string, ...string[]]).default('name'),
  filter: z.string().max(300).default(''),
  hidden: z.literal('on').optional(),
  folders: z.enum(['first', 'among']).default('first'),
};

export interface ListingQuery {
  path: string;
  sort: string;
  filter: string;
  hidden?: 'on' | undefined;
  folders: 'first' | 'among';
}

export function listingOptions({ path, sort, filter, hidden, folders }: ListingQuery): ListingOptions {
  const descending = sort.startsWith('-');
  return { path, sort: (descending ? sort.slice(1) : sort) as ListingSort, descending, filter, hidden: hidden === 'on', foldersFirst: folders === 'first' };
}
