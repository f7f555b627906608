import { z } from 'zod';
import { ownId } from '../core/access.ts';
import { endSessionById } from '../core/sessions/end.ts';
import { listSessions } from '../core/sessions/own.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { pageOfRows } from '../lib/page.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, means, Time } from './schemas.ts';

const Session = z
  .object({
    id: means(z.uuid(), 'sessionId'),
    method: means(z.string(), 'sessionMethod'),
    ip: z.string(),
    userAgent: z.string(),
    createdAt: Time,
    lastSeenAt: Time,
    expiresAt: Time,
    current: means(z.boolean(), 'sessionCurrent'),
  })
  .meta({ id: 'Session' });

type Row = z.output<typeof Session>;

const SORTS = { lastSeenAt: (row: Row) => row.lastSeenAt, createdAt: (row: Row) => row.createdAt, ip: (row: Row) => row.ip };

export const sessions = [
  endpoint({
    id: 'sessions.list', method: 'get', path: '/sessions', permission: 'account.write', status: 200,
    query: z.strictObject({ ...listFields(['lastSeenAt', 'createdAt', 'ip'], '-lastSeenAt'), user: means(z.uuid().optional(), 'ofUser') }),
    response: collection(Session),
    run(app, actor, { query }) {
      const rows = listSessions(app, actor, query.user ?? ownId(actor));
      return answer(pageOfRows(rows, SORTS, (row) => row.id, pageQuery(query)), query.sort);
    },
  }),
  endpoint({
    id: 'sessions.end', method: 'delete', path: '/sessions/{id}', permission: 'account.write', status: 204,
    params: z.strictObject({ id: means(z.uuid(), 'sessionId') }),
    run: (app, actor, { params }) => endSessionById(app, actor, params),
  }),
];
