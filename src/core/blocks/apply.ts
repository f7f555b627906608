import { lte, type InferSelectModel } from 'drizzle-orm';
import { blockLists, blocks, FOR_GOOD } from '../../db/schema/blocks.ts';
import { rangeFromSortText } from '../../lib/address-range.ts';
import { AppError } from '../../lib/errors.ts';
import { Mutex } from '../../lib/mutex.ts';
import type { BlockedRange, BlocksChange, BlocksDriver, BlocksRefusal } from '../../platform/blocks.ts';
import { SYSTEM, type App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { difference, segmentsOf, withMore } from './segments.ts';

/** What a block comes to; the rest of its row is for people. */
export type Drop = Pick<InferSelectModel<typeof blocks>, 'first' | 'last' | 'until'>;

interface Standing {
  /** What this process has made the machine drop; null: nothing yet, or it is not known any more. */
  segments: BlockedRange[] | null;
  /** Why the last try failed. */
  fault: AppError | null;
  /** When somebody's doing was last noticed and mended, ms since 1970. */
  putBackAt: number | null;
  checkedAt: number;
}

const standings = new WeakMap<BlocksDriver, Standing>();
/** More than this is loaded anew: that is one list for the kernel, not thousands of searches. */
const CHANGE_MOST = 2000;
const one = new Mutex();

/** The driver behind `host`, which may be wrapped anew for each engine. */
const standingOf = (app: Pick<App, 'host'>): Standing => {
  const key = app.host.blocks;
  let found = standings.get(key);
  if (!found) standings.set(key, (found = { segments: null, fault: null, putBackAt: null, checkedAt: -Infinity }));
  return found;
};

export interface BlocksStanding {
  tool: string;
  refusal: BlocksRefusal | null;
  /** How many stretches are dropped. */
  segments: number;
  fault: AppError | null;
  putBackAt: number | null;
}

export async function blocksStanding(app: App): Promise<BlocksStanding> {
  const { segments, fault, putBackAt } = standingOf(app);
  return { tool: app.host.blocks.tool, refusal: await app.host.blocks.refusal(), segments: segments?.length ?? 0, fault, putBackAt };
}

export const allDrops = (app: Pick<App, 'db' | 'clock'>): (Drop & { id: number })[] =>
  app.db.$client.query('SELECT id, first, last, until FROM blocks WHERE until > ?').all(app.clock.now()) as (Drop & { id: number })[];

const rangeOf = ({ first, last, until }: Drop): BlockedRange => ({ ...rangeFromSortText(first, last), until: until >= FOR_GOOD ? null : until });

const segmentsFor = (drops: readonly Drop[]) => segmentsOf(drops.map(rangeOf));

/** One change of blocks at a time, each on what the one before left. */
export const inTurn = <T>(work: () => Promise<T>): Promise<T> => one.run('blocks', work);

/** What the machine would be told, for the page that asks before. */
export const commandsFor = (app: App, before: readonly Drop[], after: readonly Drop[]) => app.host.blocks.commands(difference(segmentsFor(before), segmentsFor(after)));

/** @throws AppError unsupported where this machine cannot block */
export async function needBlocks(app: App) {
  const refusal = await app.host.blocks.refusal();
  if (refusal) throw new AppError('unsupported', (t) => t.blocks.refusals[refusal]);
}

interface Wanted {
  segments: BlockedRange[];
  change: BlocksChange;
}

/** Drops exactly these. @returns the commands. @throws AppError unavailable with the tool's words */
export const dropInstead = (app: App, after: readonly Drop[], write: () => void): Promise<string[]> =>
  make(app, write, (before) => {
    const segments = segmentsFor(after);
    return { segments, change: before ? difference(before, segments) : { added: segments, removed: [] } };
  });

/** Drops these as well, with work for these alone. @returns the commands. @throws AppError unavailable with the tool's words */
export const dropMore = (app: App, more: readonly Drop[], write: () => void): Promise<string[]> =>
  make(app, write, (before) => {
    if (before) return withMore(before, more.map(rangeOf), app.clock.now());
    const segments = segmentsFor([...allDrops(app), ...more]);
    return { segments, change: { added: segments, removed: [] } };
  });

/**
 * The machine first, then the database: what the kernel does not take is not written down. When the database refuses, the
 * machine is put back; when the panel is killed between the two, the next start makes the machine what is written.
 */
async function make(app: App, write: () => void, want: (before: BlockedRange[] | null) => Wanted): Promise<string[]> {
  const standing = standingOf(app);
  // What was to be dropped, on a machine that cannot any more, is only written down.
  if (await app.host.blocks.refusal()) {
    standing.segments = null;
    write();
    return [];
  }
  const before = standing.segments;
  const { segments, change } = want(before);
  await tell(app, segments, before ? change : null);
  try {
    write();
  } catch (error) {
    await tell(app, before ?? segmentsFor(allDrops(app)), null).catch(() => {});
    throw error;
  }
  return app.host.blocks.commands(change);
}

/** Makes the machine drop exactly these; by a change where there is something to change. */
async function tell(app: App, wanted: BlockedRange[], change: BlocksChange | null) {
  const { blocks: driver } = app.host;
  const standing = standingOf(app);
  const now = app.clock.now();
  const size = change ? change.added.length + change.removed.length : Infinity;
  if (size === 0) return void (standing.segments = wanted);
  try {
    // What is about to end may be gone by now, and the kernel refuses a change that names it; nor may a table be missing.
    const few = change && size <= CHANGE_MOST && wanted.length > 0 && (standing.segments?.length ?? 0) > 0;
    if (!few || !(await changed(driver, change, now))) await driver.load(wanted, now);
    standing.segments = wanted;
    standing.fault = null;
  } catch (error) {
    // Of what the kernel has now nothing is known.
    standing.segments = null;
    standing.fault = error instanceof AppError ? error : null;
    throw error;
  }
}

async function changed(driver: BlocksDriver, change: BlocksChange, now: number): Promise<boolean> {
  const removed = driver.expires ? change.removed.filter(({ until }) => until === null || until > now) : change.removed;
  if (removed.length + change.added.length === 0) return true;
  try {
    await driver.change({ added: change.added, removed }, now);
    return true;
  } catch {
    // A moment's difference, or somebody's hand: everything is loaded instead, and that says what is wrong.
    return false;
  }
}

/** How often all of what the machine drops is counted; whether it is there at all is looked at each time. */
const COUNT_MS = 600_000;

/**
 * At the start and every few seconds: blocks that have ended are let go, and what somebody took away from the machine
 * (`nft flush ruleset`, a reload of somebody's rules) is put back, which is written down.
 */
export const tendBlocks = (app: App): Promise<void> =>
  inTurn(async () => {
    const now = app.clock.now();
    const standing = standingOf(app);
    const ended = app.db.delete(blocks).where(lte(blocks.until, now)).returning({ id: blocks.id }).all().length;
    app.db.delete(blockLists).where(lte(blockLists.until, now)).run();
    const first = standing.segments === null;
    if (first && !ended && !anyBlock(app) && !(await leftOver(app))) return;
    if (await app.host.blocks.refusal()) return;
    if (first) return tell(app, segmentsFor(allDrops(app)), null);
    if (ended) await letGo(app, standing, now);
    if (standing.segments!.length > 0 && (await vanished(app, standing))) await putBack(app, standing);
  });

/** A stretch ends with the last block that covers it: the others are what they were. */
async function letGo(app: App, standing: Standing, now: number) {
  const lasts = ({ until }: BlockedRange) => until === null || until > now;
  await tell(app, standing.segments!.filter(lasts), { added: [], removed: standing.segments!.filter((range) => !lasts(range)) });
}

const anyBlock = (app: Pick<App, 'db'>) => app.db.select({ id: blocks.id }).from(blocks).limit(1).get() !== undefined;

/** A panel that was killed while it took the last one away. */
async function leftOver(app: App): Promise<boolean> {
  standingOf(app).segments = [];
  if (await app.host.blocks.refusal()) return false;
  const there = await app.host.blocks.stands().catch(() => false);
  if (there) standingOf(app).segments = null;
  return there;
}

async function vanished(app: App, standing: Standing): Promise<boolean> {
  const now = app.clock.monotonic();
  if (now - standing.checkedAt < COUNT_MS) return !(await app.host.blocks.stands());
  standing.checkedAt = now;
  const loaded = await app.host.blocks.loaded();
  // What ends this very moment is gone there before it is here.
  const wall = app.clock.now();
  return loaded === null || loaded < standing.segments!.filter(({ until }) => until === null || until > wall + 1000).length;
}

async function putBack(app: App, standing: Standing) {
  const segments = segmentsFor(allDrops(app));
  await tell(app, segments, null);
  standing.putBackAt = app.clock.now();
  record(app, SYSTEM, { action: 'blocks.restore', target: app.host.blocks.tool, params: { ranges: segments.length }, commands: app.host.blocks.commands({ added: segments, removed: [] }) });
  app.log.warn('what blocks addresses was taken away from outside and is put back', { ranges: segments.length });
}
