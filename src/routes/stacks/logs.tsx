import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { LineTime, LOG_SHOWN, LOG_TAILS, type LogQuery } from '../../core/containers/logs.ts';
import { followStackLog, readStackLog } from '../../core/stacks/logs.ts';
import { ServiceName } from '../../core/stacks/stack.ts';
import { getStack } from '../../core/stacks/stacks.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { isSlow } from '../../http/sse.ts';
import { uiOf } from '../../http/ui.ts';
import { showStackLine, StackLogsPage } from '../../views/stacks/logs.tsx';

const Choices = z.object({ tail: z.enum(LOG_TAILS).default('1000'), q: z.string().max(200).default(''), service: ServiceName.optional() });
const FollowQuery = Choices.extend({ after: LineTime.optional() });

const queryOf = ({ tail, q }: z.output<typeof Choices>): LogQuery => ({ tail: tail === 'all' ? 'all' : Number(tail), q, stdout: true, stderr: true });
const servicesOf = ({ service }: z.output<typeof Choices>) => (service === undefined ? [] : [service]);

/** What all services of a stack say, as one. */
export function stackLogs(app: App) {
  const r = new Hono<Env>();

  r.get('/stacks/:name/logs', allow('containers.inspect'), async (c) => {
    const choices = readQuery(c, Choices);
    const stack = await getStack(app, actorOf(c), c.req.param('name'));
    const part = await readStackLog(app, actorOf(c), stack.name, queryOf(choices), servicesOf(choices));
    return page(c, <StackLogsPage ui={uiOf(c)} stack={stack} choices={choices} part={part} />);
  });

  r.get('/stacks/:name/logs/stream', allow('containers.inspect'), async (c) => {
    const { after, ...choices } = readQuery(c, FollowQuery);
    const stack = await getStack(app, actorOf(c), c.req.param('name'));
    const { fmt } = uiOf(c);
    return c.get('streams').open(c, (stream) => {
      const query = { ...queryOf(choices), ...(after ? { after, tail: 'all' as const } : { tail: LOG_SHOWN }) };
      stream.onEnd(followStackLog(app, actorOf(c), stack.name, query, servicesOf(choices), {
        lines: (lines, left) => stream.send('lines', JSON.stringify({ lines: lines.map((line) => showStackLine(fmt, stack, line)), left })),
        ready: () => !isSlow(stream),
      }));
    });
  });

  return r;
}
