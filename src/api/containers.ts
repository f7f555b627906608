import { z } from 'zod';
import type { App } from '../core/app.ts';
import { ContainerId, CONTAINER_STATES } from '../core/containers/container.ts';
import { actOnContainers, CONTAINER_ACTIONS, ContainerFilter, listContainers } from '../core/containers/containers.ts';
import { getContainer, RESTART_POLICIES } from '../core/containers/detail.ts';
import { CONTAINER_SORTS, orderBy } from '../core/containers/order.ts';
import { containerPorts } from '../core/containers/ports/ports.ts';
import type { LogLine } from '../core/containers/log-lines.ts';
import { lineFilter, openLog } from '../core/containers/logs.ts';
import { CHANGE_KINDS, containerChanges, containerProcesses } from '../core/containers/looks.ts';
import { SCOPES } from '../core/exposure/port.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { NDJSON, ndjsonStream } from '../http/ndjson.ts';
import { pageOfRows } from '../lib/page.ts';
import { endpoint } from './endpoint.ts';
import { Reach } from './exposure.ts';
import { answer, Bytes, collection, MaybeTime, means, Rate, Time } from './schemas.ts';

const Id = means(ContainerId, 'containerId');
const Port = z.object({
  address: means(z.string().nullable(), 'containerPortAddress'),
  host: means(z.number().int().nullable(), 'containerPortHost'),
  container: z.number().int(),
  protocol: z.string(),
});

const fields = {
  id: Id,
  name: z.string(),
  image: z.string(),
  imageId: z.string(),
  command: means(z.string(), 'containerCommand'),
  state: z.enum(CONTAINER_STATES),
  health: z.enum(['healthy', 'unhealthy', 'starting']).nullable(),
  exitCode: means(z.number().int().nullable(), 'containerExitCode'),
  sinceMs: means(z.number().nullable(), 'containerSince'),
  createdAt: Time,
  restarts: means(z.number().int().nullable(), 'containerRestartsListed'),
  ports: z.array(Port),
  stack: means(z.string().nullable(), 'containerStack'),
  service: means(z.string().nullable(), 'containerService'),
  networks: z.array(z.string()),
};

const Container = z.object(fields).meta({ id: 'Container' });

const ContainerDetail = z
  .object({
    ...fields,
    startedAt: MaybeTime,
    finishedAt: MaybeTime,
    error: means(z.string().nullable(), 'containerError'),
    outOfMemory: z.boolean(),
    restarts: means(z.number().int(), 'containerRestarts'),
    restartPolicy: z.enum(RESTART_POLICIES),
    restartsMost: means(z.number().int(), 'containerRestartsMost'),
    checks: means(z.array(z.object({ at: Time, exitCode: z.number().int(), output: z.string() })), 'containerChecks'),
    user: z.string(),
    workingFolder: z.string(),
    hostname: z.string(),
    tty: z.boolean(),
    privileged: z.boolean(),
    hostNetwork: means(z.boolean(), 'containerHostNetwork'),
    memoryLimit: means(z.number().nullable(), 'containerMemoryLimit'),
    cpuLimit: means(z.number().nullable(), 'containerCpuLimit'),
    processesMost: z.number().int().nullable(),
    logDriver: z.string(),
    mounts: z.array(z.object({ kind: z.string(), source: means(z.string(), 'containerMountSource'), target: z.string(), writable: z.boolean() })),
    attachments: z.array(z.object({ network: z.string(), networkId: z.string(), ipv4: z.string().nullable(), ipv6: z.string().nullable(), aliases: z.array(z.string()) })),
    stackFolder: z.string().nullable(),
    stackFiles: z.string().nullable(),
    variables: means(z.array(z.object({ name: z.string(), value: z.string(), hidden: z.boolean() })).nullable(), 'containerVariables'),
  })
  .meta({ id: 'ContainerDetail' });

const Use = z.object({
  id: z.string(), at: Time, cpu: means(z.number(), 'containerCpu'), memory: Bytes, memoryLimit: Bytes, received: Rate, sent: Rate, read: Rate, written: Rate, processes: z.number().int(),
});

const PortFactRow = z
  .object({
    address: z.string(),
    host: z.number().int(),
    container: z.number().int(),
    protocol: z.string(),
    scope: means(z.enum(SCOPES), 'exposureScope'),
    by: means(z.enum(['docker', 'input', 'nobody', 'unknown']), 'portBy'),
    verdict: means(z.enum(['open', 'some', 'closed', 'unknown']), 'exposureVerdict'),
    reach: means(z.array(Reach), 'portReach'),
    firewall: means(z.enum(['ufw', 'firewalld', 'iptables', 'nftables']).nullable(), 'portFirewall'),
    chain: means(z.string().nullable(), 'portChain'),
    unknown: means(z.enum(['root', 'tools', 'failed', 'remote', 'desktop', 'many']).nullable(), 'portUnknown'),
  })
  .meta({ id: 'ContainerPort' });

const Params = z.strictObject({ id: Id });
/** Counts of restarts are asked for one by one. */
const RESTARTS_MS = 4000;
const Flag = z.enum(['true', 'false']);

/** Nobody has looked until now: the second figure of an engine comes after two seconds. */
const FIRST_MS = 4000;

export const containers = [
  endpoint({
    id: 'containers.list', method: 'get', path: '/containers', permission: 'containers.read', status: 200,
    query: z.strictObject({ ...listFields(CONTAINER_SORTS, 'name'), q: means(ContainerFilter.shape.q, 'containerFilter'), state: means(ContainerFilter.shape.state, 'containerState') }),
    response: collection(Container),
    refusals: ['unavailable'],
    example: { query: 'state=running' },
    async run(app, actor, { query }) {
      const all = await listContainers(app, actor, { q: query.q, state: query.state }, RESTARTS_MS);
      return answer(pageOfRows(all, orderBy((id) => app.containers.history(id).at(-1)), (row) => row.id, pageQuery(query)), query.sort);
    },
  }),
  endpoint({
    id: 'containers.get', method: 'get', path: '/containers/{id}', permission: 'containers.inspect', status: 200,
    params: Params, response: ContainerDetail, refusals: ['unavailable'],
    run: (app, actor, { params }) => getContainer(app, actor, params.id),
  }),
  endpoint({
    id: 'containers.act', method: 'post', path: '/containers/{id}/act', permission: 'containers.write', status: 204,
    params: Params,
    body: z.strictObject({ action: means(z.enum(CONTAINER_ACTIONS), 'containerAction') }),
    refusals: ['conflict', 'unavailable'],
    example: { body: { action: 'restart' } },
    async run(app, actor, { params, body }) {
      const [done] = await actOnContainers(app, actor, { action: body.action, ids: [params.id] });
      if (done?.error) throw done.error;
    },
  }),
  endpoint({
    id: 'containers.logs', method: 'get', path: '/containers/{id}/logs', permission: 'containers.inspect', status: 200,
    params: Params,
    query: z.strictObject({
      tail: means(z.union([z.literal('all'), z.coerce.number().int().min(0).max(10_000_000)]).default(1000), 'containerLogTail'),
      since: means(z.coerce.number().int().min(0).max(2 ** 50).optional(), 'containerLogSince'),
      until: means(z.coerce.number().int().min(0).max(2 ** 50).optional(), 'containerLogUntil'),
      stdout: Flag.default('true'),
      stderr: Flag.default('true'),
      q: means(z.string().max(200).default(''), 'containerLogFilter'),
      follow: means(Flag.default('false'), 'containerLogFollow'),
    }),
    gives: NDJSON, refusals: ['unavailable'],
    example: { query: 'tail=100&follow=true' },
    async run(app, actor, { params, query: { follow, stdout, stderr, ...query } }, c) {
      const wanted = { ...query, stdout: stdout === 'true', stderr: stderr === 'true' };
      return ndjsonStream(c, async (signal) => shown(await openLog(app, actor, params.id, wanted, { follow: follow === 'true', signal }), lineFilter(query.q)));
    },
  }),
  endpoint({
    id: 'containers.processes', method: 'get', path: '/containers/{id}/processes', permission: 'containers.inspect', status: 200,
    params: Params, refusals: ['conflict', 'unavailable'],
    response: z.object({ titles: z.array(z.string()), rows: z.array(z.array(z.string())) }).meta({ id: 'ContainerProcesses' }),
    run: (app, actor, { params }) => containerProcesses(app, actor, params.id),
  }),
  endpoint({
    id: 'containers.changes', method: 'get', path: '/containers/{id}/changes', permission: 'containers.inspect', status: 200,
    params: Params, refusals: ['unavailable'],
    response: z.object({ changes: z.array(z.object({ path: z.string(), kind: z.enum(CHANGE_KINDS) })), total: means(z.number().int(), 'containerChangesTotal') }).meta({ id: 'ContainerChanges' }),
    run: (app, actor, { params }) => containerChanges(app, actor, params.id),
  }),
  endpoint({
    id: 'containers.ports', method: 'get', path: '/containers/{id}/ports', permission: 'containers.read', status: 200,
    params: Params, refusals: ['unavailable'], response: z.object({ items: z.array(PortFactRow) }).meta({ id: 'ContainerPorts' }),
    run: async (app, actor, { params }) => ({ items: await containerPorts(app, actor, params.id) }),
  }),
  endpoint({
    id: 'containers.stats', method: 'get', path: '/containers/{id}/stats', permission: 'containers.read', status: 200,
    params: Params, refusals: ['unavailable'],
    response: z.object({ items: means(z.array(Use), 'containerUses') }).meta({ id: 'ContainerUses' }),
    async run(app, actor, { params }, c) {
      const { id, state } = await getContainer(app, actor, params.id);
      return { items: state === 'running' ? await usesOf(app, id, c.req.raw.signal) : [] };
    },
  }),
];

/** What is known; where nobody looks, what comes first. */
async function usesOf(app: App, id: string, signal: AbortSignal) {
  const off = app.containers.look();
  try {
    const until = performance.now() + FIRST_MS;
    while (app.containers.history(id).length === 0 && performance.now() < until && !signal.aborted) await Bun.sleep(50);
    return [...app.containers.history(id)];
  } finally {
    off();
  }
}

async function* shown(portions: AsyncIterable<LogLine[]>, matches: (line: LogLine) => boolean): AsyncGenerator<object[]> {
  for await (const lines of portions) yield lines.filter(matches).map(({ cut, ...line }) => (cut ? { ...line, cut } : line));
}
