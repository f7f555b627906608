import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { blockLists, blocks, FOR_GOOD } from '../../db/schema/blocks.ts';
import { transaction } from '../../db/transaction.ts';
import { sortText } from '../../lib/address-range.ts';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { need } from '../access.ts';
import { actorName, type Actor, type App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { allDrops, dropInstead, inTurn, needBlocks } from './apply.ts';
import { readBlockList } from './blocks.ts';
import { hasManyLines, parseList, TEXT_MOST, type ListEntry, type Refused } from './parse-list.ts';
import { protections } from './protection.ts';

const nameRule = say('blocks.listName', (t) => t.blocks.listNameRule);

export const ImportInput = z.object({
  /** Of a new list, or of one that is replaced or added to. */
  name: z.string().trim().min(1, nameRule).max(60, nameRule).regex(/^[\p{L}\p{N}][\p{L}\p{N} ._()-]*$/u, nameRule),
  text: z.string().max(TEXT_MOST, say('blocks.text', (t) => t.blocks.textRule)),
  until: z.number().int().min(0).max(FOR_GOOD).nullable().default(null),
  /** What is in a list of this name and not in the text goes. */
  replace: z.boolean().default(false),
});

export type ImportWanted = z.output<typeof ImportInput>;

export interface ImportPreview {
  added: number;
  known: number;
  repeated: number;
  /** Entries of the list that go, as it is replaced. */
  removed: number;
  refused: Refused[];
}

interface Plan extends ImportPreview {
  list: { id: string; isNew: boolean };
  entries: ListEntry[];
  there: Map<string, number>;
}

async function plan(app: App, actor: Actor, { name, text, replace }: ImportWanted): Promise<Plan> {
  if (hasManyLines(text)) throw new AppError('invalid', (t) => t.blocks.textRule, { field: 'text' });
  const { entries, repeated, refused } = parseList(text, await protections(app, actor));
  const found = app.db.select({ id: blockLists.id }).from(blockLists).where(eq(blockLists.name, name)).get();
  const rows = found ? app.db.select({ id: blocks.id, address: blocks.address }).from(blocks).where(eq(blocks.listId, found.id)).all() : [];
  const there = new Map(rows.map((row) => [row.address, row.id]));
  const known = entries.filter(({ address }) => there.has(address)).length;
  return {
    list: { id: found?.id ?? app.random.id(), isNew: !found }, entries, there, refused, repeated, known,
    added: entries.length - known, removed: replace ? there.size - known : 0,
  };
}

/** What an import would do. @throws AppError denied, invalid */
export async function previewImport(app: App, actor: Actor, input: ImportWanted): Promise<ImportPreview> {
  need(actor, 'blocks.write');
  const { list: _list, entries: _entries, there: _there, ...preview } = await plan(app, actor, input);
  return preview;
}

/**
 * Brings a list in: what cannot be blocked is left out and told. All of the list, also what it had, lasts until `until`.
 * @throws AppError denied, invalid when no line can be blocked, unsupported, unavailable
 */
export async function importList(app: App, actor: Actor, input: ImportWanted): Promise<ImportPreview & { id: string }> {
  need(actor, 'blocks.write');
  await needBlocks(app);
  const now = app.clock.now();
  if (input.until !== null && input.until <= now) throw new AppError('invalid', (t) => t.blocks.over, { field: 'until' });
  return inTurn(async () => {
    const { list, entries, there, ...preview } = await plan(app, actor, input);
    if (entries.length === 0) throw new AppError('invalid', (t) => t.blocks.nothingToImport, { field: 'text' });
    const until = input.until ?? FOR_GOOD;
    const rows = entries.map(({ range, address, comment }) =>
      ({ first: sortText(range.family, range.first), last: sortText(range.family, range.last), address, comment, until }));
    const wanted = new Set(rows.map(({ address }) => address));
    const old = new Set(there.values());
    const kept = input.replace ? [] : [...there].filter(([address]) => !wanted.has(address)).map(([, id]) => id);
    const keptDrops = new Set(kept);
    const all = allDrops(app);
    const after = [...all.filter(({ id }) => !old.has(id)), ...all.filter(({ id }) => keptDrops.has(id)).map((drop) => ({ ...drop, until })), ...rows];
    const commands = await dropInstead(app, after, () => write(app, actor, list, input, rows));
    const { refused, ...counts } = preview;
    record(app, actor, { action: 'blocks.import', target: input.name, params: { ...counts, refused: refused.length, replace: input.replace, until: input.until }, commands });
    return { ...preview, id: list.id };
  });
}

type NewRow = Pick<typeof blocks.$inferInsert, 'first' | 'last' | 'address' | 'until'> & { comment: string };

function write(app: App, actor: Actor, list: Plan['list'], input: ImportWanted, rows: readonly NewRow[]) {
  const now = app.clock.now();
  const by = actorName(actor);
  transaction(app.db, () => {
    if (list.isNew) app.db.insert(blockLists).values({ id: list.id, name: input.name, until: input.until, createdBy: by, createdAt: now, changedAt: now }).run();
    else app.db.update(blockLists).set({ until: input.until, changedAt: now }).where(eq(blockLists.id, list.id)).run();
    if (input.replace) app.db.delete(blocks).where(eq(blocks.listId, list.id)).run();
    else app.db.update(blocks).set({ until: input.until ?? FOR_GOOD }).where(eq(blocks.listId, list.id)).run();
    // A statement for each of a hundred thousand: made once, by the client itself.
    const insert = app.db.$client.query(
      `INSERT INTO blocks (address, first, last, until, comment, source, list_id, created_by, created_at) VALUES (?, ?, ?, ?, ?, 'list', ?, ?, ?)
       ON CONFLICT (address, source, list_id) DO UPDATE SET until = excluded.until, comment = excluded.comment`);
    for (const row of rows) insert.run(row.address, row.first, row.last, row.until, row.comment, list.id, by, now);
  });
}

/** Takes a list away with all that it blocks. @throws AppError denied, not_found, unavailable */
export async function removeList(app: App, actor: Actor, id: string): Promise<void> {
  need(actor, 'blocks.write');
  const list = readBlockList(app, actor, id);
  await inTurn(async () => {
    const mine = new Set(app.db.select({ id: blocks.id }).from(blocks).where(eq(blocks.listId, id)).all().map((row) => row.id));
    const commands = await dropInstead(app, allDrops(app).filter((drop) => !mine.has(drop.id)), () =>
      transaction(app.db, () => {
        app.db.delete(blocks).where(eq(blocks.listId, id)).run();
        app.db.delete(blockLists).where(eq(blockLists.id, id)).run();
      }));
    record(app, actor, { action: 'blocks.remove_list', target: list.name, params: { entries: mine.size }, commands });
  });
}
