import { z } from 'zod';
import { listLogFiles } from '../core/logs/files/folders.ts';
import { followedLogs } from '../core/logs/follow.ts';
import { downloadLogs, LOG_PAGE, readEntry, readLogs } from '../core/logs/logs.ts';
import { LogQuery } from '../core/logs/query.ts';
import { LIMIT_MAX } from '../http/list.ts';
import { NDJSON, ndjsonStream } from '../http/ndjson.ts';
import { endpoint } from './endpoint.ts';
import { Bytes, means, Time } from './schemas.ts';

const Entry = z
  .object({
    at: means(z.number().nullable(), 'logAt'),
    priority: means(z.number().int().nullable(), 'logLevel'),
    unit: z.string().nullable(),
    identifier: z.string().nullable(),
    pid: z.number().int().nullable(),
    message: z.string(),
    cut: means(z.boolean(), 'logCut'),
    cursor: z.string(),
  })
  .meta({ id: 'LogEntry' });

const Flag = z.enum(['true', 'false']);
const Cursor = z.string().min(1).max(300);
const { shape } = LogQuery;
const asked = {
  source: means(shape.source, 'logSource'),
  unit: means(shape.unit, 'logUnit'),
  identifier: means(shape.identifier, 'logIdentifier'),
  priority: means(shape.priority, 'logPriority'),
  boot: means(shape.boot, 'logBoot'),
  q: means(shape.q, 'logQ'),
  regex: means(Flag.default('false'), 'logRegex'),
};
const Moment = z.coerce.number().int().min(0).max(8.64e15).optional();
const moments = { since: means(Moment, 'logSince'), until: means(Moment, 'logUntil') };

const isTrue = <T extends { regex: 'true' | 'false' }>({ regex, ...rest }: T) => ({ ...rest, regex: regex === 'true' });

export const logs = [
  endpoint({
    id: 'logs.sources', method: 'get', path: '/logs/sources', permission: 'logs.read', status: 200,
    response: z
      .object({
        journal: z.enum(['journald', 'eventlog', 'none']),
        partial: means(z.boolean(), 'logPartial'),
        files: z.array(z.object({ path: z.string(), size: means(Bytes, 'logSize'), modified: Time })),
        units: z.array(z.string()),
        boots: z.array(z.object({ id: z.string(), from: Time, to: Time })),
      })
      .meta({ id: 'LogSources' }),
    async run(app, actor) {
      const { logs } = app.host;
      const { kind, partial } = await logs.state();
      const [files, units, boots] = await Promise.all([listLogFiles(app, actor), kind === 'none' ? [] : logs.units(), kind === 'none' ? [] : logs.boots()]);
      return { journal: kind, partial, files: files.map(({ path, size, modified }) => ({ path, size, modified })), units, boots };
    },
  }),
  endpoint({
    id: 'logs.list', method: 'get', path: '/logs/entries', permission: 'logs.read', status: 200,
    query: z.strictObject({
      ...asked, ...moments, limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LOG_PAGE),
      cursor: means(Cursor.optional(), 'logCursor'), to: means(z.enum(['older', 'newer']).default('older'), 'logTo'),
    }),
    response: z.object({ items: z.array(Entry), more: means(z.boolean(), 'logMore'), late: means(z.boolean(), 'logLate') }).meta({ id: 'LogPage' }),
    refusals: ['not_found', 'unsupported', 'unavailable'],
    example: { query: 'unit=nginx.service&priority=warning' },
    async run(app, actor, { query: { limit, cursor, to, ...query } }, c) {
      const { entries, more, late } = await readLogs(app, actor, isTrue(query), { from: cursor ?? null, to: cursor ? to : 'older', limit, signal: c.req.raw.signal });
      return { items: entries, more, late };
    },
  }),
  endpoint({
    id: 'logs.get', method: 'get', path: '/logs/entry', permission: 'logs.read', status: 200,
    query: z.strictObject({ source: asked.source, cursor: Cursor }),
    response: z.object({ fields: z.array(z.object({ name: z.string(), value: z.string() })) }).meta({ id: 'LogFields' }),
    refusals: ['not_found', 'unsupported', 'unavailable'],
    async run(app, actor, { query: { source, cursor } }) {
      const { fields } = await readEntry(app, actor, source, cursor);
      return { fields: fields.map(([name, value]) => ({ name, value })) };
    },
  }),
  endpoint({
    id: 'logs.follow', method: 'get', path: '/logs/follow', permission: 'logs.read', status: 200,
    query: z.strictObject({ ...asked, cursor: means(Cursor.optional(), 'logCursor') }),
    gives: NDJSON, refusals: ['not_found', 'unsupported', 'unavailable'],
    example: { query: 'unit=nginx.service' },
    // A line that is no entry counts those that were left out: `{"left":120}`.
    run: (app, actor, { query: { cursor, ...query } }, c) => ndjsonStream(c, (signal) => followedLogs(app, actor, isTrue(query), cursor ?? null, signal)),
  }),
  endpoint({
    id: 'logs.download', method: 'get', path: '/logs/download', permission: 'logs.read', status: 200,
    query: z.strictObject({ ...asked, ...moments }),
    gives: NDJSON, refusals: ['not_found', 'unsupported', 'unavailable'],
    example: { query: 'source=/var/log/auth.log' },
    run: (app, actor, { query }, c) => ndjsonStream(c, (signal) => downloadLogs(app, actor, isTrue(query), signal)),
  }),
];
