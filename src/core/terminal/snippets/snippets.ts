import { and, asc, count, eq, isNull, or } from 'drizzle-orm';
import { z } from 'zod';
import { snippets } from '../../../db/schema/snippets.ts';
import { AppError } from '../../../lib/errors.ts';
import { say } from '../../../lib/issue.ts';
import { need, ownId } from '../../access.ts';
import { actorName, type Actor, type App } from '../../app.ts';
import { record } from '../../audit/audit.ts';

export type SnippetRow = typeof snippets.$inferSelect;

/** One person's, and shared ones: what a list can still show. */
const MOST = 500;

const nameRule = say('snippets.nameRule', (t) => t.snippets.nameRule);
const textRule = say('snippets.textRule', (t) => t.snippets.textRule);

/** Control characters would be keys: Ctrl C, Esc. A line end and a tab are meant. */
const PLAIN = /^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$/;

/** What a browser sends has two characters for each line end. */
const TYPED_MOST = 2 * 16_384;
const trimmed = (text: string) => {
  const lines = text.replace(/\r\n?/g, '\n');
  let end = lines.length;
  while (lines[end - 1] === '\n') end--;
  return lines.slice(0, end);
};

export const SnippetForm = z.object({
  name: z.string().transform((name) => name.trim()).pipe(z.string().min(1, nameRule).max(100, nameRule).regex(/^[^\x00-\x1f\x7f-\x9f]*$/, nameRule)),
  text: z.string().max(TYPED_MOST, textRule).transform(trimmed).pipe(z.string().min(1, textRule).max(16_384, textRule).regex(PLAIN, textRule)),
  /** A box that is not ticked sends nothing. */
  shared: z.literal('on').optional().transform((value) => value === 'on'),
});
export type SnippetForm = z.output<typeof SnippetForm>;

/** One's own and the shared ones, by name. */
export function listSnippets(app: App, actor: Actor): SnippetRow[] {
  need(actor, 'terminal.open');
  return app.db.select().from(snippets).where(mine(actor)).orderBy(asc(snippets.name), asc(snippets.id)).all();
}

const mine = (actor: Actor) => or(isNull(snippets.userId), eq(snippets.userId, ownId(actor)));

/** For who may use it (S12). @throws AppError denied, not_found */
export function getSnippet(app: App, actor: Actor, id: string): SnippetRow {
  need(actor, 'terminal.open');
  const row = app.db.select().from(snippets).where(and(eq(snippets.id, id), mine(actor))).get();
  if (!row) throw new AppError('not_found', (t) => t.snippets.notFound);
  return row;
}

/** @throws AppError denied, conflict when there are too many */
export function createSnippet(app: App, actor: Actor, { name, text, shared }: SnippetForm): string {
  need(actor, 'terminal.open');
  const userId = shared ? null : ownId(actor);
  const there = app.db.select({ n: count() }).from(snippets).where(userId === null ? isNull(snippets.userId) : eq(snippets.userId, userId)).get()!.n;
  if (there >= MOST) throw new AppError('conflict', (t) => t.snippets.tooMany({ n: MOST }));
  const id = app.random.id();
  app.db.insert(snippets).values({ id, userId, name, text, savedBy: actorName(actor), savedAt: app.clock.now() }).run();
  record(app, actor, { action: 'snippets.create', target: name, params: { id, shared } });
  return id;
}

/** Shared ones belong to all who may open terminals: what they were is in the audit log. @throws AppError denied, not_found */
export function changeSnippet(app: App, actor: Actor, id: string, { name, text, shared }: SnippetForm): void {
  const row = getSnippet(app, actor, id);
  const before = row.userId === null ? { text: row.text } : {};
  app.db.update(snippets).set({ name, text, userId: shared ? null : ownId(actor), savedBy: actorName(actor), savedAt: app.clock.now() }).where(eq(snippets.id, id)).run();
  record(app, actor, { action: 'snippets.change', target: name, params: { id, shared, ...before } });
}

/** @throws AppError denied, not_found */
export function removeSnippet(app: App, actor: Actor, id: string): void {
  const { name, userId } = getSnippet(app, actor, id);
  app.db.delete(snippets).where(eq(snippets.id, id)).run();
  record(app, actor, { action: 'snippets.remove', target: name, params: { id, shared: userId === null } });
}
