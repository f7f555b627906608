import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { listContainers } from '../core/containers/containers.ts';
import { listLogFiles } from '../core/logs/files/folders.ts';
import { followLogs } from '../core/logs/follow.ts';
import { downloadLogs, entryText, readEntry, readLogs } from '../core/logs/logs.ts';
import { isFile, LogQuery, patternOf } from '../core/logs/query.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { readQuery } from '../http/list.ts';
import { NDJSON, ndjsonLines } from '../http/ndjson.ts';
import { page } from '../http/respond.tsx';
import { isSlow } from '../http/sse.ts';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import { streamOf } from '../lib/stream-of.ts';
import type { LogEntry } from '../platform/logs.ts';
import type { LogChoices, LogSources } from '../views/logs/choices.tsx';
import { LogEntryPage } from '../views/logs/entry.tsx';
import { LogsPage } from '../views/logs/page.tsx';
import { showEntry } from '../views/logs/row.tsx';

/** As `datetime-local` has it, in the time of this machine; or ms since 1970, of a link. */
const Moment = z.string().regex(/^(\d{1,15}|\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?)$/).refine((text) => Number.isFinite(momentOf(text)));
const momentOf = (text: string) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text));

const Query = LogQuery.extend({ regex: z.literal('on').optional(), since: Moment.optional(), until: Moment.optional() });
const Cursor = z.string().min(1).max(300).regex(/^[\w=;:]+$/);
const PageQuery = Query.extend({ cursor: Cursor.optional(), to: z.enum(['older', 'newer']).default('older') });
const FollowQuery = Query.extend({ after: Cursor.optional() });

type Asked = z.output<typeof Query>;

/** A minute that was named ends with its last second. */
function untilOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return momentOf(text) + (/^\d+$/.test(text) ? 0 : /:\d\d:\d\d$/.test(text) ? 999 : 59_999);
}

const queryOf = ({ since, until, regex, ...rest }: Asked): LogQuery => ({ ...rest, regex: regex === 'on', since: since === undefined ? undefined : momentOf(since), until: untilOf(until) });

/** In a form a moment stands as its field has it, to the second. */
function inField(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return text;
  const at = new Date(momentOf(text));
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

const choicesOf = ({ since, until, ...rest }: Asked): LogChoices => ({
  source: rest.source, unit: rest.unit, identifier: rest.identifier, priority: rest.priority === 'debug' ? undefined : rest.priority, boot: rest.boot, q: rest.q, regex: rest.regex,
  since: inField(since), until: inField(until),
});

/** What the machine's programs say, whatever keeps it. */
export function logs(app: App) {
  const r = new Hono<Env>();

  const sourcesOf = async (actor: ReturnType<typeof actorOf>): Promise<{ sources: LogSources; partial: boolean }> => {
    const none = () => [];
    const { logs } = app.host;
    const state = await logs.state();
    const journal = state.kind !== 'none';
    const [files, containers, units, boots] = await Promise.all([
      listLogFiles(app, actor), listContainers(app, actor, {}, 0).catch(none), journal ? logs.units().catch(none) : [], journal ? logs.boots().catch(none) : [],
    ]);
    return { partial: state.partial, sources: { journal, events: state.kind === 'eventlog', files, units, boots, containers: containers.map(({ id, name }) => ({ id, name })) } };
  };

  r.get('/logs', allow('logs.read'), async (c) => {
    const { cursor, to, ...asked } = readQuery(c, PageQuery);
    const container = /^container:([0-9a-f]{12,64})$/.exec(asked.source);
    if (container) return c.redirect(`/containers/${container[1]}/logs`, 303);
    const { t } = uiOf(c);
    const { sources, partial } = await sourcesOf(actorOf(c));
    const absent = !sources.journal && !isFile(asked.source);
    const part = absent ? null : await readLogs(app, actorOf(c), queryOf(asked), { from: cursor ?? null, to, signal: c.req.raw.signal }).catch((error: unknown) => {
      // Said in the page, where the form stands; a bug, and what nobody may see, are for the one that answers errors.
      if (error instanceof AppError && error.code !== 'denied') return { status: error.status, error: error.say(t), detail: error.detail };
      throw error;
    });
    const place = cursor === undefined ? null : { cursor, to };
    return page(c, <LogsPage ui={uiOf(c)} choices={choicesOf(asked)} sources={sources} partial={partial && !isFile(asked.source)} part={part} place={place} />, part && 'status' in part ? part.status : 200);
  });

  r.get('/logs/stream', allow('logs.read'), (c) => {
    const { after, ...asked } = readQuery(c, FollowQuery);
    const { fmt, t } = uiOf(c);
    const query = queryOf(asked);
    // Refused before it begins.
    patternOf(query);
    return c.get('streams').open(c, (stream) => {
      const stop = followLogs(app, actorOf(c), query, after ?? null, {
        entries: (entries, left) => stream.send('lines', JSON.stringify({ lines: entries.map((entry) => showEntry(fmt, app.clock.now(), entry)), left })),
        ready: () => !isSlow(stream),
        end(error) {
          if (error && !(error instanceof AppError)) app.log.warn('log not followed', { source: query.source, error: error as Error });
          stream.send('ended', JSON.stringify({ error: error instanceof AppError ? error.say(t) : null }));
          stream.end();
        },
      });
      stream.onEnd(stop);
    });
  });

  r.get('/logs/entry', allow('logs.read'), async (c) => {
    const { source, cursor } = readQuery(c, z.object({ source: LogQuery.shape.source, cursor: Cursor }));
    const whole = await readEntry(app, actorOf(c), source, cursor);
    const value = (name: string) => whole.fields.find(([field]) => field === name)?.[1];
    // Of journald in microseconds, of the event log as text.
    const at = whole.entry ? whole.entry.at : Math.floor(Number(value('__REALTIME_TIMESTAMP')) / 1000) || Date.parse(value('TimeCreated.SystemTime') ?? '') || null;
    return page(c, <LogEntryPage ui={uiOf(c)} source={source} whole={whole} at={at} unit={value('UNIT') ?? value('_SYSTEMD_UNIT') ?? null} channel={value('Channel') ?? null} />);
  });

  r.get('/logs/download', allow('logs.read'), async (c) => {
    const { as, ...asked } = readQuery(c, Query.extend({ as: z.enum(['text', 'ndjson']).default('text') }));
    const file = isFile(asked.source);
    const name = (file ? asked.source.split(/[\\/]/).at(-1)!.replace(/\.(gz|zst)$/, '') : (asked.unit ?? asked.source)).replace(/[^\w.@-]/g, '_');
    const headers = {
      'content-type': as === 'text' ? 'text/plain; charset=utf-8' : `${NDJSON}; charset=utf-8`, 'x-accel-buffering': 'no',
      'content-disposition': `attachment; filename="${name}${/\.log(\.\d+)?$/.test(name) && as === 'text' ? '' : as === 'text' ? '.log' : '.ndjson'}"`,
    };
    // Nobody would read, or end, what is read for it.
    if (c.req.method === 'HEAD') return new Response(null, { headers });
    const over = new AbortController();
    const letGo = c.get('streams').hold(c, () => over.abort());
    const signal = AbortSignal.any([c.req.raw.signal, over.signal]);
    signal.addEventListener('abort', letGo, { once: true });
    const entries = await downloadLogs(app, actorOf(c), queryOf(asked), signal).catch((error: unknown) => {
      letGo();
      throw error;
    });
    // A filter may say nothing for long; Bun closes a connection on which nothing comes for 10 s.
    c.env.server.timeout(c.req.raw, 0);
    return new Response(streamOf(encode(entries, (each) => (as === 'text' ? each.map((entry) => entryText(entry, file)).join('') : ndjsonLines(each)), letGo)), { headers });
  });

  return r;
}

async function* encode(portions: AsyncIterable<LogEntry[]>, text: (entries: LogEntry[]) => string, done: () => void): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  try {
    for await (const entries of portions) if (entries.length) yield encoder.encode(text(entries));
  } finally {
    done();
  }
}
