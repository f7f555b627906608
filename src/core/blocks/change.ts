import { and, eq, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { blocks, FOR_GOOD } from '../../db/schema/blocks.ts';
import { guardBans } from '../../db/schema/guard.ts';
import { transaction } from '../../db/transaction.ts';
import { parseRange, rangeText, sortText, type AddressRange } from '../../lib/address-range.ts';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { need } from '../access.ts';
import { actorName, type Actor, type App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { allDrops, commandsFor, dropInstead, dropMore, inTurn, needBlocks } from './apply.ts';
import { readBlock } from './blocks.ts';
import { protectedBy, protections } from './protection.ts';

/** A text of one line that goes into rows and pages, never into a command. */
export const Comment = z.string().max(200, say('blocks.comment', (t) => t.blocks.commentRule)).regex(/^[^\p{Cc}\p{Cs}]*$/u, say('blocks.comment', (t) => t.blocks.commentRule));

export const AddressText = z.string().max(100).trim().refine((text) => parseRange(text) !== null, say('blocks.address', (t) => t.blocks.addressRule));

export const BlockInput = z.object({
  address: AddressText,
  /** ms since 1970; null: until it is lifted. */
  until: z.number().int().min(0).max(FOR_GOOD).nullable().default(null),
  comment: Comment.default(''),
});

type Wanted = z.output<typeof BlockInput>;

/** @throws AppError invalid for what must stay reachable, and for a time that has passed */
async function accept(app: App, actor: Actor, { address, until }: Wanted): Promise<AddressRange> {
  const range = parseRange(address)!;
  const why = protectedBy(range, await protections(app, actor));
  if (why) throw new AppError('invalid', (t) => t.blocks.refused({ address: rangeText(range), why: t.blocks.protected[why] }), { field: 'address' });
  if (until !== null && until <= app.clock.now()) throw new AppError('invalid', (t) => t.blocks.over, { field: 'until' });
  return range;
}

const dropOf = (range: AddressRange, until: number | null) => ({ first: sortText(range.family, range.first), last: sortText(range.family, range.last), until: until ?? FOR_GOOD });

const rowOf = (app: App, actor: Actor, range: AddressRange, { until, comment }: Wanted) =>
  ({ ...dropOf(range, until), address: rangeText(range), comment, createdBy: actorName(actor), createdAt: app.clock.now() });

/** Blocks an address or network, or gives the block that there is another end. @returns its id. @throws AppError denied, invalid, unsupported, unavailable */
export async function blockAddress(app: App, actor: Actor, input: Wanted): Promise<number> {
  need(actor, 'blocks.write');
  await needBlocks(app);
  const range = await accept(app, actor, input);
  const row = { ...rowOf(app, actor, range, input), source: 'person' as const };
  return inTurn(async () => {
    const before = app.db.select({ id: blocks.id, until: blocks.until }).from(blocks).where(and(eq(blocks.address, row.address), eq(blocks.source, 'person'))).get();
    let id = 0;
    const write = () => {
      const set = { until: row.until, comment: row.comment, createdBy: row.createdBy, createdAt: row.createdAt };
      id = app.db.insert(blocks).values(row).onConflictDoUpdate({ target: [blocks.address, blocks.source, blocks.listId], set }).returning({ id: blocks.id }).get().id;
    };
    const isShorter = before && before.until > row.until;
    const commands = isShorter ? await dropInstead(app, [...allDrops(app).filter((drop) => drop.id !== before.id), row], write) : await dropMore(app, [row], write);
    record(app, actor, { action: 'blocks.create', target: row.address, params: { until: input.until, comment: input.comment }, commands });
    return id;
  });
}

/** What blocking it would run, or letting it in again, were there nothing else. */
export function blockCommands(app: App, address: string, until: number | null, verb: 'added' | 'removed' = 'added'): string[] {
  const range = parseRange(address);
  const drops = range ? [dropOf(range, until)] : [];
  return verb === 'added' ? commandsFor(app, [], drops) : commandsFor(app, drops, []);
}

/** What `unblock` would run: nothing, where another block keeps it out. */
export const unblockCommands = (app: App, ids: readonly number[]) => {
  const all = allDrops(app);
  return commandsFor(app, all, all.filter(({ id }) => !ids.includes(id)));
};

/** Lets it in again. One of the guard's is over, as one that somebody lifted. @throws AppError denied, not_found, unavailable */
export async function unblock(app: App, actor: Actor, id: number): Promise<void> {
  need(actor, 'blocks.write');
  const found = readBlock(app, actor, id);
  await inTurn(async () => {
    const commands = await dropInstead(app, allDrops(app).filter((drop) => drop.id !== id), () =>
      transaction(app.db, () => {
        app.db.delete(blocks).where(eq(blocks.id, id)).run();
        if (found.source === 'guard') endBans(app, actor, [found.address]);
      }));
    record(app, actor, { action: 'blocks.lift', target: found.address, params: { source: found.source }, commands });
  });
}

/** The guard's bans of these are over from now on. */
export function endBans(app: Pick<App, 'db' | 'clock'>, actor: Actor, addresses: readonly string[]) {
  const now = app.clock.now();
  app.db.update(guardBans).set({ liftedAt: now, liftedBy: actorName(actor) }).where(and(inArray(guardBans.address, [...addresses]), isNull(guardBans.liftedAt))).run();
}
