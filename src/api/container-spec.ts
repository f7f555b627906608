import { z } from 'zod';
import { ContainerId } from '../core/containers/container.ts';
import { listenLocally } from '../core/containers/recreate/local-only.ts';
import { createContainer, editableContainer, editContainer } from '../core/containers/spec/create.ts';
import { ContainerInput } from '../core/containers/spec/input.ts';
import { readRunLine } from '../core/containers/spec/run-line.ts';
import { asCompose, asRunLine } from '../core/containers/spec/shown.ts';
import { engineEvents, type EngineEvent } from '../core/docker/events.ts';
import { NDJSON, ndjsonStream } from '../http/ndjson.ts';
import { AppError } from '../lib/errors.ts';
import { ContainerTask } from './container-updates.ts';
import { endpoint } from './endpoint.ts';
import { means } from './schemas.ts';

const Params = z.strictObject({ id: means(ContainerId, 'containerId') });
/** As the form has them: lists are texts of lines. */
const Body = ContainerInput.strict();
const Fields = means(z.record(z.string(), z.string()), 'containerFields');

/** What a container is made of, and what happens to all of them. */
export const containerSpec = [
  endpoint({
    id: 'containers.create', method: 'post', path: '/containers', permission: 'containers.admin', status: 202,
    body: Body, response: ContainerTask, refusals: ['conflict', 'unavailable'],
    example: { body: { name: 'web', image: 'nginx:1.27', ports: '127.0.0.1:8080:80', env: 'TZ=UTC', restart: 'unless-stopped', start: 'on' } },
    run: async (app, actor, { body }) => ({ task: await createContainer(app, actor, body) }),
  }),
  endpoint({
    id: 'containers.convert', method: 'post', path: '/container-specs/convert', permission: 'containers.admin', status: 200,
    body: z.strictObject({ line: means(z.string().max(100_000), 'containerRunLine') }),
    response: z.object({ fields: Fields, unknown: means(z.array(z.string()), 'containerUnsaid'), run: z.string().nullable(), compose: z.string().nullable() }).meta({ id: 'ContainerSpec' }),
    example: { body: { line: 'docker run -d --name web -p 8080:80 nginx:1.27' } },
    run(_app, _actor, { body }) {
      const found = readRunLine(body.line);
      if (!found) throw new AppError('invalid', (t) => t.containerForm.notRun, { field: 'line' });
      const input = ContainerInput.safeParse(found.fields).data;
      return { fields: found.fields as Record<string, string>, unknown: found.unknown, run: input ? asRunLine(input) : null, compose: input ? asCompose(input) : null };
    },
  }),
  endpoint({
    id: 'containers.spec', method: 'get', path: '/containers/{id}/spec', permission: 'containers.admin', status: 200,
    params: Params, response: z.object({ id: z.string(), name: z.string(), fields: Fields, unsaid: means(z.array(z.string()), 'containerUnsaid') }).meta({ id: 'ContainerFields' }),
    refusals: ['unavailable'],
    async run(app, actor, { params }) {
      const { id, name, fields, unsaid } = await editableContainer(app, actor, params.id);
      return { id, name, fields, unsaid };
    },
  }),
  endpoint({
    id: 'containers.edit', method: 'put', path: '/containers/{id}', permission: 'containers.admin', status: 202,
    params: Params, body: Body, response: ContainerTask, refusals: ['conflict', 'unavailable', 'unsupported'],
    example: { body: { name: 'web', image: 'nginx:1.27', memory: '512m', start: 'on' } },
    run: async (app, actor, { params, body }) => ({ task: await editContainer(app, actor, params.id, body) }),
  }),
  endpoint({
    id: 'containers.localOnly', method: 'post', path: '/containers/{id}/local-only', permission: 'containers.admin', status: 202,
    params: Params, response: ContainerTask, refusals: ['conflict', 'unavailable', 'unsupported'],
    run: async (app, actor, { params }) => ({ task: await listenLocally(app, actor, params.id) }),
  }),
  endpoint({
    id: 'containers.events', method: 'get', path: '/container-events', permission: 'containers.read', status: 200,
    gives: NDJSON, refusals: ['unavailable'],
    run: (app, actor, _input, c) => ndjsonStream(c, async (signal) => each(await engineEvents(app, actor, signal))),
  }),
];

async function* each(events: AsyncIterable<EngineEvent>): AsyncGenerator<EngineEvent[]> {
  for await (const event of events) yield [event];
}
