import { z } from 'zod';
import { AUDIT_FILTER, AUDIT_SORTS, getAudit, listAudit } from '../core/audit/list.ts';
import { RESULTS } from '../db/schema/audit.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, means, Time } from './schemas.ts';

const AuditEntry = z
  .object({
    id: means(z.number().int(), 'auditId'),
    at: Time,
    actor: z.string(),
    userId: means(z.string().nullable(), 'userId'),
    ip: z.string(),
    action: means(z.string(), 'auditAction'),
    target: z.string(),
    result: z.enum(RESULTS),
    params: z.record(z.string(), z.unknown()),
    commands: means(z.array(z.string()), 'auditCommands'),
  })
  .meta({ id: 'AuditEntry' });

export const audit = [
  endpoint({
    id: 'audit.list', method: 'get', path: '/audit', permission: 'audit.read', status: 200,
    query: z.strictObject({ ...listFields(AUDIT_SORTS, '-at'), ...AUDIT_FILTER }),
    response: collection(AuditEntry),
    example: { query: 'group=sign_in&result=refused' },
    run(app, actor, { query }) {
      const { limit: _, cursor: __, sort, ...filter } = query;
      return answer(listAudit(app, actor, pageQuery(query), filter), sort);
    },
  }),
  endpoint({
    id: 'audit.get', method: 'get', path: '/audit/{id}', permission: 'audit.read', status: 200,
    params: z.strictObject({ id: means(z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER), 'auditId') }),
    response: AuditEntry,
    run: (app, actor, { params }) => getAudit(app, actor, params.id),
  }),
];
