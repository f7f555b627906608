import { Hono } from 'hono';
import { z } from 'zod';
import type { Actor, App } from '../core/app.ts';
import { record } from '../core/audit/audit.ts';
import { EXPORT_FORMATS, exportText, type ExportFormat } from '../core/audit/export.ts';
import { allAudit, AUDIT_FILTER, AUDIT_SORTS, auditChoices, listAudit, type AuditFilter } from '../core/audit/list.ts';
import { getSetting } from '../core/settings/settings.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { listFields, pageQuery, readQuery, writeCursor } from '../http/list.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AuditPage, PERIODS, type Period } from '../views/audit/list.tsx';

const HOUR_MS = 3_600_000;
const PERIOD_MS: Record<Period, number> = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 168 * HOUR_MS, month: 720 * HOUR_MS };

const Filter = { ...AUDIT_FILTER, period: z.enum(PERIODS).optional() };
const ListQuery = z.object({ ...listFields(AUDIT_SORTS, '-at'), ...Filter });
const ExportQuery = z.object({ ...Filter, format: z.enum(EXPORT_FORMATS) });

export function audit(app: App) {
  const r = new Hono<Env>();

  r.get('/audit', allow('audit.read'), (c) => {
    const actor = actorOf(c);
    const { limit: _, cursor, sort, ...filter } = readQuery(c, ListQuery);
    const found = listAudit(app, actor, pageQuery({ limit: _, cursor, sort }), within(app, filter));
    return page(c, <AuditPage ui={uiOf(c)} rows={found.items} total={found.total} next={writeCursor(found.next, sort)} first={!cursor}
      filter={filter} choices={auditChoices(app, actor)} days={getSetting(app, 'auditDays')} />);
  });

  r.get('/audit/export', allow('audit.read'), (c) => {
    const { format, ...filter } = readQuery(c, ExportQuery);
    return download(app, actorOf(c), format, within(app, filter));
  });

  return r;
}

/** A period counts back from now. */
function within(app: App, { period, ...filter }: AuditFilter & { period?: Period | undefined }): AuditFilter {
  return period ? { ...filter, since: app.clock.now() - PERIOD_MS[period] } : filter;
}

/** Rows are read as fast as the browser takes them. */
function download(app: App, actor: Actor, format: ExportFormat, filter: AuditFilter): Response {
  // The export itself is recorded, and begins with the entry before it.
  const until = Math.min(filter.until ?? Infinity, app.clock.now() + 1);
  record(app, actor, { action: 'audit.export', params: { format, ...filter } });
  const pieces = exportText(format, allAudit(app, actor, { ...filter, until }));
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.next();
      if (piece.done) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece.value));
    },
    cancel: () => void pieces.return(undefined),
  });
  const day = new Date(app.clock.now()).toISOString().slice(0, 10);
  const type = format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl; charset=utf-8';
  return new Response(body, { headers: { 'content-type': type, 'content-disposition': `attachment; filename="mantou-audit-${day}.${format}"` } });
}
