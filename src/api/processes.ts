import { z } from 'zod';
import { PriorityInput, ProcessKeyInput, setPriority, SignalInput, signalProcess } from '../core/processes/change.ts';
import { readProcess } from '../core/processes/one.ts';
import { listProcesses, PROCESS_FIELDS } from '../core/processes/processes.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, means, Rate, Time } from './schemas.ts';

const Process = z
  .object({
    pid: z.number().int(),
    parent: z.number().int(),
    name: z.string(),
    command: z.string(),
    user: z.string(),
    state: z.string(),
    threads: z.number().int(),
    cpu: means(z.number(), 'processCpu'),
    memory: means(z.number(), 'processMemory'),
    startedAt: Time,
    nice: means(z.number().int().nullable(), 'processNice'),
    service: means(z.string().nullable(), 'processService'),
    container: means(z.string().nullable(), 'processContainer'),
    read: Rate.nullable(),
    written: Rate.nullable(),
    received: means(Rate.nullable(), 'processTraffic'),
    sent: means(Rate.nullable(), 'processTraffic'),
  })
  .meta({ id: 'Process' });

const Socket = z.object({
  protocol: z.enum(['tcp', 'udp']), address: z.string(), port: z.number().int(), state: z.string(),
  remote: z.object({ address: z.string(), port: z.number().int() }).nullable(),
  received: means(z.number().nullable(), 'socketCarried'), sent: means(z.number().nullable(), 'socketCarried'),
});

const ProcessWhole = z
  .object({
    process: Process,
    guard: means(z.enum(['first', 'kernel', 'panel', 'system']).nullable(), 'processGuard'),
    executable: z.string().nullable(),
    folder: z.string().nullable(),
    disk: z.object({ read: z.number(), written: z.number() }).nullable(),
    files: means(z.object({ total: z.number().int(), limit: z.number().nullable(), shown: z.array(z.object({ fd: z.number().int(), kind: z.string(), target: z.string() })) }).nullable(), 'processFiles'),
    sockets: z.array(Socket).nullable(),
    environment: means(z.array(z.object({ name: z.string(), value: z.string(), hidden: z.boolean() })).nullable(), 'processEnvironment'),
    children: z.array(z.number().int()),
  })
  .meta({ id: 'ProcessDetails' });

const Params = z.strictObject({ pid: ProcessKeyInput.shape.pid, startedAt: means(ProcessKeyInput.shape.startedAt, 'processStartedAt') });

export const processes = [
  endpoint({
    id: 'processes.list', method: 'get', path: '/processes', permission: 'processes.read', status: 200,
    query: z.strictObject({ ...listFields(PROCESS_FIELDS, '-cpu'), q: means(z.string().max(200).optional(), 'processFilter') }),
    response: collection(Process),
    example: { query: 'sort=-memory&limit=5' },
    async run(app, _actor, { query }) {
      return answer(await listProcesses(app, { ...pageQuery(query), q: query.q }), query.sort);
    },
  }),
  endpoint({
    id: 'processes.get', method: 'get', path: '/processes/{pid}/{startedAt}', permission: 'processes.read', status: 200,
    params: Params, response: ProcessWhole,
    async run(app, actor, { params }) {
      const { row, variables, children, guard, executable, folder, disk, files, sockets } = await readProcess(app, actor, params);
      return { process: row, guard, executable, folder, disk, files, sockets, environment: variables, children: children.map(({ pid }) => pid) };
    },
  }),
  endpoint({
    id: 'processes.signal', method: 'post', path: '/processes/{pid}/{startedAt}/signal', permission: 'processes.write', status: 200,
    params: Params, body: SignalInput.extend({ tree: means(SignalInput.shape.tree, 'processTree'), confirm: means(SignalInput.shape.confirm, 'processConfirm') }),
    response: z.object({ sent: z.number().int(), left: means(z.array(z.number().int()), 'processLeft') }).meta({ id: 'SignalResult' }),
    refusals: ['unsupported'],
    example: { body: { signal: 'TERM' } },
    async run(app, actor, { params, body }) {
      const { sent, left } = await signalProcess(app, actor, params, body);
      return { sent, left: left.map(({ pid }) => pid) };
    },
  }),
  endpoint({
    id: 'processes.priority', method: 'post', path: '/processes/{pid}/{startedAt}/priority', permission: 'processes.write', status: 204,
    params: Params, body: PriorityInput.extend({ nice: means(PriorityInput.shape.nice, 'processNice') }), refusals: ['unsupported'],
    example: { body: { nice: 10 } },
    run: (app, actor, { params, body }) => setPriority(app, actor, params, body),
  }),
];
