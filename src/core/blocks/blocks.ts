import { and, count, eq, gt, like, lte, gte, or, sql, type InferSelectModel, type SQL } from 'drizzle-orm';
import { pageOf } from '../../db/page.ts';
import { blockLists, blocks, FOR_GOOD, type BlockSource } from '../../db/schema/blocks.ts';
import { parseRange, sortText } from '../../lib/address-range.ts';
import { AppError } from '../../lib/errors.ts';
import type { Page, PageQuery } from '../../lib/page.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';

export interface Block extends Omit<InferSelectModel<typeof blocks>, 'first' | 'last' | 'until' | 'listId'> {
  /** ms since 1970; null: until it is lifted. */
  until: number | null;
  list: { id: string; name: string } | null;
}

/** What blocks may be sorted by. */
const COLUMNS = { address: blocks.first, until: blocks.until, createdAt: blocks.createdAt } as const;
export type BlockField = keyof typeof COLUMNS;
export const BLOCK_FIELDS = Object.keys(COLUMNS) as [BlockField, ...BlockField[]];

export interface BlockFilter {
  /** An address finds every block that it lies in; other text is looked for in addresses and comments. */
  q?: string | undefined;
  source?: BlockSource | undefined;
  list?: string | undefined;
}

function where(app: Pick<App, 'clock'>, { q, source, list }: BlockFilter): SQL | undefined {
  const text = q?.trim() ?? '';
  const range = text ? parseRange(text) : null;
  const words = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return and(
    gt(blocks.until, app.clock.now()),
    source ? eq(blocks.source, source) : undefined,
    list ? eq(blocks.listId, list) : undefined,
    range ? and(lte(blocks.first, sortText(range.family, range.last)), gte(blocks.last, sortText(range.family, range.first)), like(blocks.first, `${range.family}%`)) : undefined,
    text && !range ? or(sql`${blocks.address} LIKE ${words} ESCAPE '\\'`, sql`${blocks.comment} LIKE ${words} ESCAPE '\\'`) : undefined,
  );
}

export function listBlocks(app: App, actor: Actor, query: PageQuery<BlockField> & BlockFilter): Page<Block> {
  need(actor, 'blocks.read');
  const page = pageOf(app.db, blocks, COLUMNS, blocks.id, query, where(app, query));
  const names = new Map(listNames(app));
  return { ...page, items: page.items.map((row) => shown(row, names)) };
}

const listNames = (app: Pick<App, 'db'>) => app.db.select({ id: blockLists.id, name: blockLists.name }).from(blockLists).all().map(({ id, name }) => [id, name] as const);

function shown({ first: _first, last: _last, until, listId, ...row }: InferSelectModel<typeof blocks>, names: ReadonlyMap<string, string>): Block {
  return { ...row, until: until >= FOR_GOOD ? null : until, list: names.has(listId) ? { id: listId, name: names.get(listId)! } : null };
}

/** @throws AppError not_found when it was lifted or has ended */
export function readBlock(app: App, actor: Actor, id: number): Block {
  need(actor, 'blocks.read');
  const row = app.db.select().from(blocks).where(and(eq(blocks.id, id), gt(blocks.until, app.clock.now()))).get();
  if (!row) throw new AppError('not_found', (t) => t.blocks.gone);
  return shown(row, new Map(listNames(app)));
}

export interface BlockListRow extends InferSelectModel<typeof blockLists> {
  entries: number;
}

export function blockListsOf(app: App, actor: Actor): BlockListRow[] {
  need(actor, 'blocks.read');
  const counts = new Map(app.db.select({ id: blocks.listId, n: count() }).from(blocks).where(eq(blocks.source, 'list')).groupBy(blocks.listId).all().map(({ id, n }) => [id, n]));
  const now = app.clock.now();
  return app.db.select().from(blockLists).orderBy(blockLists.name).all()
    .filter(({ until }) => until === null || until > now).map((row) => ({ ...row, entries: counts.get(row.id) ?? 0 }));
}

/** @throws AppError not_found */
export function readBlockList(app: App, actor: Actor, id: string): BlockListRow {
  const found = blockListsOf(app, actor).find((list) => list.id === id);
  if (!found) throw new AppError('not_found', (t) => t.blocks.listGone);
  return found;
}

/** As text, an address or network a line, that `import` reads again. */
export function exportBlockList(app: App, actor: Actor, id: string): string {
  const list = readBlockList(app, actor, id);
  const rows = app.db.select({ address: blocks.address, comment: blocks.comment }).from(blocks).where(eq(blocks.listId, id)).orderBy(blocks.first).all();
  return `# ${list.name}\n${rows.map(({ address, comment }) => (comment ? `${address} # ${comment}` : address)).join('\n')}\n`;
}
