import { and, eq, gte, lt, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { pageOf } from '../../db/page.ts';
import { audit, RESULTS } from '../../db/schema/audit.ts';
import { AppError } from '../../lib/errors.ts';
import type { Page, PageQuery } from '../../lib/page.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';

export type AuditRow = typeof audit.$inferSelect;

export const AUDIT_SORTS = ['at'] as const;

/** Filter of the page, the exports and the API alike. Times are ms since 1970. */
export const AUDIT_FILTER = {
  /** Area: the part of the action before its dot. */
  group: z.string().regex(/^[a-z_-]{1,32}$/).optional().meta({ description: '#auditGroup' }),
  actor: z.string().max(64).optional().meta({ description: '#auditActor' }),
  result: z.enum(RESULTS).optional().meta({ description: '#auditResult' }),
  target: z.string().max(200).optional().meta({ description: '#auditTarget' }),
  since: z.coerce.number().int().min(0).max(8.64e15).optional().meta({ description: '#auditSince' }),
  until: z.coerce.number().int().min(0).max(8.64e15).optional().meta({ description: '#auditUntil' }),
};

export type AuditFilter = z.output<z.ZodObject<typeof AUDIT_FILTER>>;

function conditions(filter: AuditFilter): SQL | undefined {
  const { group, actor, result, target, since, until } = filter;
  return and(
    // "users." to "users/": one range of the index, and no pattern that a name could break out of.
    group ? and(gte(audit.action, `${group}.`), lt(audit.action, `${group}/`)) : undefined,
    actor ? eq(audit.actor, actor) : undefined,
    result ? eq(audit.result, result) : undefined,
    target ? sql`instr(lower(${audit.target}), lower(${target})) > 0` : undefined,
    since !== undefined ? gte(audit.at, since) : undefined,
    until !== undefined ? lt(audit.at, until) : undefined,
  );
}

export function listAudit(app: App, actor: Actor, query: PageQuery<'at'>, filter: AuditFilter = {}): Page<AuditRow> {
  need(actor, 'audit.read');
  return pageOf(app.db, audit, { at: audit.at }, audit.id, query, conditions(filter));
}

/** @throws AppError not_found */
export function getAudit(app: App, actor: Actor, id: number): AuditRow {
  need(actor, 'audit.read');
  const row = app.db.select().from(audit).where(eq(audit.id, id)).get();
  if (!row) throw new AppError('not_found', (t) => t.audit.notFound);
  return row;
}

/** Who and which areas occur, for the choices of the filter. */
export function auditChoices(app: App, actor: Actor): { actors: string[]; groups: string[] } {
  need(actor, 'audit.read');
  const actors = app.db.selectDistinct({ actor: audit.actor }).from(audit).orderBy(audit.actor).limit(200).all();
  const actions = app.db.selectDistinct({ action: audit.action }).from(audit).limit(500).all();
  const groups = new Set(actions.map((row) => row.action.split('.')[0]!));
  return { actors: actors.map((row) => row.actor), groups: [...groups].sort() };
}

const STEP = 500;

/** Every row that matches, newest first, read a few hundred at a time: an export of millions takes no memory. */
export function* allAudit(app: App, actor: Actor, filter: AuditFilter): Generator<AuditRow[]> {
  let after: PageQuery<'at'>['after'];
  do {
    const page = listAudit(app, actor, { limit: STEP, by: 'at', descending: true, after }, filter);
    yield page.items;
    after = page.next ?? undefined;
  } while (after);
}
