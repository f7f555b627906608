import { z } from 'zod';
import { ENDPOINT_KINDS } from '../db/schema/docker-endpoints.ts';
import type { Actor, App } from '../core/app.ts';
import { aboutEngine, diskOf } from '../core/docker/about.ts';
import { addEndpoint, changeEndpoint, getEndpoint, listEndpoints, removeEndpoint, type Endpoint } from '../core/docker/endpoints/endpoints.ts';
import { EndpointInput } from '../core/docker/endpoints/input.ts';
import { testEndpoint, useEndpoint } from '../core/docker/endpoints/use.ts';
import { readEngine, type EngineState } from '../core/docker/engine.ts';
import { endpoint } from './endpoint.ts';
import { Bytes, MaybeTime, means } from './schemas.ts';

const WHY = ['absent', 'refused', 'untrusted', 'silent', 'broken', 'old'] as const;
const state = {
  up: means(z.boolean(), 'engineUp'),
  url: means(z.string(), 'endpointUrl'),
  version: z.string().nullable(),
  why: means(z.enum(WHY).nullable(), 'engineWhy'),
  detail: means(z.string().nullable(), 'engineDetail'),
};

const stateOf = (found: EngineState) =>
  found.up
    ? { up: true, url: found.endpoint, version: found.facts.version, why: null, detail: null }
    : { up: false, url: found.endpoint, version: null, why: found.why, detail: found.detail };

const About = z.object({
  version: z.string(), host: z.string(), os: z.string(), kernel: z.string(), architecture: z.string(), storage: z.string(), logging: z.string(), cgroups: z.string(),
  runtime: z.string(), root: z.string(), liveRestore: z.boolean(), security: z.array(z.string()), mirrors: z.array(z.string()),
  containers: z.object({ running: z.number(), paused: z.number(), stopped: z.number() }), images: z.number(), warnings: z.array(z.string()),
});
const DiskRow = z.object({ kind: z.enum(['images', 'containers', 'volumes', 'cache']), count: z.number(), size: Bytes, reclaimable: Bytes });
const Engine = z.object({ endpoint: means(z.string(), 'endpointId'), ...state, about: About.nullable(), disk: means(z.array(DiskRow).nullable(), 'engineDiskRows') }).meta({ id: 'ContainerEngine' });

const Saved = z
  .object({
    id: means(z.string(), 'endpointId'),
    name: z.string(),
    kind: means(z.enum(['here', ...ENDPOINT_KINDS]), 'endpointKind'),
    url: means(z.string(), 'endpointUrl'),
    chosen: means(z.boolean(), 'endpointChosen'),
    sshHostId: means(z.string().nullable(), 'endpointSshHost'),
    has: means(z.object({ ca: z.boolean(), certificate: z.boolean(), key: z.boolean() }), 'endpointHas'),
    certificateEnds: means(MaybeTime, 'endpointCertificateEnds'),
    pinned: means(z.boolean(), 'endpointPinned'),
  })
  .meta({ id: 'SavedEngine' });

const here = (app: App): z.output<typeof Saved> => ({
  id: 'here', name: '', kind: 'here', url: app.engines.driver(null).endpoint(), chosen: app.engines.chosen() === null, sshHostId: null,
  has: { ca: false, certificate: false, key: false }, certificateEnds: null, pinned: true,
});
const saved = ({ id, name, kind, url, chosen, sshHostId, has, certificateEnds, pinned }: Endpoint): z.output<typeof Saved> => ({ id, name, kind, url, chosen, sshHostId, has, certificateEnds, pinned });

const Own = z.strictObject({ id: means(z.uuid(), 'endpointId') });
const Any = z.strictObject({ id: means(z.uuid().or(z.literal('here')), 'endpointId') });
const idOf = ({ id }: z.output<typeof Any>) => (id === 'here' ? null : id);
const { shape } = EndpointInput;
const Body = EndpointInput.safeExtend({
  kind: means(shape.kind, 'endpointKind'), socket: means(shape.socket, 'endpointSocket'), address: means(shape.address, 'endpointAddress'), port: means(shape.port, 'endpointPort'),
  ca: means(shape.ca, 'endpointCa'), certificate: means(shape.certificate, 'endpointCertificate'), key: means(shape.key, 'endpointKey'), sshHost: means(shape.sshHost, 'endpointSshHost'),
});
const Found = z.object({ ...state, keyOf: means(z.string().nullable(), 'endpointKeyOf') });

async function engine(app: App, actor: Actor, measure: boolean) {
  const found = await readEngine(app);
  const [about, disk] = found.up ? await Promise.all([aboutEngine(app, actor), measure ? diskOf(app, actor) : null]) : [null, null];
  return { endpoint: app.engines.chosen() ?? 'here', ...stateOf(found), about, disk };
}

export const docker = [
  endpoint({
    id: 'docker.get', method: 'get', path: '/docker', permission: 'containers.read', status: 200,
    query: z.strictObject({ disk: means(z.enum(['true', 'false']).default('false'), 'engineDisk') }),
    response: Engine, refusals: ['unavailable'],
    run(app, actor, { query }, c) {
      // A large disk takes longer to walk through than Bun lets a quiet connection be.
      if (query.disk === 'true') c.env.server.timeout(c.req.raw, 0);
      return engine(app, actor, query.disk === 'true');
    },
  }),
  endpoint({
    id: 'dockerEndpoints.list', method: 'get', path: '/docker/endpoints', permission: 'containers.read', status: 200,
    response: z.object({ items: z.array(Saved) }),
    run: (app, actor) => ({ items: [here(app), ...listEndpoints(app, actor).map(saved)] }),
  }),
  endpoint({
    id: 'dockerEndpoints.create', method: 'post', path: '/docker/endpoints', permission: 'containers.admin', status: 201,
    body: Body, response: Saved, refusals: ['conflict', 'not_found'],
    example: { body: { name: 'prod-2', kind: 'ssh', sshHost: '01976f2e-7b1c-7c44-9c0e-3f6f3a1d2b10' } },
    run: (app, actor, { body }) => saved(getEndpoint(app, actor, addEndpoint(app, actor, body))),
  }),
  endpoint({
    id: 'dockerEndpoints.get', method: 'get', path: '/docker/endpoints/{id}', permission: 'containers.read', status: 200,
    params: Any, response: Saved,
    run: (app, actor, { params }) => (idOf(params) === null ? here(app) : saved(getEndpoint(app, actor, params.id))),
  }),
  endpoint({
    id: 'dockerEndpoints.change', method: 'put', path: '/docker/endpoints/{id}', permission: 'containers.admin', status: 200,
    params: Own, body: Body, response: Saved, refusals: ['conflict'],
    example: { body: { name: 'prod-2', kind: 'tls', address: '10.0.0.5', port: 2376 } },
    run(app, actor, { params, body }) {
      changeEndpoint(app, actor, params.id, body);
      return saved(getEndpoint(app, actor, params.id));
    },
  }),
  endpoint({
    id: 'dockerEndpoints.remove', method: 'delete', path: '/docker/endpoints/{id}', permission: 'containers.admin', status: 204,
    params: Own, refusals: ['conflict'],
    run: (app, actor, { params }) => removeEndpoint(app, actor, params.id),
  }),
  endpoint({
    id: 'dockerEndpoints.test', method: 'post', path: '/docker/endpoints/{id}/test', permission: 'containers.admin', status: 200,
    params: Any, response: Found,
    async run(app, actor, { params }) {
      const { state: found, keyOf } = await testEndpoint(app, actor, idOf(params));
      return { ...stateOf(found), keyOf };
    },
  }),
  endpoint({
    id: 'dockerEndpoints.use', method: 'post', path: '/docker/endpoints/{id}/use', permission: 'containers.admin', status: 204,
    params: Any, refusals: ['conflict', 'unavailable'],
    run: (app, actor, { params }) => useEndpoint(app, actor, idOf(params)),
  }),
];
