import { liveSessions } from '../../sessions/sessions.ts';
import type { Actor, App } from '../../app.ts';
import { isInside } from '../paths.ts';
import type { Listing } from './listing.ts';

/** After its last use a listing is kept this long. */
export const KEPT_MS = 60_000;
/** Of one session; tabs and filters that come after push the longest unused one out. */
const OWN_MOST = 12;
/** Of all; a name takes some 80 bytes. */
const NAMES_MOST = 4_000_000;
const SWEEP_MS = 15_000;

interface Kept {
  listing: Listing;
  owner: string;
  usedAt: number;
}

/** The listings of one panel, from the longest unused to the last used. */
export interface ListingStore {
  keep(owner: string, listing: Listing): void;
  get(owner: string, id: string): Listing | null;
  drop(id: string): void;
  /** Did its folder, or one above it, change through the panel since it was read? */
  outdated(listing: Listing): boolean;
  size(): number;
}

const stores = new WeakMap<App, ListingStore>();

export function listingsOf(app: App): ListingStore {
  let store = stores.get(app);
  if (!store) stores.set(app, (store = createStore(app)));
  return store;
}

/** Whose listing it is: a session's or a token's own. */
export const ownerOf = (actor: Actor) => (actor.kind === 'user' ? (actor.sessionId ?? actor.tokenId ?? actor.userId) : actor.kind);

function createStore(app: App): ListingStore {
  const kept = new Map<string, Kept>();
  const outdated = new WeakSet<Listing>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const drop = (id: string) => {
    kept.delete(id);
    if (kept.size === 0) timer = void clearInterval(timer) as undefined;
  };
  const sweep = () => {
    const before = app.clock.monotonic() - KEPT_MS;
    for (const [id, { usedAt }] of kept) if (usedAt <= before) drop(id);
  };
  const dropOwner = (gone: (owner: string) => boolean) => {
    for (const [id, { owner }] of kept) if (gone(owner)) drop(id);
  };
  app.bus.on('sessions.ended', ({ ids }) => dropOwner((owner) => ids.includes(owner)));
  app.bus.on('files.changed', ({ folder }) => {
    for (const { listing } of kept.values()) if (isInside(app.host.files.kind, folder, listing.real)) outdated.add(listing);
  });
  app.bus.on('database.changed', () => {
    const live = liveSessions(app, [...new Set([...kept.values()].map(({ owner }) => owner))]);
    dropOwner((owner) => !live.has(owner));
  });

  function trim(owner: string) {
    const own = [...kept].filter(([, entry]) => entry.owner === owner);
    for (const [id] of own.slice(0, Math.max(0, own.length - OWN_MOST))) drop(id);
    // Filters of one listing share its names: they count once.
    const shared = new Set<object>();
    let names = 0;
    for (const [id, { listing }] of [...kept].reverse()) {
      if (!shared.has(listing.entries)) names += listing.entries.names.length;
      shared.add(listing.entries);
      if (names > NAMES_MOST && id !== [...kept.keys()].at(-1)) drop(id);
    }
  }

  return {
    keep(owner, listing) {
      sweep();
      kept.set(listing.id, { listing, owner, usedAt: app.clock.monotonic() });
      trim(owner);
      timer ??= setInterval(sweep, SWEEP_MS).unref();
    },
    get(owner, id) {
      sweep();
      const entry = kept.get(id);
      if (!entry || entry.owner !== owner) return null;
      kept.delete(id);
      kept.set(id, { ...entry, usedAt: app.clock.monotonic() });
      return entry.listing;
    },
    drop,
    outdated: (listing) => outdated.has(listing),
    size: () => (sweep(), kept.size),
  };
}
