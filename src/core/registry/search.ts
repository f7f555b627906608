import { z } from 'zod';
import type { RegistryValue } from '../../platform/registry.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { driverOf } from './change.ts';
import { nameOf, PlaceInput } from './place.ts';
import { walk } from './walk.ts';
import { lineOf } from './value.ts';

export const SEARCH_IN = ['keys', 'names', 'values'] as const;
export type SearchIn = (typeof SEARCH_IN)[number];

export const RegistrySearch = PlaceInput.extend({
  q: z.string().trim().min(1).max(200),
  in: z.array(z.enum(SEARCH_IN)).min(1).default([...SEARCH_IN]),
  /** The key behind which an earlier search stopped. */
  after: PlaceInput.shape.key.optional(),
});

export interface RegistryHit {
  path: string;
  /** null: the key itself is called so. */
  value: RegistryValue | null;
}

export interface RegistryFound {
  items: RegistryHit[];
  /** Keys that were looked at. */
  looked: number;
  /** Keys that may not be read. */
  unread: number;
  /** Where to go on; null: everything was looked at. */
  next: string | null;
}

/** A search takes so long and finds so much at most, and tells where to go on. */
export const SEARCH_MOST = { ms: 2000, hits: 200 };

/** @throws AppError not_found, unsupported */
export async function searchRegistry(app: App, actor: Actor, { key, view, q, in: places, after }: z.output<typeof RegistrySearch>, most = SEARCH_MOST): Promise<RegistryFound> {
  need(actor, 'registry.read');
  const driver = driverOf(app);
  const words = q.toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(words);
  const begun = performance.now();
  const found: RegistryFound = { items: [], looked: 0, unread: 0, next: null };
  for await (const each of walk(driver, { path: key, view }, after)) {
    found.looked++;
    if (places.includes('keys') && each.path !== key && has(nameOf(each.path))) found.items.push({ path: each.path, value: null });
    if (!each.key) found.unread++;
    for (const value of each.key?.values ?? []) {
      if ((places.includes('names') && has(value.name)) || (places.includes('values') && has(lineOf(value, 4000)))) found.items.push({ path: each.path, value });
    }
    if (found.items.length >= most.hits || performance.now() - begun > most.ms) return { ...found, next: each.path };
  }
  return found;
}
