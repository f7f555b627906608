import { z } from 'zod';
import { ContainerId } from '../core/containers/container.ts';
import { actOnStack, removeStack, ScaleStack, scaleStack, STACK_ACTIONS } from '../core/stacks/act.ts';
import { changeOf, createStack, NewStack, readStackTexts, saveStack, tryChange } from '../core/stacks/change.ts';
import { deployStack } from '../core/stacks/deploy.ts';
import { expectedServices } from '../core/stacks/rendered.ts';
import { StackName, type Stack as StackNow } from '../core/stacks/stack.ts';
import { getStack, listStacks } from '../core/stacks/stacks.ts';
import { TEXT_MOST } from '../core/stacks/sizes.ts';
import { StackFault } from '../core/stacks/validate.ts';
import { WAIT } from '../core/stacks/wait.ts';
import { getTask } from '../core/tasks/tasks.ts';
import type { Actor, App } from '../core/app.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { pageOfRows } from '../lib/page.ts';
import { hashOf } from '../lib/text-hash.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, means } from './schemas.ts';
import { showTask, Task } from './tasks.ts';

const Name = means(StackName, 'stackName');
const Params = z.strictObject({ name: Name });

const Stack = z
  .object({
    name: Name,
    own: means(z.boolean(), 'stackOwn'),
    folder: means(z.string().nullable(), 'stackFolder'),
    files: means(z.array(z.string()), 'stackFiles'),
    env: means(z.array(z.string()), 'stackEnvFiles'),
    gone: means(z.array(z.string()), 'stackGone'),
    services: z.array(z.string()),
    state: means(z.enum(['running', 'partial', 'stopped', 'down']), 'stackState'),
    health: means(z.enum(['healthy', 'unhealthy', 'starting']).nullable(), 'stackHealth'),
    running: means(z.number().int(), 'stackRunning'),
    containers: z.array(z.object({ id: means(ContainerId, 'stackContainer'), name: z.string(), service: z.string().nullable(), image: z.string(), state: z.string() })),
  })
  .meta({ id: 'Stack' });

const Text = means(z.string().max(TEXT_MOST).nullable(), 'stackText');
const Files = means(z.array(z.strictObject({ path: means(z.string().max(4096), 'stackPath'), text: Text, hash: means(z.string().regex(/^([0-9a-f]{64})?$/).optional(), 'stackHash') })).max(32), 'stackChange');
const Wait = means(z.number().int().min(WAIT.least).max(WAIT.most).default(WAIT.usual), 'stackWait');
const EXAMPLE = { files: [{ path: '/srv/shop/compose.yml', text: 'services:\n  web:\n    image: nginx:1.29\n' }] };

const show = ({ containers, ...stack }: StackNow) => ({ ...stack, containers: containers.map(({ id, name, service, image, state }) => ({ id, name, service, image, state })) });

/** The task that was started, for who may see it. */
const started = (app: App, actor: Actor, id: string) => showTask(actor, getTask(app, actor, id));

export const stacks = [
  endpoint({
    id: 'stacks.list', method: 'get', path: '/stacks', permission: 'stacks.read', status: 200,
    query: z.strictObject(listFields(['name'], 'name')),
    response: collection(Stack),
    refusals: ['unavailable'],
    async run(app, actor, { query }) {
      const page = pageOfRows(await listStacks(app, actor), { name: (stack) => stack.name }, (stack) => stack.name, pageQuery(query));
      return answer({ ...page, items: page.items.map(show) }, query.sort);
    },
  }),
  endpoint({
    id: 'stacks.create', method: 'post', path: '/stacks', permission: 'stacks.admin', status: 201,
    body: z.strictObject({ name: Name, compose: means(NewStack.shape.compose, 'stackCompose'), env: means(NewStack.shape.env, 'stackEnv') }),
    response: Stack,
    refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { name: 'shop', compose: EXAMPLE.files[0]!.text } },
    async run(app, actor, { body }) {
      await createStack(app, actor, body);
      return show(await getStack(app, actor, body.name));
    },
  }),
  endpoint({
    id: 'stacks.get', method: 'get', path: '/stacks/{name}', permission: 'stacks.read', status: 200,
    params: Params, response: Stack, refusals: ['unavailable'],
    run: async (app, actor, { params }) => show(await getStack(app, actor, params.name)),
  }),
  endpoint({
    id: 'stacks.remove', method: 'delete', path: '/stacks/{name}', permission: 'stacks.admin', status: 202,
    params: Params,
    query: z.strictObject({ volumes: means(z.enum(['true', 'false']).default('false'), 'stackVolumes') }),
    response: Task,
    refusals: ['conflict', 'unsupported', 'unavailable'],
    run: async (app, actor, { params, query }) => started(app, actor, await removeStack(app, actor, params.name, { volumes: query.volumes === 'true' })),
  }),
  endpoint({
    id: 'stacks.files', method: 'get', path: '/stacks/{name}/files', permission: 'stacks.admin', status: 200,
    params: Params,
    response: z.object({ files: z.array(z.object({ path: means(z.string(), 'stackPath'), text: Text, hash: means(z.string(), 'stackHash') })) }).meta({ id: 'StackFiles' }),
    refusals: ['unavailable'],
    async run(app, actor, { params }) {
      const texts = await readStackTexts(app, actor, params.name);
      return { files: texts.map((one) => ({ ...one, hash: hashOf(one.text) })) };
    },
  }),
  endpoint({
    id: 'stacks.change', method: 'put', path: '/stacks/{name}/files', permission: 'stacks.admin', status: 204,
    params: Params, body: z.strictObject({ files: Files }),
    refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: EXAMPLE },
    run: async (app, actor, { params, body }) => saveStack(app, actor, params.name, await changeOf(app, actor, params.name, body.files)),
  }),
  endpoint({
    id: 'stacks.validate', method: 'post', path: '/stacks/{name}/validate', permission: 'stacks.admin', status: 200,
    params: Params, body: z.strictObject({ files: Files }),
    response: z
      .object({
        valid: means(z.boolean(), 'stackValid'),
        services: means(z.array(z.string()), 'stackServices'),
        warnings: means(z.array(z.string()), 'stackWarnings'),
        fault: means(z.object({ message: z.string(), file: z.string().nullable(), line: means(z.number().int().nullable(), 'stackLine') }).nullable(), 'stackFault'),
      })
      .meta({ id: 'StackValidity' }),
    refusals: ['unsupported', 'unavailable'],
    example: { body: EXAMPLE },
    async run(app, actor, { params, body }) {
      const { texts } = await changeOf(app, actor, params.name, body.files);
      try {
        const { rendered, warnings } = await tryChange(app, actor, params.name, texts);
        return { valid: true, services: expectedServices(rendered), warnings, fault: null };
      } catch (error) {
        if (!(error instanceof StackFault)) throw error;
        return { valid: false, services: [], warnings: [], fault: error.fault };
      }
    },
  }),
  endpoint({
    id: 'stacks.deploy', method: 'post', path: '/stacks/{name}/deploy', permission: 'stacks.admin', status: 202,
    params: Params, body: z.strictObject({ files: Files.optional(), wait: Wait }),
    response: Task,
    refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { wait: 120 } },
    async run(app, actor, { params: { name }, body }) {
      const change = body.files ? await changeOf(app, actor, name, body.files) : null;
      return started(app, actor, await deployStack(app, actor, name, change, body.wait));
    },
  }),
  endpoint({
    id: 'stacks.act', method: 'post', path: '/stacks/{name}/act', permission: 'stacks.write', status: 202,
    params: Params, body: z.strictObject({ action: means(z.enum(STACK_ACTIONS), 'stackAction') }),
    response: Task,
    refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { action: 'restart' } },
    run: async (app, actor, { params, body }) => started(app, actor, await actOnStack(app, actor, params.name, body.action)),
  }),
  endpoint({
    id: 'stacks.scale', method: 'post', path: '/stacks/{name}/scale', permission: 'stacks.write', status: 202,
    params: Params,
    body: z.strictObject({ service: means(ScaleStack.shape.service, 'stackService'), count: means(z.number().int().min(0).max(100), 'stackCount') }),
    response: Task,
    refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { service: 'web', count: 2 } },
    run: async (app, actor, { params, body }) => started(app, actor, await scaleStack(app, actor, params.name, body)),
  }),
];
