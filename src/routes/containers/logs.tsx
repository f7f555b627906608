import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { getContainer } from '../../core/containers/detail.ts';
import { followLog } from '../../core/containers/log-follow.ts';
import { LineTime, LOG_SHOWN, LOG_TAILS, logText, readLog, type LogQuery } from '../../core/containers/logs.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { isSlow } from '../../http/sse.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { streamOf } from '../../lib/stream-of.ts';
import { showLine } from '../../views/containers/log-line.tsx';
import { ContainerLogsPage } from '../../views/containers/logs.tsx';
import { orAway, said } from './away.tsx';
import { idOf } from './one.tsx';

/** As `datetime-local` has it: in the time of this machine, as all times of the panel. */
const Moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/).refine((text) => Number.isFinite(Date.parse(text)));

const Choices = z.object({
  tail: z.enum(LOG_TAILS).default('1000'),
  stream: z.enum(['both', 'stdout', 'stderr']).default('both'),
  q: z.string().max(200).default(''),
  since: Moment.optional(),
  until: Moment.optional(),
  plain: z.literal('on').optional(),
});

const FollowQuery = Choices.extend({ after: LineTime.optional() });

function queryOf({ tail, stream, q, since, until }: z.output<typeof Choices>): LogQuery {
  return {
    tail: tail === 'all' ? 'all' : Number(tail), q, stdout: stream !== 'stderr', stderr: stream !== 'stdout',
    since: since === undefined ? undefined : Date.parse(since), until: until === undefined ? undefined : Date.parse(until),
  };
}

/** What a container says: the page, what it goes on with, and the whole as a file. */
export function containerLogs(app: App) {
  const r = new Hono<Env>();

  r.get('/containers/:id/logs', allow('containers.inspect'), (c) =>
    orAway(app, c, async () => {
      const choices = readQuery(c, Choices);
      const one = await getContainer(app, actorOf(c), idOf(c));
      const part = await readLog(app, actorOf(c), one.id, queryOf(choices)).catch((error: unknown) => said(app, c, error));
      return page(c, <ContainerLogsPage ui={uiOf(c)} one={one} choices={choices} part={part} />);
    }),
  );

  r.get('/containers/:id/logs/stream', allow('containers.inspect'), (c) => {
    const { after, ...choices } = readQuery(c, FollowQuery);
    const id = idOf(c);
    const { fmt, t } = uiOf(c);
    return c.get('streams').open(c, (stream) => {
      const stop = followLog(app, actorOf(c), id, { ...queryOf(choices), ...(after ? { after, tail: 'all' } : { tail: LOG_SHOWN }) }, {
        lines: (lines, left, least) => stream.send('lines', JSON.stringify({ lines: lines.map((line) => showLine(fmt, line)), left, ...(least ? { least } : {}) })),
        ready: () => !isSlow(stream),
        end(error) {
          if (error && !(error instanceof AppError)) app.log.warn('log not followed', { id, error: error as Error });
          stream.send('ended', JSON.stringify({ error: error instanceof AppError ? error.say(t) : null }));
          stream.end();
        },
      });
      stream.onEnd(stop);
    });
  });

  r.get('/containers/:id/logs/download', allow('containers.inspect'), async (c) => {
    const choices = readQuery(c, Choices);
    const { id, name } = await getContainer(app, actorOf(c), idOf(c));
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-disposition': `attachment; filename="${name}.log"`, 'x-accel-buffering': 'no' };
    // Nobody would read, or end, what the engine sends for it.
    if (c.req.method === 'HEAD') return new Response(null, { headers });
    const text = await logText(app, actorOf(c), id, { ...queryOf(choices), tail: 'all' }, { times: choices.plain !== 'on', signal: c.req.raw.signal });
    // A filter may say nothing for long; Bun closes a connection on which nothing comes for 10 s.
    c.env.server.timeout(c.req.raw, 0);
    return new Response(streamOf(text), { headers });
  });

  return r;
}
